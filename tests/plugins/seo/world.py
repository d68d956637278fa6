"""Sites that want to be found: posts, terms, browsers, and what machines ask for."""

import json
from typing import Any

import httpx
from bs4 import BeautifulSoup
from litestar import Litestar

from core.content import (
    TermData,
    change_status,
    create_post,
    create_term,
    delete_post,
    get_post,
    update_post,
    update_term,
)
from core.contract.content import PostData
from core.contract.views import PostView, TermView
from core.db import tenant_read
from core.sites import disable_plugin, enable_plugin, save_settings
from plugins.seo import waiting
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered

__all__ = ["Found", "being_found", "graph_of", "meta_of"]


class Found:
    """Posts and settings of an application's sites."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.people = People(app)
        self._author: dict[str, Any] = {}

    def browser(self, site: str = "alfa") -> Browser:
        """Open a visitor's browser."""
        return Browser(self.app, site)

    async def author(self, site: str = "alfa") -> Any:
        """Return the person who writes the site's posts."""
        if site not in self._author:
            self._author[site] = await self.people.make(site, "author")
        return self._author[site]

    async def post(
        self, title: str = "Sono", site: str = "alfa", *, publish: bool = True, **data: Any
    ) -> PostView:
        """Make a post, published unless told otherwise."""
        author = await self.author(site)
        with entered(self.app, site):
            async with tenant_read():
                given = {"content": f"<p>{title}.</p>", "author_id": author.id, **data}
                made = await create_post(PostData(title=title, **given))
                return await change_status(made.id, "publish") if publish else made

    async def change(self, post: PostView, site: str = "alfa", **data: Any) -> PostView:
        """Change a post."""
        with entered(self.app, site):
            async with tenant_read():
                return await update_post(post.id, PostData(**data), version=None)

    async def status(self, post: PostView, status: Any, site: str = "alfa") -> PostView:
        """Give a post another status."""
        with entered(self.app, site):
            async with tenant_read():
                return await change_status(post.id, status)

    async def delete(self, post: PostView, site: str = "alfa") -> None:
        """Delete a post for good."""
        with entered(self.app, site):
            async with tenant_read():
                await change_status(post.id, "trash")
                await delete_post(post.id)

    async def fresh(self, post: PostView, site: str = "alfa") -> PostView:
        """Return a post as it is now."""
        with entered(self.app, site):
            async with tenant_read():
                return await get_post(post.id)

    async def term(self, name: str, site: str = "alfa", taxonomy: str = "category", **data: Any) -> TermView:
        """Make a term."""
        with entered(self.app, site):
            async with tenant_read():
                return await create_term(taxonomy, TermData(name=name, **data))

    async def change_term(self, term: TermView, site: str = "alfa", **data: Any) -> TermView:
        """Change a term."""
        with entered(self.app, site):
            async with tenant_read():
                return await update_term(term.id, TermData(**data))

    async def settings(self, site: str = "alfa", owner: str = "seo", **values: Any) -> None:
        """Change settings of the plugin, or of another owner."""
        with entered(self.app, site):
            async with tenant_read():
                await save_settings(owner, values)

    async def switch(self, site: str = "alfa", *, on: bool) -> None:
        """Turn the plugin on or off."""
        with entered(self.app, site):
            async with tenant_read():
                await (enable_plugin if on else disable_plugin)("seo")

    async def counted(self, site: str = "alfa") -> None:
        """Write what waits to be counted."""
        with entered(self.app, site):
            async with tenant_read():
                await waiting.flush()


async def being_found(app: Litestar, *sites: str) -> Found:
    """Return a world where these sites (alfa unless given) have the plugin on, and nothing waits from before."""
    found = Found(app)
    waiting._all.clear()  # tests share one process, and on PostgreSQL one database
    for site in sites or ("alfa",):
        await found.switch(site, on=True)
    return found


def meta_of(page: BeautifulSoup) -> dict[str, str]:
    """Return what a page says in meta elements, by name or property."""
    return {
        str(tag.get("name") or tag.get("property")): str(tag["content"])
        for tag in page.select("head meta[content]")
    }


def graph_of(page: BeautifulSoup) -> dict[str, dict[str, Any]]:
    """Return the nodes of a page's structured data by their type."""
    (script,) = page.select('script[type="application/ld+json"]')
    data = json.loads(script.get_text())
    assert data["@context"] == "https://schema.org"
    return {node["@type"]: node for node in data["@graph"]}


def location(answer: httpx.Response) -> tuple[int, str]:
    """Return status and target of a redirect."""
    return answer.status_code, answer.headers.get("location", "")
