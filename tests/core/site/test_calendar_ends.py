"""Moments that some time zones can't show, already stored: everything that names them is there all the same."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from core.content import change_status, create_post
from core.contract.content import PostData
from core.db import execute, tenant_read, tenant_work
from core.sites import save_settings
from tests.kit.client import Browser
from tests.kit.people import People

STRUCTURE = "/%year%/%monthnum%/%day%/%hour%/%postname%/"


@pytest.mark.parametrize(
    ("zone", "moment", "path"),
    [
        ("Pacific/Kiritimati", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "/9999/12/31/23/fim/"),
        ("America/Sao_Paulo", datetime(1, 1, 1, 0, 0, 1, tzinfo=UTC), "/0001/01/01/00/fim/"),
    ],
)
async def test_no_page_fails_by_a_moment_that_its_zone_cannot_show(
    app: Any, people: People, within: Callable[..., Any], zone: str, moment: datetime, path: str
) -> None:
    for slug in ("alfa", "beta"):
        author = (await people.make(slug, "author")).id
        with within(slug):
            async with tenant_read():
                await save_settings("site", {"timezone": zone, "permalink_structure": STRUCTURE})
                posts = [
                    await create_post(PostData(author_id=author, title=title)) for title in ("Fim", "Depois")
                ]
                await change_status(posts[0].id, "publish")
            async with tenant_work():
                for post, status, column in zip(
                    posts, ("publish", "future"), ("published_at", "scheduled_at"), strict=True
                ):
                    await execute(
                        f"UPDATE posts SET {column} = {{}}, created_at = {{}}, updated_at = {{}}, status = {{}}"
                        " WHERE tenant_id = {tenant} AND id = {}",
                        moment,
                        moment,
                        moment,
                        status,
                        post.id,
                    )
    async with Browser(app, "alfa") as visitor:
        found = (await visitor.get("/api/v1/posts")).json()["items"]
        assert [item["url"].removeprefix("http://alfa.test") for item in found] == [path]
        for address in ("/", path, "/feed/", "/feed/atom/", "/?s=fim", "/api/v1/posts/1"):
            assert (await visitor.get(address)).status_code == 200, address
    async with Browser(app, "beta") as visitor:
        assert (await visitor.get(path)).status_code == 200
    editor = await people.browser("alfa", "editor")
    assert (await editor.get("/admin")).status_code == 200
    listed = await editor.soup("/admin/posts")
    links = {str(tag["href"]) for tag in listed.select("main td a[href^='/admin/posts/']")}
    assert len(links) > 1
    for link in links:
        assert (await editor.get(link)).status_code == 200, link
