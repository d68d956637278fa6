"""What is to be on the site until a time goes off it then: once, whoever looks."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from core.accounts import list_notices
from core.clock import now, use_clock
from core.content import change_status, get_post, unpublish_due, update_post
from core.context import Actor
from core.contract.content import PostData
from core.db import tenant_read
from core.errors import Forbidden, Invalid, Refused
from tests.core.content.things import make, probe

JOB = Actor(kind="job")


async def until(title: str, to: str = "draft", **amount: float) -> Any:
    post = await make(title, unpublish_at=now() + timedelta(**amount), unpublish_to=to)
    return await change_status(post.id, "publish")


@pytest.mark.parametrize("to", ["draft", "private"])
async def test_it_goes_off_the_site_at_its_time(clock: Any, site: Any, world: Any, to: str) -> None:
    post = await until("Campanha", to, minutes=10)
    assert post.unpublish_at == now() + timedelta(minutes=10)
    await world.run_jobs()
    assert (await get_post(post.id)).status == "publish"
    clock.forward(minutes=10, seconds=1)
    await world.run_jobs()
    off = await get_post(post.id)
    assert (off.status, off.unpublish_at) == (to, None)
    assert off.published_at == post.published_at
    notices = (await list_notices()).items
    assert [notice.title for notice in notices] == ["“Campanha” saiu do site"]


async def test_eight_workers_take_each_post_off_once(clock: Any, make_world: Any) -> None:
    seen: list[str] = []

    async def on_post_status_changed(post: Any, old: str, new: str) -> None:
        if (old, new) == ("publish", "draft"):
            seen.append(post.title)

    world = await make_world(probe(on_post_status_changed=on_post_status_changed))
    admin = await world.person("administrator")
    with world.on("alfa", admin):
        async with tenant_read():
            for index in range(12):
                await until(f"P{index}", minutes=1 + index / 60)
    clock.forward(minutes=5)

    async def work(index: int) -> int:
        def skewed() -> Any:
            return clock() + timedelta(seconds=index * 2 - 8)

        with use_clock(skewed), world.on("alfa", JOB):
            async with tenant_read():
                return len(await unpublish_due())

    assert sum(await asyncio.gather(*(work(index) for index in range(8)))) == 12
    assert sorted(seen) == sorted(f"P{index}" for index in range(12))


async def test_what_a_plugin_keeps_up_stays_and_its_author_learns_why(clock: Any, make_world: Any) -> None:
    async def on_post_status_changing(post: Any, old: str, new: str) -> None:
        if (old, new) == ("publish", "draft") and post.title == "Errata":
            raise Refused("A correction stays for a year.")

    world = await make_world(probe(on_post_status_changing=on_post_status_changing))
    admin = await world.person("administrator")
    with world.on("alfa", admin):
        async with tenant_read():
            kept, gone = await until("Errata", minutes=1), await until("Aviso", minutes=2)
            clock.forward(minutes=3)
            await world.run_jobs()
            after = await get_post(kept.id)
            assert (after.status, after.unpublish_at) == ("publish", None)
            assert (await get_post(gone.id)).status == "draft"
            notices = (await list_notices()).items
            assert any("A correction stays for a year." in notice.body for notice in notices)


async def test_times_that_make_no_sense_are_refused(clock: Any, site: Any) -> None:
    async def refused(work: Any) -> bool:
        with pytest.raises(Invalid) as error:
            await work
        return set(error.value.errors) == {"unpublish_at"}

    assert await refused(make(unpublish_at=now() - timedelta(minutes=1)))
    assert await refused(make(unpublish_at=(now() + timedelta(days=1)).replace(tzinfo=None)))
    planned = await change_status((await make()).id, "future", at=now() + timedelta(days=2))
    early = PostData(unpublish_at=now() + timedelta(days=1))
    assert await refused(update_post(planned.id, early, version=None))
    short = await make(unpublish_at=now() + timedelta(hours=1))
    assert await refused(change_status(short.id, "future", at=now() + timedelta(hours=2)))
    clock.forward(hours=1)
    assert await refused(change_status(short.id, "publish"))
    free = await update_post(short.id, PostData(unpublish_at=None), version=None)
    assert (await change_status(free.id, "publish")).status == "publish"


async def test_only_those_who_publish_set_the_time(world: Any, site: Any) -> None:
    writer = await world.person("contributor")
    with world.on("alfa", writer):
        async with tenant_read():
            with pytest.raises(Forbidden):
                await make(unpublish_at=now() + timedelta(hours=1))
