"""Sites with menus: content, menus made of short lines, and what visitors see of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bs4 import BeautifulSoup, Tag
from litestar import Litestar

from core.content import TermData, change_status, create_post, create_term
from core.contract.content import PostData
from core.contract.views import PostView, TermView
from core.db import tenant_read
from core.ids import new_id
from core.sites import disable_plugin, enable_plugin, switch_theme
from plugins.navigation.operations import create_menu, save_menu
from plugins.navigation.store import all_menus, items_of, menu_by_id
from plugins.navigation.views import Item, MenuView
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered

__all__ = ["World", "navigating", "shape"]


class World:
    """An application whose sites have menus."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.people = People(app)
        self._author: dict[str, Any] = {}

    def browser(self, site: str = "alfa") -> Browser:
        """Open a visitor's browser."""
        return Browser(self.app, site)

    async def switch(self, site: str = "alfa", *, on: bool) -> None:
        """Turn the plugin on or off."""
        with entered(self.app, site):
            async with tenant_read():
                await (enable_plugin if on else disable_plugin)("navigation")

    async def theme(self, name: str, site: str = "alfa") -> None:
        """Give a site another theme."""
        with entered(self.app, site):
            async with tenant_read():
                await switch_theme(name)

    async def page(
        self,
        title: str,
        site: str = "alfa",
        *,
        status: Any = "publish",
        parent: PostView | None = None,
        **data: Any,
    ) -> PostView:
        """Make a page."""
        if site not in self._author:
            self._author[site] = await self.people.make(site, "editor")
        with entered(self.app, site):
            async with tenant_read():
                given = PostData(
                    **{
                        "type": "page",
                        "title": title,
                        "content": f"<p>{title}.</p>",
                        "author_id": self._author[site].id,
                        "parent_id": parent.id if parent else None,
                        **data,
                    }
                )
                made = await create_post(given)
                return await change_status(made.id, status) if status != "draft" else made

    async def category(self, name: str, site: str = "alfa") -> TermView:
        """Make a category."""
        with entered(self.app, site):
            async with tenant_read():
                return await create_term("category", TermData(name=name))

    async def menu(self, name: str, items: Sequence[Item] = (), *places: str, site: str = "alfa") -> MenuView:
        """Make a menu."""
        with entered(self.app, site):
            async with tenant_read():
                made = await create_menu(name)
                return await save_menu(made.id, name, items, places, version=made.version)

    async def place(self, slug: str, place: str, site: str = "alfa") -> None:
        """Put a menu into a place."""
        with entered(self.app, site):
            async with tenant_read():
                menu = next(found for found in await all_menus() if found.slug == slug)
                items = await items_of(menu.id)
                await save_menu(menu.id, menu.name, items, {*menu.places, place}, version=menu.version)

    async def fresh(self, menu: MenuView, site: str = "alfa") -> tuple[MenuView, list[Item]]:
        """Return a menu and its entries as they are now."""
        with entered(self.app, site):
            async with tenant_read():
                return await menu_by_id(menu.id), await items_of(menu.id)

    async def seen(self, path: str = "/", site: str = "alfa", browser: Browser | None = None) -> list[Any]:
        """Return the main menu of a page, as nested titles."""
        opened = browser or self.browser(site)
        return shape((await opened.soup(path)).select_one("nav.menu > ul"))


def item(kind: Any = "custom", label: str = "", level: int = 0, **more: Any) -> Item:
    """Make an entry."""
    if kind == "custom":
        more.setdefault("url", f"/{label.lower().replace(' ', '-')}/")
    return Item(id=new_id(), kind=kind, label=label, level=level, **more)


def to_post(post: PostView, level: int = 0, **more: Any) -> Item:
    """Make an entry that leads to a post."""
    return item("post", level=level, target_id=post.id, target=post.type, **more)


def to_term(term: TermView, level: int = 0, **more: Any) -> Item:
    """Make an entry that leads to a term."""
    return item("term", level=level, target_id=term.id, target=term.taxonomy, **more)


def shape(found: Tag | None) -> list[Any]:
    """Return a list of entries as titles, each followed by those below it."""
    shown: list[Any] = []
    for entry in found.find_all("li", recursive=False) if found is not None else []:
        if "self" in (entry.get("class") or []):
            continue
        title = entry.find(["summary", "a", "span"])
        assert title is not None
        shown.append(title.find(string=True))
        if (below := entry.select_one(":scope > details > ul")) is not None:
            shown.append(shape(below))
    return shown


async def navigating(app: Litestar, *sites: str) -> World:
    """Return a world where these sites (alfa unless given) have menus."""
    world = World(app)
    for site in sites or ("alfa",):
        await world.switch(site, on=True)
    return world


def soup(text: str) -> BeautifulSoup:
    """Parse a page."""
    return BeautifulSoup(text, "html.parser")


def entry_of(page: BeautifulSoup, title: str) -> Tag:
    """Return the list item of the main menu that has a title."""
    for found in page.select("nav.menu li"):
        label = found.find(["summary", "a", "span"])
        if label is not None and label.find(string=True) == title:
            return found
    raise AssertionError(f"no entry {title!r}")


def ids(items: Sequence[Item]) -> list[UUID]:
    """Return the ids of entries."""
    return [entry.id for entry in items]
