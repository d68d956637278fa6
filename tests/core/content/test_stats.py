"""Counts kept as operations write are the same as counts taken anew."""

import asyncio
import random
from contextlib import suppress
from typing import Any

from core.accounts import NewUser, create_user
from core.content import (
    TermData,
    change_status,
    create_post,
    create_term,
    dashboard_stats,
    delete_post,
    delete_term,
    posts_by_status,
    rebuild_stats,
    update_post,
)
from core.contract.content import PostData
from core.db import tenant_read
from core.errors import Conflict, Refused
from core.media import RemoteMedia, create_remote_media
from tests.core.content.things import make


async def stored(world: Any) -> dict[str, int]:
    rows = await world.rows("SELECT name, value FROM dashboard_stats WHERE tenant_id = {tenant}")
    return {row["name"]: row["value"] for row in rows if row["value"]}


async def test_kept_counts_equal_counts_taken_anew(clock: Any, site: Any, world: Any) -> None:
    rng = random.Random(11)  # noqa: S311  # a repeatable walk, no secret
    authors = [await world.person("author") for _ in range(3)]
    posts: list[Any] = []
    for step in range(60):
        clock.forward(hours=7)
        choice = rng.random()
        if choice < 0.35 or not posts:
            kind = rng.choice(["post", "page"])
            posts.append(
                (
                    await create_post(PostData(type=kind, title=f"P{step}", author_id=rng.choice(authors).id))
                ).id
            )
        elif choice < 0.7:
            post_id = rng.choice(posts)
            status: Any = rng.choice(["draft", "pending", "publish", "private", "trash", "restore"])
            with suppress(Conflict):  # a step that does not fit is no step
                await change_status(post_id, status)
        elif choice < 0.85:
            with suppress(Refused):
                author = rng.choice(authors).id
                await update_post(rng.choice(posts), PostData(author_id=author), version=None)
        elif choice < 0.95:
            await delete_post(posts.pop(rng.randrange(len(posts))))
        else:
            term = await create_term("post_tag", TermData(name=f"T{step}"))
            if rng.random() < 0.5:
                await delete_term(term.id)
    await create_remote_media(
        RemoteMedia(source_url="https://example.org/a.jpg", uploaded_by_id=authors[0].id)
    )
    kept = await stored(world)
    assert await rebuild_stats() == {name: kept[name] for name in sorted(kept)} == await stored(world)
    assert kept["users"] == 4 and kept["media"] == 1


async def test_the_dashboard(clock: Any, site: Any, world: Any) -> None:
    old = await make("old")
    clock.forward(days=40)
    await change_status(old.id, "publish")
    await make("new")
    stats = await dashboard_stats()
    assert stats.posts == {"post": {"publish": 1, "draft": 1}} and stats.published_posts == 1
    assert (stats.posts_last_30_days, stats.active_authors, stats.users) == (1, 1, 1)
    assert stats.terms == {"category": 1}
    assert await posts_by_status("post") == {"publish": 1, "draft": 1} and await posts_by_status("page") == {}
    await create_user(NewUser(email="nova@example.org"))
    assert (await dashboard_stats()).users == 2


async def test_concurrent_writers_lose_no_count(site: Any, world: Any, admin: Any) -> None:
    async def write(index: int) -> None:
        with world.on("alfa", admin):
            async with tenant_read():
                post = await make(f"P{index}")
                await change_status(post.id, "publish" if index % 2 else "pending")

    await asyncio.gather(*(write(index) for index in range(16)))
    kept = await stored(world)
    assert kept["posts.post.publish"] == 8 and kept["posts.post.pending"] == 8
    assert await rebuild_stats() == {name: kept[name] for name in sorted(kept)}
