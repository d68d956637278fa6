"""Who did what: events reach the sinks with the commit, or there is no commit."""

import logging

import pytest

from core.accounts import record, require
from core.accounts.events import collect_refusals, keep_late
from core.context import acting
from core.db import OutsideUnit, execute, platform_work, savepoint, tenant_work
from core.errors import Forbidden, Unavailable
from core.tenancy import enter
from tests.core.accounts.things import Sink, actor


async def names(world, site="alfa"):
    return {
        row["name"]
        for row in await world.rows("SELECT name FROM counters WHERE tenant_id = {tenant}", site=site)
    }


async def write(name):
    await execute("INSERT INTO counters (tenant_id, name, value) VALUES ({tenant}, {}, 1)", name)


@pytest.fixture
async def sink(make_world):
    made = Sink()
    made.world = await make_world(made.plugin, on=("alfa", "beta"))
    made.events.clear()
    return made


async def test_an_event_says_who_and_what(sink):
    somebody = actor("read")
    with sink.world.on(actor=somebody) as tenant:
        async with tenant_work():
            await record(
                "thing.make", resource_type="thing", resource_id=tenant.id, detail={"a": 1}, after={"b": 2}
            )
            assert sink.events == []
    (event,) = sink.events
    assert (event.action, event.outcome, event.actor, event.tenant_id) == (
        "thing.make",
        "success",
        somebody,
        tenant.id,
    )
    assert (event.resource_type, event.resource_id, event.detail, event.before, event.after) == (
        "thing",
        tenant.id,
        {"a": 1},
        None,
        {"b": 2},
    )
    assert event.at.tzinfo is not None


async def test_a_sink_that_raises_undoes_the_action(sink, caplog):
    caplog.set_level(logging.CRITICAL)
    sink.error = RuntimeError("disk full")
    with sink.world.on(), pytest.raises(Unavailable, match="could not be recorded"):
        async with tenant_work():
            await write("lost")
            await record("thing.make")
    assert "lost" not in await names(sink.world)


async def test_an_action_that_fails_leaves_no_event(sink):
    with sink.world.on(), pytest.raises(ValueError, match="boom"):
        async with tenant_work():
            await record("thing.make")
            raise ValueError("boom")
    assert sink.events == []


async def test_what_a_savepoint_forgot_is_not_told(sink):
    with sink.world.on():
        async with tenant_work():
            await record("first")
            with pytest.raises(ValueError, match="inner"):
                async with savepoint():
                    await write("undone")
                    await record("undone")
                    raise ValueError("inner")
            await record("second")
    assert sink.actions == [("first", "success"), ("second", "success")]
    assert "undone" not in await names(sink.world)


async def test_events_of_several_sites_go_to_each_ones_sinks_as_that_site(sink):
    world = sink.world
    with world.active(), acting(None, actor()):
        from core.hooks import use_plan

        with use_plan(world.registry.platform_plan()):
            async with platform_work():
                for slug in ("alfa", "beta", "alfa"):
                    with enter(world.tenants.by_slug(slug)):
                        async with tenant_work():
                            await record(f"{slug}.change")
    assert [event.action for event in sink.events] == ["alfa.change", "beta.change", "alfa.change"]
    assert sink.events[0].tenant_id != sink.events[1].tenant_id


async def test_a_sink_writes_with_the_action_as_its_site(make_world):
    from core.contract.events import AuditSink
    from tests.core.accounts.things import plugin

    async def keep(events):
        for event in events:
            await write(event.action)

    world = await make_world(plugin(register_audit_sinks=lambda: [AuditSink(name="probe.sink", write=keep)]))
    with world.on():
        async with tenant_work():
            await record("kept")
    assert "kept" in await names(world)
    assert "kept" not in await names(world, "beta")


async def test_outside_a_unit_nothing_is_recorded(sink):
    with sink.world.on(), pytest.raises(OutsideUnit):
        await record("thing.make")


async def test_a_refusal_inside_a_unit_outlives_its_rollback(sink):
    with sink.world.on(actor=actor("read")):
        with collect_refusals() as late:
            with pytest.raises(Forbidden):
                async with tenant_work():
                    await write("undone")
                    await record("undone")
                    await require("manage_options")
            assert sink.events == []
        await keep_late(late)
    assert sink.actions == [("access.refuse", "refused")]
    assert "undone" not in await names(sink.world)
