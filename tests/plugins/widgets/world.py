"""Sites with widgets: switching them on, placing, and reading regions from pages."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from litestar import Litestar

from core.content import TermData, change_status, create_post, create_term
from core.contract.content import PostData
from core.contract.views import PostView, TermView
from core.db import tenant_read
from core.sites import disable_plugin, enable_plugin
from plugins.widgets.operations import WidgetData, list_widgets, move_widget, place_widget
from plugins.widgets.views import WidgetView
from plugins.widgets.visibility import ALWAYS, Visibility
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered

__all__ = ["Board", "equipped", "footer", "titles"]


class Board:
    """The widgets of an application's sites."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.people = People(app)
        self._author: dict[str, Any] = {}

    def visitor(self, site: str = "alfa") -> Browser:
        """Open a visitor's browser."""
        return Browser(self.app, site)

    async def admin(self, site: str = "alfa") -> Browser:
        """Open an administrator's browser."""
        return await self.people.browser(site, "administrator")

    async def switch(self, plugin: str, site: str = "alfa", *, on: bool) -> None:
        """Switch a plugin of a site on or off."""
        with entered(self.app, site):
            async with tenant_read():
                await (enable_plugin if on else disable_plugin)(plugin)

    async def place(
        self,
        kind: str,
        region: str = "footer",
        site: str = "alfa",
        *,
        title: str = "",
        rule: Visibility = ALWAYS,
        **settings: Any,
    ) -> WidgetView:
        """Place a widget as the shell does."""
        with entered(self.app, site):
            async with tenant_read():
                data = WidgetData(title=title, settings=settings, visibility=rule)
                return await place_widget(kind, region, data)

    async def move(self, widget: WidgetView, region: str, before: int = 0, site: str = "alfa") -> WidgetView:
        """Move a widget as the shell does."""
        with entered(self.app, site):
            async with tenant_read():
                return await move_widget(widget.number, region, before=before, version=widget.version)

    async def all(self, site: str = "alfa") -> list[WidgetView]:
        """Return every widget of a site by region and order."""
        with entered(self.app, site):
            async with tenant_read():
                return list(await list_widgets())

    async def rows(self, site: str = "alfa") -> dict[str, list[str]]:
        """Return the kinds of widgets by region, in their order."""
        found: dict[str, list[str]] = {}
        for widget in await self.all(site):
            found.setdefault(widget.region, []).append(widget.type)
        return found

    async def post(self, title: str = "Sono", site: str = "alfa", **data: Any) -> PostView:
        """Publish a post."""
        if site not in self._author:
            self._author[site] = await self.people.make(site, "author")
        with entered(self.app, site):
            async with tenant_read():
                given = {"content": f"<p>{title}.</p>", "author_id": self._author[site].id, **data}
                made = await create_post(PostData(title=title, **given))
                return await change_status(made.id, "publish")

    async def term(self, name: str, taxonomy: str = "category", site: str = "alfa", **data: Any) -> TermView:
        """Make a term."""
        with entered(self.app, site):
            async with tenant_read():
                return await create_term(taxonomy, TermData(name=name, **data))


def footer(page: BeautifulSoup) -> list[Tag]:
    """Return the widgets in the footer of a page."""
    return list(page.select(".site-footer .widget"))


async def titles(browser: Browser, path: str = "/") -> list[str]:
    """Return the titles of the widgets in the footer of a page."""
    return [
        heading.get_text(strip=True)
        for heading in (await browser.soup(path)).select(".site-footer .widget-title")
    ]


async def equipped(app: Litestar, *sites: str) -> Board:
    """Return a world where these sites (alfa unless given) have widgets."""
    board = Board(app)
    for site in sites or ("alfa",):
        await board.switch("widgets", site, on=True)
    return board
