"""Work for later: it exists with its unit, runs once, comes back after a crash, and starves nobody."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from core.app import runtime_of
from core.context import current_tenant, maybe_tenant
from core.contract.markers import hookimpl
from core.contract.work import JobContext, JobKind
from core.db import platform_execute, platform_read, tenant_work
from core.jobs import Worker, claim, enqueue
from core.plugins import Plugin
from tests.kit.clock import FakeClock
from tests.kit.plugin import entered

MINUTE = timedelta(minutes=1)


class Chores:
    """A plugin with jobs, and what they did."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, Any]] = []
        self.attempts: list[int] = []

        async def work(context: JobContext) -> None:
            await asyncio.sleep(0)
            self.ran.append((current_tenant().slug, context.payload.get("n")))

        async def fail(context: JobContext) -> None:
            self.attempts.append(context.attempt)
            raise ValueError("the printer is on fire")

        async def tick(context: JobContext) -> None:
            tenant = maybe_tenant()
            self.ran.append((tenant.slug if tenant else "platform", "tick"))

        @hookimpl
        def register_jobs() -> Iterable[JobKind]:
            return [
                JobKind(name="chores.work", run=work),
                JobKind(name="chores.fail", run=fail, max_attempts=3),
                JobKind(name="chores.tick", run=tick, every=timedelta(hours=1)),
            ]

        parts = {"hooks": SimpleNamespace(register_jobs=register_jobs)}
        self.plugin = Plugin(name="chores", version="1.0", title="Chores", parts=parts)


@pytest.fixture
def chores() -> Chores:
    """Fresh chores."""
    return Chores()


@pytest.fixture
async def app(app_with: Any, chores: Chores) -> Any:
    """An app where both sites have chores to do."""
    return await app_with(chores.plugin, on=("alfa", "beta"))


async def _rows() -> list[dict[str, Any]]:
    async with platform_read():
        return await platform_execute("SELECT * FROM jobs WHERE kind LIKE 'chores.%' ORDER BY id")


async def _queue(app: Any, site: str, kind: str, count: int = 1, **options: Any) -> list[Any]:
    with entered(app, site):
        async with tenant_work():
            return [await enqueue(kind, {"n": n}, **options) for n in range(count)]


async def _drain(*workers: Worker) -> None:
    async def empty(worker: Worker) -> None:
        while await worker.run_one():
            pass

    await asyncio.gather(*(empty(worker) for worker in workers))


async def test_a_job_exists_with_its_unit_only(app: Any, chores: Chores) -> None:
    with entered(app, "alfa"), pytest.raises(RuntimeError):
        async with tenant_work():
            await enqueue("chores.work", {"n": 1})
            raise RuntimeError
    with runtime_of(app).active():
        assert await _rows() == []
        await _queue(app, "alfa", "chores.work")
        await _drain(Worker())
        assert chores.ran == [("alfa", 0)]
        assert [row["status"] for row in await _rows()] == ["done"]


async def test_a_key_keeps_a_job_from_being_queued_twice(app: Any, chores: Chores) -> None:
    first = await _queue(app, "alfa", "chores.work", dedup="x")
    again = await _queue(app, "alfa", "chores.work", dedup="x")
    other = await _queue(app, "beta", "chores.work", dedup="x")
    assert first[0] is not None
    assert again == [None]
    assert other[0] is not None
    with runtime_of(app).active():
        await _drain(Worker())
    assert sorted(chores.ran) == [("alfa", 0), ("beta", 0)]
    assert await _queue(app, "alfa", "chores.work", dedup="x") != [None]


async def test_a_key_counts_for_the_platform_too(app: Any) -> None:
    from core.db import platform_work

    with runtime_of(app).active():
        async with platform_work():
            assert await enqueue("chores.tick", dedup="x") is not None
            assert await enqueue("chores.tick", dedup="x") is None


async def test_eight_workers_run_each_of_two_hundred_jobs_once(app: Any, chores: Chores) -> None:
    await _queue(app, "alfa", "chores.work", 100)
    await _queue(app, "beta", "chores.work", 100)
    with runtime_of(app).active():
        workers = [Worker() for _ in range(8)]
        await _drain(*workers)
        while any(
            row["status"] == "ready" for row in await _rows()
        ):  # all sites were at their limit for a moment
            await _drain(*workers)
        counts = Counter(chores.ran)
        assert len(counts) == 200
        assert set(counts.values()) == {1}
        assert {(row["status"], row["attempts"]) for row in await _rows()} == {("done", 1)}


async def test_a_job_of_a_dead_worker_is_taken_over(app: Any, chores: Chores, clock: FakeClock) -> None:
    await _queue(app, "alfa", "chores.work")
    with runtime_of(app).active():
        lost = await claim("dead", MINUTE)
        assert lost is not None
        assert not await Worker().run_one()
        clock.forward(seconds=61)
        assert await Worker().run_one()
        (row,) = await _rows()
    assert (row["status"], row["attempts"], chores.ran) == ("done", 2, [("alfa", 0)])


async def test_who_lost_the_lease_can_neither_renew_nor_finish(app: Any, clock: FakeClock) -> None:
    from core.jobs.queue import finish, renew

    await _queue(app, "alfa", "chores.work")
    with runtime_of(app).active():
        slow = await claim("slow", MINUTE)
        assert slow is not None
        assert await renew(slow, "slow", MINUTE, {"at": 3})
        clock.forward(seconds=61)
        quick = await claim("quick", MINUTE)
        assert quick is not None
        assert quick.payload["progress"] == {"at": 3}
        assert not await renew(slow, "slow", MINUTE)
        await finish(slow, "slow")
        assert [(row["status"], row["leased_by"]) for row in await _rows()] == [("running", "quick")]


async def test_a_job_that_kills_its_workers_is_given_up(app: Any, chores: Chores, clock: FakeClock) -> None:
    await _queue(app, "alfa", "chores.work", max_attempts=2)
    with runtime_of(app).active():
        for _ in range(2):
            assert await claim("dead", MINUTE) is not None
            clock.forward(seconds=61)
        assert await Worker().run_one()
        (row,) = await _rows()
        assert not await Worker().run_one()
    assert (row["status"], chores.ran) == ("failed", [])
    assert row["error"]


async def test_failures_are_tried_again_later_each_time(app: Any, chores: Chores, clock: FakeClock) -> None:
    await _queue(app, "alfa", "chores.fail", max_attempts=3)
    delays = []
    with runtime_of(app).active():
        for _ in range(2):
            assert await Worker().run_one()
            (row,) = await _rows()
            assert row["status"] == "ready"
            assert "the printer is on fire" in row["error"]
            delays.append((row["run_at"] - clock.time).total_seconds())
            assert not await Worker().run_one()
            clock.forward(seconds=delays[-1])
        assert await Worker().run_one()
        (row,) = await _rows()
        clock.forward(days=1)
        assert not await Worker().run_one()
    assert delays[0] < delays[1]
    assert (row["status"], chores.attempts) == ("failed", [1, 2, 3])


async def test_one_sites_flood_does_not_starve_the_other(app: Any, clock: FakeClock) -> None:
    await _queue(app, "alfa", "chores.work", 50)
    clock.forward(seconds=1)
    await _queue(app, "beta", "chores.work", 2)
    slugs = {tenant.id: tenant.slug for tenant in runtime_of(app).tenants.all()}
    with runtime_of(app).active():
        taken = [await claim(f"w{n}", MINUTE) for n in range(8)]
    sites = [slugs[job.tenant_id] for job in taken if job is not None and job.tenant_id is not None]
    assert sites[:2] == ["alfa", "beta"]
    assert Counter(sites) == {"alfa": 4, "beta": 2}


async def test_periodic_jobs_come_back(app: Any, chores: Chores, clock: FakeClock) -> None:
    with runtime_of(app).active():
        worker = Worker()
        for _ in range(2):  # a second process schedules, too
            await worker.schedule()
        await _drain(worker)
        assert sorted(chores.ran) == [("alfa", "tick"), ("beta", "tick")]
        await worker.schedule()
        await _drain(worker)
        assert len(chores.ran) == 2
        clock.forward(hours=1)
        await _drain(worker)
        assert len(chores.ran) == 4


async def test_a_job_of_a_plugin_that_is_off_waits_for_it(app: Any, chores: Chores, clock: FakeClock) -> None:
    from core.db import tenant_read
    from core.sites import disable_plugin, enable_plugin

    await _queue(app, "alfa", "chores.work")
    with entered(app, "alfa"):
        async with tenant_read():
            await disable_plugin("chores")
    with runtime_of(app).active():
        assert await Worker().run_one()
        assert chores.ran == []
        (row,) = await _rows()
        assert "chores.work" in row["error"]
    with entered(app, "alfa"):
        async with tenant_read():
            await enable_plugin("chores")
    clock.forward(hours=1)
    with runtime_of(app).active():
        await _drain(Worker())
    assert ("alfa", 0) in chores.ran


async def test_a_worker_stops_when_it_is_told(app: Any, chores: Chores) -> None:
    await _queue(app, "alfa", "chores.work", 5)
    with runtime_of(app).active():
        worker = Worker(slots=2, idle=0.01)
        running = asyncio.ensure_future(worker.run())
        async with asyncio.timeout(10):
            while sum(1 for _site, n in list(chores.ran) if n != "tick") < 5:  # noqa: ASYNC110  # jobs tell nobody
                await asyncio.sleep(0.02)
        worker.stop()
        await asyncio.wait_for(running, 5)


async def test_a_slot_outlives_every_error_of_the_database(
    app: Any, chores: Chores, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [asyncpg.ConnectionDoesNotExistError("gone"), sqlite3.OperationalError("database is locked")]

    async def sometimes(*args: Any) -> Any:
        if failures:
            raise failures.pop()
        return await claim(*args)

    monkeypatch.setattr("core.jobs.worker.claim", sometimes)
    with entered(app, "alfa"):
        async with tenant_work():
            await enqueue("chores.work", {"n": 1})
    worker = Worker(slots=1, idle=0.01)
    with runtime_of(app).active():
        running = asyncio.ensure_future(worker.run())
        async with asyncio.timeout(5):
            while ("alfa", 1) not in chores.ran:  # noqa: ASYNC110  # jobs tell nobody
                await asyncio.sleep(0.01)
        worker.stop()
        await running
