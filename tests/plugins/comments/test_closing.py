"""Closing old discussions, and emptying trash and spam."""

from datetime import timedelta
from typing import Any

import pytest

from core.clock import now
from core.content import change_status, create_post
from core.contract.content import PostData
from core.db import tenant_read
from core.jobs import Worker
from plugins.comments.moderation import set_status
from tests.kit.clock import FakeClock
from tests.kit.plugin import entered
from tests.plugins.comments.world import Talk


@pytest.fixture
async def patient(clock: FakeClock, talk: Talk) -> Talk:
    await talk.settings(moderation="none")
    return talk


async def run_jobs(talk: Talk) -> None:
    """Let a worker queue what is periodic and run what is due."""
    with entered(talk.app, "alfa"):
        worker = Worker()
        await worker.schedule()
        while await worker.run_one():
            pass


async def is_open(talk: Talk, post: Any) -> bool:
    return bool((await talk.fresh(post)).ext["comments"]["open"])


async def test_old_discussions_close_by_a_job(patient: Talk, clock: FakeClock) -> None:
    old = await patient.post("Velho")
    async with patient.browser() as visitor:
        await patient.send(visitor, old, "Cedo")
        clock.forward(days=20)
        fresh = await patient.post("Novo")
        await patient.settings(close_after_days=14)
        await run_jobs(patient)
        assert not await is_open(patient, old) and await is_open(patient, fresh)
        page = await visitor.soup(old.url)
        assert page.select("#comment-1") and not page.select(".comment-form, a.reply")
        assert (await patient.send(visitor, old, "Tarde")).status_code == 403
        clock.forward(days=20)
        await run_jobs(patient)
        assert not await is_open(patient, fresh)
        # more days open again what is not old any more, at once
        await patient.settings(close_after_days=30)
        await patient.work()
        assert await is_open(patient, fresh) and not await is_open(patient, old)
        await patient.settings(close_after_days=0)
        await patient.work()
        assert await is_open(patient, old)
        assert (await patient.send(visitor, old, "De novo")).status_code == 303


async def test_the_job_may_run_twice_and_sees_what_came_in_late(patient: Talk, clock: FakeClock) -> None:
    await patient.settings(close_after_days=10)
    posts = [await patient.post(f"Post {number}") for number in range(3)]
    clock.forward(days=11)
    await run_jobs(patient)
    clock.forward(hours=2)
    await run_jobs(patient)
    assert [await is_open(patient, post) for post in posts] == [False] * 3
    # published under an old date: closed with the very save
    author = await patient.author("alfa")
    with entered(patient.app, "alfa"):
        async with tenant_read():
            made = await create_post(PostData(title="De ontem", author_id=author.id))
            late = await change_status(made.id, "publish", at=now() - timedelta(days=300))
    assert not await is_open(patient, late)
    with entered(patient.app, "beta"):
        assert now() > clock.time - timedelta(seconds=1)


async def test_what_lay_in_the_trash_for_a_month_is_deleted(patient: Talk, clock: FakeClock) -> None:
    post = await patient.post()
    async with patient.browser() as visitor:
        for number in range(1, 5):
            await patient.send(visitor, post, f"Texto {number}", **({"parent": 1} if number == 2 else {}))
    ids = {view.number: view.id for view in await patient.all()}
    with entered(patient.app, "alfa"):
        async with tenant_read():
            await set_status([ids[1]], "trash")
            await set_status([ids[3]], "spam")
    clock.forward(days=29)
    await run_jobs(patient)
    assert len(await patient.all()) == 4
    clock.forward(days=2)
    await run_jobs(patient)
    left = await patient.all()
    assert [(view.number, view.parent_id, view.depth) for view in left] == [(2, None, 0), (4, None, 0)]
