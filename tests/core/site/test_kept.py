"""Menu entries, topics and newest texts are kept for a moment, and never longer than they are true here."""

import asyncio
from typing import Any

from core.app import runtime_of
from core.content import change_status, create_post
from core.contract.content import PostData
from core.db import tenant_read
from core.site import keeping
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered


async def _page(app: Any, title: str, site: str = "alfa") -> None:
    author = await People(app).make(site, "editor")
    with entered(app, site):
        async with tenant_read():
            made = await create_post(PostData(type="page", title=title, author_id=author.id))
            await change_status(made.id, "publish")


async def _menu(browser: Browser) -> list[str]:
    soup = await browser.soup("/")
    return [link.get_text(strip=True) for link in soup.select(".site-header nav a")]


async def test_the_second_page_asks_less(app: Any, queries: list[str]) -> None:
    await _page(app, "Sobre")
    async with Browser(app, "alfa") as visitor:
        queries.clear()
        await visitor.get("/sobre/")
        first = len(queries)
        queries.clear()
        await visitor.get("/sobre/")
        assert len(queries) < first


async def test_what_is_committed_here_is_seen_at_once_and_on_its_site_alone(app: Any) -> None:
    async with Browser(app, "alfa") as alfa, Browser(app, "beta") as beta:
        assert await _menu(alfa) == await _menu(beta) == []
        await _page(app, "Sobre")
        assert (await _menu(alfa), await _menu(beta)) == (["Sobre"], [])
        await _page(app, "Contato", "beta")
        assert (await _menu(alfa), await _menu(beta)) == (["Sobre"], ["Contato"])


async def test_what_another_process_commits_is_seen_within_a_second(app: Any) -> None:
    async with Browser(app, "alfa") as visitor:
        assert await _menu(visitor) == []
        commits = runtime_of(app).database.commits
        before = dict(commits)
        await _page(app, "Sobre")
        commits.clear()
        commits.update(before)  # this process did not hear of it
        await asyncio.sleep(keeping.SECONDS + 0.05)
        assert await _menu(visitor) == ["Sobre"]


async def test_who_is_signed_in_never_sees_what_was_kept(app: Any, people: Any) -> None:
    editor = await people.browser("alfa", "editor")
    assert await _menu(editor) == []
    database = runtime_of(app).database
    before = dict(database.commits)
    await _page(app, "Sobre")
    database.commits.clear()
    database.commits.update(before)
    assert await _menu(editor) == ["Sobre"]
