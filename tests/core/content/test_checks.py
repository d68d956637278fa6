"""The gate: a filling, a refusing, a failing and an absent plugin; overrides; what changes the question."""

from typing import Any

import pytest

from core.content import (
    change_status,
    create_post,
    get_post,
    override_finding,
    revisions,
    run_checks,
    update_post,
)
from core.context import Actor, as_actor
from core.contract.content import ContentCheck, Extension, Finding, PostData
from core.contract.events import AuditSink
from core.db import maybe_work, tenant_read, tenant_work
from core.errors import Forbidden, Invalid, NotFound, Refused, VitralError
from tests.core.content.things import make, probe


class Check:
    """A check whose answer the test chooses."""

    def __init__(self, *findings: Finding, fail: bool = False, version: str = "1") -> None:
        self.findings = list(findings)
        self.fail = fail
        self.version = version
        self.seen: list[Any] = []

    async def __call__(self, post: Any) -> list[Finding]:
        assert maybe_work() is None, "checks run outside any transaction"
        self.seen.append(post)
        if self.fail:
            raise RuntimeError("no connection")
        return self.findings

    def plugin(self, **more: Any) -> Any:
        check = ContentCheck(name="probe.check", version=self.version, check=self)
        return probe(register_content_checks=lambda: [check], **more)


BLOCK = Finding(
    rule="probe.claim", severity="block", message="A claim without a source.", fix="Add a source."
)
WARN = Finding(rule="probe.long", severity="warn", message="A long sentence.")


@pytest.fixture
async def enter(make_world: Any) -> Any:
    """`world, actor = await enter(plugin)`; be on the site as its administrator for the rest of the test."""
    from contextlib import AsyncExitStack

    async with AsyncExitStack() as stack:

        async def go(*plugins: Any) -> Any:
            world = await make_world(*plugins)
            actor = await world.person("administrator")
            stack.enter_context(world.on("alfa", actor))
            await stack.enter_async_context(tenant_read())
            return world, actor

        yield go


async def test_without_checks_everything_goes_out(enter: Any) -> None:
    await enter()
    post = await make()
    assert (await run_checks(post.id)).findings == ()
    assert (await change_status(post.id, "publish")).status == "publish"


async def test_findings_that_do_not_block_are_kept_and_let_through(enter: Any) -> None:
    check = Check(WARN)
    await enter(check.plugin())
    post = await make()
    found = await run_checks(post.id)
    assert found.findings == (WARN,) and found.blocking == ()
    await change_status(post.id, "publish")
    assert len(check.seen) == 1  # the publish found what was looked at already


async def test_a_block_keeps_it_back_and_changes_nothing(enter: Any) -> None:
    check = Check(BLOCK)
    await enter(check.plugin())
    post = await make()
    with pytest.raises(Refused) as caught:
        await change_status(post.id, "publish")
    assert caught.value.findings == (BLOCK,) and "A claim" in caught.value.message
    assert "Add a source." in caught.value.hint
    after = await get_post(post.id)
    assert (after.status, after.version, after.slug) == ("draft", 1, "")
    check.findings = []  # still kept back: the same text under the same rules was looked at
    with pytest.raises(Refused):
        await change_status(post.id, "publish")
    assert (await run_checks(post.id, again=True)).blocking == ()
    assert (await change_status(post.id, "publish")).status == "publish"


async def test_other_text_is_another_question(enter: Any) -> None:
    check = Check(BLOCK)
    await enter(check.plugin())
    post = await make()
    with pytest.raises(Refused):
        await change_status(post.id, "publish")
    check.findings = []
    await update_post(post.id, PostData(content="<p>Com fonte.</p>"), version=1)
    assert (await change_status(post.id, "publish")).status == "publish"


async def test_what_is_published_cannot_be_changed_around_the_gate(enter: Any) -> None:
    check = Check()
    await enter(check.plugin())
    post = await change_status((await make()).id, "publish")
    check.findings = [BLOCK]
    with pytest.raises(Refused):
        await update_post(post.id, PostData(content="<p>Cura em 3 dias!</p>"), version=post.version)
    assert (await get_post(post.id)).content == "<p>Beba água.</p>"
    kept = [r for r in await revisions(post.id) if r.kind == "autosave"]
    assert len(kept) == 1  # what was typed is not lost
    check.findings = []
    saved = await update_post(post.id, PostData(content="<p>Outra coisa.</p>"), version=post.version)
    assert saved.content == "<p>Outra coisa.</p>" and check.seen[-1].content == "<p>Outra coisa.</p>"


async def test_who_was_kept_back_is_on_record(enter: Any) -> None:
    events: list[Any] = []

    async def write(batch: Any) -> None:
        events.extend(batch)

    sink = AuditSink(name="probe.sink", write=write)
    await enter(Check(BLOCK).plugin(register_audit_sinks=lambda: [sink]))
    post = await make()
    for _attempt in range(2):  # looked at now, and known already
        with pytest.raises(Refused):
            await change_status(post.id, "publish")
    kept = [e for e in events if e.outcome == "refused"]
    assert [(e.action, e.resource_id, e.detail) for e in kept] == [
        ("post.go_out", post.id, {"rules": ["probe.claim"]})
    ] * 2


async def test_drafts_are_saved_without_asking(enter: Any) -> None:
    check = Check(BLOCK)
    await enter(check.plugin())
    post = await make()
    await update_post(post.id, PostData(content="<p>x</p>"), version=1)
    assert check.seen == []


async def test_scheduling_asks_too(enter: Any) -> None:
    from datetime import timedelta

    from core.clock import now

    await enter(Check(BLOCK).plugin())
    post = await make()
    with pytest.raises(Refused):
        await change_status(post.id, "future", at=now() + timedelta(days=1))


async def test_a_failing_check_blocks_until_it_works(enter: Any) -> None:
    check = Check(fail=True)
    await enter(check.plugin())
    post = await make()
    with pytest.raises(Refused) as caught:
        await change_status(post.id, "publish")
    assert caught.value.findings[0].rule == "probe.check.failed"
    check.fail = False
    assert (await change_status(post.id, "publish")).status == "publish"


async def test_an_absent_plugin_keeps_nothing_back(make_world: Any) -> None:
    world = await make_world(Check(BLOCK).plugin(), on=())
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            post = await make()
            assert (await change_status(post.id, "publish")).status == "publish"


async def test_new_rules_ask_again(make_world: Any) -> None:
    first = await make_world(Check(version="1").plugin())
    actor = await first.person("administrator")
    with first.on("alfa", actor):
        async with tenant_read():
            post = await make()
            await run_checks(post.id)
    second = await make_world(Check(BLOCK, version="2").plugin(), on=())
    with second.on("alfa", actor):
        async with tenant_read():
            with pytest.raises(Refused):
                await change_status(post.id, "publish")


async def test_an_override_needs_a_right_a_reason_and_is_recorded(enter: Any) -> None:
    events: list[Any] = []

    async def write(batch: Any) -> None:
        events.extend(batch)

    check = Check(BLOCK, WARN)
    sink = AuditSink(name="probe.sink", write=write)
    world, admin = await enter(check.plugin(register_audit_sinks=lambda: [sink]))
    editor = await world.person("editor")
    post = await make()
    reason = "The source is the patient leaflet itself."
    with as_actor(editor), pytest.raises(Forbidden):
        await override_finding(post.id, "probe.claim", reason)
    with as_actor(Actor(kind="cli")), pytest.raises(Forbidden):
        await override_finding(post.id, "probe.claim", reason)
    with pytest.raises(Invalid):
        await override_finding(post.id, "probe.claim", "because")
    with pytest.raises(NotFound):
        await override_finding(post.id, "probe.long", reason)  # a warning needs none
    found = await override_finding(post.id, "probe.claim", reason)
    assert found.blocking == () and found.overridden == {"probe.claim"}
    kept = [e for e in events if e.action == "post.override_finding"]
    assert kept[0].detail["reason"] == reason and kept[0].actor.id == admin.id
    assert (await change_status(post.id, "publish")).status == "publish"
    with pytest.raises(Refused):  # it was for that text
        await update_post(post.id, PostData(title="Outro"), version=None)


async def test_a_failed_check_can_be_answered_for(enter: Any) -> None:
    await enter(Check(fail=True).plugin())
    post = await make()
    await override_finding(post.id, "probe.check.failed", "The registry of journals is down today.")
    assert (await change_status(post.id, "publish")).status == "publish"


async def test_checks_see_what_plugins_keep_and_not_yet_saved(enter: Any) -> None:
    import msgspec

    kept: dict[Any, str] = {}

    class Level(msgspec.Struct):
        level: str

    async def load(ids: Any) -> Any:
        return {i: {"level": kept[i]} for i in ids if i in kept}

    async def save(post_id: Any, value: Level) -> None:
        kept[post_id] = value.level

    async def nothing(post_id: Any, *rest: Any) -> Any:
        return None

    extension = Extension(
        owner="post", key="probe", input=Level, load=load, save=save,
        snapshot=nothing, restore=nothing, export=nothing, erase=nothing,
    )  # fmt: skip
    check = Check()
    await enter(check.plugin(register_extensions=lambda: [extension]))
    post = await create_post(PostData(title="x", ext={"probe": {"level": "I"}}))
    await change_status(post.id, "publish")
    assert check.seen[-1].ext == {"probe": {"level": "I"}}
    await update_post(post.id, PostData(ext={"probe": {"level": "IV"}}), version=None)
    assert check.seen[-1].ext == {"probe": {"level": "IV"}}


async def test_checks_inside_a_unit_are_a_mistake_that_is_named(enter: Any) -> None:
    await enter(Check().plugin())
    post = await make()
    with pytest.raises(VitralError, match="inside a unit of work"):
        async with tenant_work():
            await change_status(post.id, "publish")
    assert (await get_post(post.id)).status == "draft"
    await run_checks(post.id)
    async with tenant_work():  # looked at before, so it may
        await change_status(post.id, "publish")
    assert (await get_post(post.id)).status == "publish"
