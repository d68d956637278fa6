"""Units of work: traps T5 to T9 and control AC07."""

import asyncio
from typing import Any

import asyncpg
import pytest

from core.context import Actor, Tenant, current_actor
from core.db import (
    Database,
    OutsideUnit,
    current_work,
    execute,
    next_number,
    platform_execute,
    platform_read,
    platform_work,
    savepoint,
    tenant_read,
    tenant_work,
)


async def _counter(name: str = "probe") -> int:
    rows = await execute("SELECT value FROM counters WHERE tenant_id = {tenant} AND name = {}", name)
    return int(rows[0]["value"]) if rows else 0


async def test_a_query_outside_a_unit_raises(app: Any, within: Any) -> None:
    with within("alfa"), pytest.raises(OutsideUnit):
        await execute("SELECT value FROM counters WHERE tenant_id = {tenant}")


async def test_a_tenant_query_in_a_platform_unit_raises(app: Any, within: Any) -> None:
    with within("alfa"):
        async with platform_read():
            with pytest.raises(OutsideUnit):
                await execute("SELECT value FROM counters WHERE tenant_id = {tenant}")


async def test_an_exception_rolls_the_unit_back(alfa: Tenant) -> None:
    with pytest.raises(RuntimeError, match="on purpose"):
        async with tenant_work():
            await next_number("probe")
            raise RuntimeError("on purpose")
    assert await _counter() == 0


async def test_an_inner_failure_that_is_caught_leaves_nothing(alfa: Tenant) -> None:
    """Trap T6: Piccolo's nested transaction would keep the inner write."""
    async with tenant_work():
        await next_number("outer")
        with pytest.raises(RuntimeError):
            async with tenant_work():
                await next_number("inner")
                raise RuntimeError
    assert (await _counter("outer"), await _counter("inner")) == (1, 0)


async def test_work_queued_in_a_savepoint_that_failed_is_dropped(alfa: Tenant) -> None:
    ran: list[str] = []

    async def note(what: str) -> None:
        ran.append(what)

    async with tenant_work() as work:
        work.after_commit(lambda: note("outer"))
        with pytest.raises(RuntimeError):
            async with savepoint():
                current_work().after_commit(lambda: note("inner"))
                raise RuntimeError
    assert ran == ["outer"]


async def test_after_commit_runs_only_after_the_outermost_commit(alfa: Tenant) -> None:
    seen: list[int] = []

    async def look() -> None:
        async with tenant_read():
            seen.append(await _counter())

    async with tenant_work():
        async with tenant_work() as inner:
            await next_number("probe")
            inner.after_commit(look)
        assert seen == []
    assert seen == [1]


async def test_before_commit_can_write_and_refuse(alfa: Tenant) -> None:
    async def refuse() -> None:
        await next_number("probe")
        raise RuntimeError("no record, no action")

    with pytest.raises(RuntimeError, match="no record"):
        async with tenant_work() as work:
            work.before_commit(refuse)
    assert await _counter() == 0


async def test_the_read_scope_sees_what_was_written_since(alfa: Tenant) -> None:
    assert await _counter() == 0
    async with tenant_work():
        await next_number("probe")
    assert await _counter() == 1


async def test_a_task_that_outlives_its_unit_is_told_so(alfa: Tenant) -> None:
    """Trap T7: the inherited connection must not be used after it went back to the pool."""
    go = asyncio.Event()

    async def later() -> None:
        await go.wait()
        await next_number("probe")

    async with tenant_work():
        task = asyncio.ensure_future(later())
        await asyncio.sleep(0)
    go.set()
    with pytest.raises(OutsideUnit, match="after its unit"):
        await task


async def test_two_queries_at_once_in_one_unit_take_turns(alfa: Tenant) -> None:
    async with tenant_work():
        numbers = await asyncio.gather(*(next_number("probe") for _ in range(20)))
    assert sorted(numbers) == list(range(1, 21))


async def test_units_of_different_tenants_do_not_nest(app: Any, within: Any) -> None:
    with within("alfa"):
        async with tenant_work():
            with within("beta"), pytest.raises(OutsideUnit):
                async with tenant_work():
                    pass


async def test_a_platform_unit_can_step_into_a_tenant_and_out(app: Any, within: Any) -> None:
    with within("alfa"):
        async with platform_work():
            async with tenant_work():
                await next_number("probe")
            with pytest.raises(OutsideUnit):
                await _counter()
            assert await platform_execute("SELECT count(*) AS n FROM tenants") == [{"n": 2}]
        async with tenant_read():
            assert await _counter() == 1


async def test_concurrent_numbers_have_no_duplicates_or_gaps(app: Any, within: Any) -> None:
    async def one() -> int:
        async with tenant_work():
            return await next_number("probe")

    with within("alfa"):
        numbers = await asyncio.gather(*(one() for _ in range(40)))
    assert sorted(numbers) == list(range(1, 41))


async def test_alternating_tenants_never_see_each_other(app: Any, within: Any) -> None:
    """Control AC07, in small: exceptions and cancellations in between, on few connections."""

    async def visit(slug: str, index: int) -> int:
        with within(slug):
            async with tenant_work():
                await next_number(slug)
                if index % 7 == 0:
                    raise RuntimeError
                foreign = "beta" if slug == "alfa" else "alfa"
                return await _counter(foreign)

    tasks = [asyncio.ensure_future(visit(("alfa", "beta")[i % 2], i)) for i in range(120)]
    for i, task in enumerate(tasks):
        if i % 11 == 0:
            task.cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert {value for value in found if isinstance(value, int)} == {0}
    with within("alfa"):
        async with tenant_work():  # the pool is whole again
            assert await _counter("beta") == 0


async def test_a_failed_commit_gives_the_connection_back(
    engine: str, app: Any, database: Database, within: Any
) -> None:
    """Trap T5: three failures would empty a small pool, and the next unit would hang."""
    if engine == "sqlite":
        pytest.skip("SQLite has no constraint that only COMMIT checks in this schema")
    with within("alfa"):
        for _ in range(14):
            with pytest.raises(asyncpg.PostgresError):
                async with tenant_work() as work:
                    await work.fetch("SELECT set_config('app.tenant_id', '', true)")
                    await work.fetch("SELECT 1/0")
        async with tenant_work():
            assert await _counter() == 0


@pytest.mark.parametrize("platform", [False, True])
async def test_a_unit_runs_as_the_actor_that_it_names(alfa: Tenant, platform: bool) -> None:
    """The block, what runs at the commit and what runs after it; a nested unit too, and only for its length."""
    before, heard = current_actor(), []

    async def hear() -> None:
        heard.append(current_actor().name)

    def unit(name: str) -> Any:
        actor = Actor(kind="job", name=name)
        return platform_work(actor) if platform else tenant_work(alfa, actor)

    async with unit("outer") as work:
        assert (current_actor().name, work.actor.name) == ("outer", "outer")
        work.before_commit(hear)
        work.after_commit(hear)
        async with unit("inner"):
            assert current_actor().name == "inner"
        async with tenant_work():
            assert current_actor().name == "outer"
    assert heard == ["outer", "outer"]
    with pytest.raises(RuntimeError):
        async with unit("failing"):
            raise RuntimeError
    assert current_actor() == before
