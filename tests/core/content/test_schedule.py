"""Scheduled posts go out once, at their time, through the gate (faults F10, F11)."""

import asyncio
from datetime import timedelta
from typing import Any

from core.accounts import list_notices
from core.clock import now, use_clock
from core.content import change_status, create_post, get_post, overdue_since, publish_due, purge_trash
from core.context import VISITOR, Actor, acting, as_actor
from core.contract.content import ContentCheck, Finding, PostData
from core.db import execute, tenant_read, tenant_work
from core.errors import NotFound, Refused
from core.hooks import use_plan
from core.jobs import Worker
from tests.core.content.things import make, probe

JOB = Actor(kind="job")


async def plan(title: str, **amount: float) -> Any:
    return await change_status((await make(title)).id, "future", at=now() + timedelta(**amount))


async def test_a_scheduled_post_goes_out_at_its_time(clock: Any, site: Any, world: Any) -> None:
    post = await plan("Gripe", minutes=10)
    assert post.slug == "gripe"
    await world.run_jobs()
    assert (await get_post(post.id)).status == "future"
    clock.forward(minutes=10, seconds=30)
    assert await overdue_since() == post.scheduled_at
    await world.run_jobs()
    out = await get_post(post.id)
    assert (out.status, out.published_at, out.scheduled_at) == ("publish", post.scheduled_at, None)
    assert await overdue_since() is None


async def test_a_changed_mind_is_respected(clock: Any, site: Any, world: Any) -> None:
    withdrawn = await plan("A", minutes=5)
    later = await plan("B", minutes=5)
    await change_status(withdrawn.id, "draft")
    await change_status(later.id, "future", at=now() + timedelta(hours=2))
    clock.forward(minutes=6)
    await world.run_jobs()
    assert (await get_post(withdrawn.id)).status == "draft"
    assert (await get_post(later.id)).status == "future"
    clock.forward(hours=2)
    await world.run_jobs()
    assert (await get_post(later.id)).status == "publish"


async def test_eight_workers_publish_each_post_once(clock: Any, make_world: Any) -> None:
    """Clocks of the workers differ; every post changes status exactly once."""
    seen: list[str] = []

    async def on_post_status_changed(post: Any, old: str, new: str) -> None:
        if (old, new) == ("future", "publish"):
            seen.append(post.title)

    world = await make_world(probe(on_post_status_changed=on_post_status_changed))
    admin = await world.person("administrator")
    with world.on("alfa", admin):
        async with tenant_read():
            for index in range(24):
                await plan(f"P{index}", minutes=1 + index / 60)
    clock.forward(minutes=5)

    async def work(index: int) -> int:
        def skewed() -> Any:
            return clock() + timedelta(seconds=index * 2 - 8)

        with use_clock(skewed), world.on("alfa", JOB):
            async with tenant_read():
                return len(await publish_due())

    published = await asyncio.gather(*(work(index) for index in range(8)))
    assert sum(published) == 24
    assert sorted(seen) == sorted(f"P{index}" for index in range(24))


async def test_eight_job_workers_run_the_queue(clock: Any, site: Any, world: Any) -> None:
    posts = [await plan(f"P{index}", minutes=1) for index in range(10)]
    clock.forward(minutes=2)

    async def drain() -> None:
        worker = Worker()
        with world.active(), acting(None, VISITOR), use_plan(world.registry.platform_plan()):
            while await worker.run_one():
                pass

    await asyncio.gather(*(drain() for _ in range(8)))
    rows = await world.rows(
        "SELECT status, version FROM posts WHERE tenant_id = {tenant} AND title LIKE 'P%'"
    )
    assert [row["status"] for row in rows] == ["publish"] * len(posts)
    assert {row["version"] for row in rows} == {3}  # made, planned, published: nobody wrote twice


async def test_what_a_check_blocks_becomes_pending_and_its_author_is_told(
    clock: Any, make_world: Any
) -> None:
    strict = {"on": False}

    async def check(post: Any) -> list[Finding]:
        if not strict["on"]:
            return []
        return [
            Finding(rule="probe.claim", severity="block", message="A claim without a source.", fix="Add one.")
        ]

    # a worker may see newer rules than the editor did
    checks = [ContentCheck(name="probe.claims", version="1", check=check)]
    world = await make_world(probe(register_content_checks=lambda: checks))
    author = await world.person("author")
    with world.on("alfa", author):
        async with tenant_read():
            post = await plan("Chá cura tudo", minutes=1)
            calm = await plan("Beba água", minutes=2)
    with world.on("alfa"):
        async with tenant_work():
            await execute("DELETE FROM post_findings WHERE tenant_id = {tenant}")
    strict["on"] = True
    clock.forward(minutes=3)
    await world.run_jobs()
    with world.on("alfa", author):
        async with tenant_read():
            assert {(await get_post(p.id)).status for p in (post, calm)} == {"pending"}
            notices = (await list_notices()).items
            assert "Chá cura tudo" in " ".join(n.title for n in notices)
            assert "A claim without a source. Add one." in notices[0].body


async def test_a_plugin_that_refuses_or_fails_holds_up_nobody_else(clock: Any, make_world: Any) -> None:
    async def on_post_status_changing(post: Any, old: str, new: str) -> None:
        if new == "publish" and post.title == "refused":
            raise Refused("Not on a Sunday.")
        if new == "publish" and post.title == "failing":
            raise RuntimeError("boom")

    world = await make_world(probe(on_post_status_changing=on_post_status_changing))
    admin = await world.person("administrator")
    with world.on("alfa", admin):
        async with tenant_read():
            ids = {title: (await plan(title, minutes=1)).id for title in ("refused", "failing", "good")}
    clock.forward(minutes=2)
    await world.run_jobs()
    with world.on("alfa", admin):
        async with tenant_read():
            statuses = {title: (await get_post(post_id)).status for title, post_id in ids.items()}
    assert statuses == {"refused": "pending", "failing": "future", "good": "publish"}


async def test_the_trash_is_emptied_after_its_days(clock: Any, site: Any, world: Any) -> None:
    old = await make("old")
    await change_status(old.id, "trash")
    clock.forward(days=20)
    young = await create_post(PostData(title="young"))
    await change_status(young.id, "trash")
    clock.forward(days=11)
    with as_actor(JOB):
        assert await purge_trash() == 1
    assert (await get_post(young.id)).status == "trash"
    try:
        await get_post(old.id)
    except NotFound:
        return
    raise AssertionError("the old one is still there")
