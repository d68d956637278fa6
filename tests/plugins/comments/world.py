"""A site where people talk: posts, browsers and what they send."""

from typing import Any

import httpx
from litestar import Litestar

from core.content import change_status, create_post, get_post
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import tenant_read, tenant_work
from core.jobs import Worker, enqueue
from core.plugins import current_registry
from core.sites import enable_plugin, save_settings
from plugins.comments.listing import CommentQuery, list_comments
from plugins.comments.purging import PURGE_JOB
from plugins.comments.views import CommentView
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered

__all__ = ["Talk", "talking"]

EVERYTHING = ("pending", "approved", "spam", "trash")


class Talk:
    """Posts and comments of an application's sites."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.people = People(app)
        self._author: dict[str, Any] = {}

    def browser(self, site: str = "alfa") -> Browser:
        """Open a visitor's browser."""
        return Browser(self.app, site)

    async def author(self, site: str) -> Any:
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
                given = PostData(title=title, author_id=author.id, **{"content": f"<p>{title}.</p>", **data})
                made = await create_post(given)
                return await change_status(made.id, "publish") if publish else made

    async def settings(self, site: str = "alfa", **values: Any) -> None:
        """Change settings of the comments."""
        with entered(self.app, site):
            async with tenant_read():
                await save_settings("comments", values)

    async def send(
        self, visitor: Browser, post: PostView, content: str, name: str = "Ana", **fields: Any
    ) -> httpx.Response:
        """Send a comment as a visitor."""
        data = {
            "content": content,
            "author_name": name,
            "author_email": f"{name.split()[0].lower()}@example.org" if name else "",
            "consent": "yes",
            **fields,
        }
        return await visitor.post(f"/comments/{post.number}", data=data)

    async def all(self, site: str = "alfa", **query: Any) -> tuple[CommentView, ...]:
        """Return every comment of a site, the oldest first."""
        with entered(self.app, site):
            async with tenant_read():
                found = await list_comments(
                    CommentQuery(**{"statuses": EVERYTHING, "per_page": 200, **query})
                )
                return tuple(sorted(found.items, key=lambda view: view.number))

    async def fresh(self, post: PostView, site: str = "alfa") -> PostView:
        """Return a post as it is now."""
        with entered(self.app, site):
            async with tenant_read():
                return await get_post(post.id)

    async def purge(self) -> None:
        """Run the daily job that lets go of what was kept long enough."""
        with entered(self.app, "alfa"):
            async with tenant_work():
                await enqueue(PURGE_JOB)
        await self.work()

    async def work(self) -> None:
        """Run every job that is due."""
        with entered(self.app, "alfa"):
            assert current_registry() is not None
            worker = Worker()
            while await worker.run_one():
                pass


async def talking(app: Litestar, *sites: str) -> Talk:
    """Return a world where these sites (alfa unless given) have comments."""
    for site in sites or ("alfa",):
        with entered(app, site):
            async with tenant_read():
                await enable_plugin("comments")
    return Talk(app)
