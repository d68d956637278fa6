"""A site whose texts can be found."""

from typing import Any
from urllib.parse import urlencode

from litestar import Litestar

from core.content import change_status, create_post
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import tenant_read
from core.jobs import Worker
from core.sites import disable_plugin, enable_plugin, save_settings
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered

__all__ = ["World", "searching"]


class World:
    """Texts of an application's sites, and who looks for them."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.people = People(app)
        self._author: dict[str, Any] = {}

    async def post(self, title: str, content: str = "", *, site: str = "alfa", **data: Any) -> PostView:
        """Publish a text."""
        if site not in self._author:
            self._author[site] = await self.people.make(site, "author")
        with entered(self.app, site):
            async with tenant_read():
                given = {"title": title, "content": content, "author_id": self._author[site].id, **data}
                made = await create_post(PostData(**given))
                return await change_status(made.id, "publish")

    async def titles(self, words: str, *, site: str = "alfa", **query: Any) -> list[str]:
        """Return what a reader finds, in order."""
        return [hit.select_one("h2").get_text() for hit in await self.hits(words, site=site, **query)]

    async def hits(self, words: str, *, site: str = "alfa", **query: Any) -> list[Any]:
        """Return the results of a search as elements of the page."""
        async with self.reader(site) as reader:
            page = await reader.soup("/?" + urlencode({"s": words, **query}))
        return list(page.select("ol.results > li"))

    def reader(self, site: str = "alfa") -> Browser:
        """Open a reader's browser."""
        return Browser(self.app, site)

    async def work(self) -> None:
        """Run every job that is due."""
        with entered(self.app, "alfa"):
            worker = Worker()
            while await worker.run_one():
                pass

    async def settings(self, owner: str = "search", site: str = "alfa", **values: Any) -> None:
        """Change settings."""
        with entered(self.app, site):
            async with tenant_read():
                await save_settings(owner, values)

    async def switch(self, *, on: bool, site: str = "alfa") -> None:
        """Switch the plugin on or off, and let its jobs run."""
        with entered(self.app, site):
            async with tenant_read():
                await (enable_plugin("search") if on else disable_plugin("search"))
        await self.work()


async def searching(app: Litestar) -> World:
    """Return a world where search is on for the site alfa, and its index whole."""
    world = World(app)
    await world.switch(on=True)
    return world
