"""What a call does: order, values, who takes part, and what a failure changes."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from core.context import VISITOR, Actor, Tenant, acting, current_actor, current_tenant
from core.contract.markers import hookimpl
from core.db import OutsideUnit, SqliteDatabase, maybe_work, platform_work, use_database
from core.errors import Conflict, NotFound, Refused, StartError, Unavailable, VitralError
from core.hooks import (
    HookFailed,
    HookFailure,
    HookRegistry,
    HookUnknown,
    NoPlan,
    after_commit,
    apply_filters,
    collect,
    collect_owned,
    current_plan,
    do_action,
    use_plan,
)
from tests.core.hooks import specs

Part = Callable[..., SimpleNamespace]


def _tenant(**values: Any) -> Tenant:
    defaults: dict[str, Any] = {"slug": "a", "title": "A", "status": "active", "hosts": (), "theme": "claro"}
    return Tenant(id=uuid4(), enabled=frozenset(), **(defaults | values))


async def test_an_action_reaches_sync_and_async_implementations_with_the_arguments_they_name(
    registry: HookRegistry, part: Part
) -> None:
    heard: list[object] = []

    async def everything(leaf: str, before: str | None) -> None:
        await asyncio.sleep(0)
        heard.append(("everything", leaf, before))

    def swapped(before: str | None, leaf: str) -> None:
        heard.append(("swapped", leaf, before))

    def by_name(*, before: str | None) -> None:
        heard.append(("by name", before))

    def nothing() -> None:
        heard.append("nothing")

    for index, function in enumerate((everything, swapped, by_name, nothing)):
        registry.register(f"p{index}", part(on_leaf_saved=function))
    with use_plan(registry.plan(frozenset({"p0", "p1", "p2", "p3"}))):
        await do_action(specs.on_leaf_saved, "new", "old")
        await do_action(specs.on_leaf_saved, leaf="named", before=None)
    assert heard == [
        ("everything", "new", "old"),
        ("swapped", "new", "old"),
        ("by name", "old"),
        "nothing",
        ("everything", "named", None),
        ("swapped", "named", None),
        ("by name", None),
        "nothing",
    ]


async def test_a_filter_threads_the_value_and_may_turn_it_into_none(
    registry: HookRegistry, part: Part
) -> None:
    async def louder(text: str, tone: int) -> str:
        return text + "!" * tone

    registry.register("loud", part(filter_leaf_text=louder))
    registry.register("marks", part(filter_leaf_text=lambda text, leaf: f"{leaf}: {text}"))
    registry.register("bare", part(filter_leaf_colour=lambda colour: None))
    with use_plan(registry.plan(frozenset({"loud", "marks", "bare"}))):
        assert await apply_filters(specs.filter_leaf_text, "hello", "oak", 2) == "oak: hello!!"
        assert await apply_filters(specs.filter_leaf_colour, "green") is None


async def test_without_implementations_a_filter_returns_its_value(registry: HookRegistry) -> None:
    with use_plan(registry.plan(frozenset())):
        assert await apply_filters(specs.filter_leaf_text, "as it was", "oak", 1) == "as it was"
        await do_action(specs.on_leaf_saved, "oak", None)
        assert collect(specs.register_leaf_kinds) == ()


async def test_order_is_priority_then_core_then_plugin_name_then_place(registry: HookRegistry) -> None:
    heard: list[str] = []

    def named(name: str) -> Callable[[], None]:
        return lambda: heard.append(name)

    def twice_first() -> None:
        heard.append("b twice, first")

    def twice_second() -> None:
        heard.append("b twice, second")

    # registered in an order that is none of the above
    registry.register("z", SimpleNamespace(a=hookimpl("on_leaf_saved")(named("z"))))
    registry.register(
        "b",
        SimpleNamespace(
            z=hookimpl("on_leaf_saved")(twice_first),
            a=hookimpl("on_leaf_saved")(twice_second),
            late=hookimpl("on_leaf_saved", priority=11)(named("b late")),
        ),
    )
    registry.register("core", SimpleNamespace(a=hookimpl("on_leaf_saved")(named("core"))))
    registry.register("a", SimpleNamespace(a=hookimpl("on_leaf_saved", priority=-1)(named("a early"))))
    with use_plan(registry.plan(frozenset({"a", "b", "z"}))):
        await do_action(specs.on_leaf_saved, "oak", None)
    assert heard == ["a early", "core", "b twice, first", "b twice, second", "z", "b late"]


async def test_only_enabled_plugins_run_whatever_their_implementation_is_called(
    registry: HookRegistry, part: Part
) -> None:
    """pluggy's subset of a hook misses implementations under another name: a disabled plugin would run."""
    registry.register("core", part(filter_leaf_text=lambda text: text + "c"))
    registry.register("one", SimpleNamespace(other=hookimpl("filter_leaf_text")(lambda text: text + "1")))
    registry.register("two", part(filter_leaf_text=lambda text: text + "2"))
    for enabled, shown in (
        (frozenset[str](), "c"),
        (frozenset({"one"}), "c1"),
        (frozenset({"two"}), "c2"),
        (frozenset({"one", "two", "gone"}), "c12"),
    ):
        with use_plan(registry.plan(enabled)):
            assert await apply_filters(specs.filter_leaf_text, "", "oak", 1) == shown


async def test_a_plan_is_kept_per_set_and_new_after_a_plugin_comes_or_goes(
    registry: HookRegistry, part: Part
) -> None:
    registry.register("one", part(filter_leaf_text=lambda text: text + "1"))
    enabled = frozenset({"one", "two"})
    before = registry.plan(enabled)
    assert registry.plan(frozenset({"two", "one"})) is before
    registry.register("two", part(filter_leaf_text=lambda text: text + "2"))
    with use_plan(registry.plan(enabled)):
        assert await apply_filters(specs.filter_leaf_text, "", "oak", 1) == "12"
        registry.unregister("one")
        # a request in progress keeps the plan it began with
        assert await apply_filters(specs.filter_leaf_text, "", "oak", 1) == "12"
    with use_plan(registry.plan(enabled)):
        assert await apply_filters(specs.filter_leaf_text, "", "oak", 1) == "2"
    registry.register("one", part(filter_leaf_text=lambda text: text + "!"))
    with use_plan(before):
        assert await apply_filters(specs.filter_leaf_text, "", "oak", 1) == "1"


async def test_a_faulty_filter_leaves_the_value_and_is_logged_with_its_plugin(
    registry: HookRegistry, part: Part, caplog: pytest.LogCaptureFixture
) -> None:
    async def faulty(text: str) -> str:
        raise RuntimeError("broken glass")

    registry.register("a", part(filter_leaf_text=lambda text: text + "a"))
    registry.register("b", part(filter_leaf_text=faulty))
    registry.register("c", part(filter_leaf_text=lambda text: text + "c"))
    tenant = _tenant()
    with acting(tenant, VISITOR), use_plan(registry.plan(frozenset("abc"))), caplog.at_level(logging.ERROR):
        for _ in range(2):
            assert await apply_filters(specs.filter_leaf_text, "", "oak", 1) == "ac"
    assert "“b” failed in filter_leaf_text" in caplog.text
    assert "broken glass" in caplog.text
    (count,) = registry.failures.counts(tenant.id)
    assert (count.plugin, count.hook, count.count) == ("b", "filter_leaf_text", 2)
    assert count.last_error == "RuntimeError: broken glass"
    assert registry.failures.counts(None) == ()
    registry.failures.forget("b", tenant.id)
    assert registry.failures.counts(tenant.id) == ()


async def test_a_failing_action_does_not_keep_the_others_from_hearing(
    registry: HookRegistry, part: Part, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []
    seen: list[HookFailure] = []
    registry.on_error = seen.append

    def faulty(leaf: str) -> None:
        raise Refused("It is too late for this.")

    registry.register("a", part(on_leaf_saved=faulty))
    registry.register("b", part(on_leaf_saved=lambda leaf: heard.append(leaf)))
    with use_plan(registry.plan(frozenset("ab"))):
        await do_action(specs.on_leaf_saved, "oak", None)
    assert heard == ["oak"]
    assert [(failure.plugin, failure.hook) for failure in seen] == [("a", "on_leaf_saved")]
    assert "“a” failed in on_leaf_saved" in caplog.text


async def test_an_observer_that_fails_changes_nothing(
    registry: HookRegistry, part: Part, caplog: pytest.LogCaptureFixture
) -> None:
    def observer(failure: HookFailure) -> None:
        raise ValueError("observer")

    def faulty(text: str) -> str:
        raise RuntimeError("filter")

    registry.on_error = observer
    registry.register("a", part(filter_leaf_text=faulty))
    with use_plan(registry.plan(frozenset("a"))):
        assert await apply_filters(specs.filter_leaf_text, "same", "oak", 1) == "same"
    assert "observer of hook failures failed" in caplog.text


async def test_an_ing_hook_may_refuse_and_says_whose_refusal_it_is(
    registry: HookRegistry, part: Part
) -> None:
    heard: list[str] = []

    async def refuse(leaf: str) -> None:
        raise Refused("Leaves need a source.")

    registry.register("a", part(on_leaf_saving=refuse))
    registry.register("b", part(on_leaf_saving=lambda leaf: heard.append(leaf)))
    with (
        use_plan(registry.plan(frozenset("ab"))),
        pytest.raises(Refused, match=r"Leaves need a source\.") as caught,
    ):
        await do_action(specs.on_leaf_saving, "oak")
    assert caught.value.plugin == "a"
    assert heard == []
    assert registry.failures.counts(None) == ()


@pytest.mark.parametrize(
    "error", [Conflict("Somebody was first."), NotFound("No leaf."), Unavailable("Busy.")]
)
async def test_an_ing_hook_passes_errors_that_are_meant_for_people(
    registry: HookRegistry, part: Part, error: VitralError
) -> None:
    def fail(leaf: str) -> None:
        raise error

    registry.register("a", part(on_leaf_saving=fail))
    with use_plan(registry.plan(frozenset("a"))), pytest.raises(type(error)) as caught:
        await do_action(specs.on_leaf_saving, "oak")
    assert caught.value is error
    assert getattr(caught.value, "plugin") == "a"  # noqa: B009  # no class declares it but Refused


async def test_an_ing_hook_that_breaks_is_wrapped_with_the_plugin_and_the_cause(
    registry: HookRegistry, part: Part
) -> None:
    def fail(leaf: str) -> None:
        raise KeyError("leaf")

    registry.register("a", part(on_leaf_saving=fail))
    with use_plan(registry.plan(frozenset("a"))), pytest.raises(HookFailed) as caught:
        await do_action(specs.on_leaf_saving, "oak")
    assert (caught.value.plugin, caught.value.hook, caught.value.status) == ("a", "on_leaf_saving", 500)
    assert isinstance(caught.value.__cause__, KeyError)
    assert "“a”" in str(caught.value)
    assert [count.plugin for count in registry.failures.counts(None)] == ["a"]


async def test_a_nested_ing_hook_names_the_innermost_plugin(registry: HookRegistry, part: Part) -> None:
    async def outer(leaf: str) -> None:
        if leaf == "outer":
            await do_action(specs.on_leaf_saving, "inner")

    def inner(leaf: str) -> None:
        if leaf == "inner":
            raise ZeroDivisionError

    registry.register("a", part(on_leaf_saving=outer))
    registry.register("b", part(on_leaf_saving=inner))
    with use_plan(registry.plan(frozenset("ab"))), pytest.raises(HookFailed) as caught:
        await do_action(specs.on_leaf_saving, "outer")
    assert caught.value.plugin == "b"
    assert len(registry.failures.counts(None)) == 1


async def test_cancelling_is_never_swallowed(registry: HookRegistry, part: Part) -> None:
    async def slow(leaf: str) -> None:
        await asyncio.sleep(60)

    registry.register("a", part(on_leaf_saved=slow))
    with use_plan(registry.plan(frozenset("a"))), pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await do_action(specs.on_leaf_saved, "oak", None)
    assert registry.failures.counts(None) == ()


async def test_a_wrong_call_is_the_callers_mistake_not_a_plugins(registry: HookRegistry, part: Part) -> None:
    registry.register("a", part(on_leaf_saved=lambda leaf: None))
    with use_plan(registry.plan(frozenset("a"))):
        with pytest.raises(TypeError, match="on_leaf_saved"):
            await do_action(specs.on_leaf_saved, "oak")  # type: ignore[call-arg]
        with pytest.raises(HookUnknown, match="called as filter"):
            await apply_filters(specs.on_leaf_saved, "oak", None)
        with pytest.raises(HookUnknown, match="not a published hook"):
            await do_action(lambda: None)
    assert registry.failures.counts(None) == ()


async def test_outside_a_plan_every_caller_says_so() -> None:
    for call in (
        lambda: do_action(specs.on_leaf_saved, "oak", None),
        lambda: apply_filters(specs.filter_leaf_colour, "green"),
        lambda: collect(specs.register_leaf_kinds),
        current_plan,
    ):
        with pytest.raises(NoPlan, match="use_plan"):
            call()


async def test_two_sites_at_once_each_have_their_own_plugins(registry: HookRegistry, part: Part) -> None:
    gate = asyncio.Event()

    async def waits(text: str) -> str:
        await gate.wait()
        return text + "1"

    registry.register("one", part(filter_leaf_text=waits))
    registry.register("two", part(filter_leaf_text=lambda text: text + "2"))

    async def visit(*enabled: str) -> str:
        with use_plan(registry.plan(frozenset(enabled))):
            first = await apply_filters(specs.filter_leaf_text, "", "oak", 1)
            return first + await apply_filters(specs.filter_leaf_text, "", "oak", 1)

    first, second = asyncio.create_task(visit("one")), asyncio.create_task(visit("two"))
    assert await second == "22"
    gate.set()
    assert await first == "11"


def test_a_collection_comes_with_its_owners_and_a_site_gets_its_share(
    registry: HookRegistry, part: Part
) -> None:
    calls: list[str] = []

    def bring(*items: str) -> Callable[[], list[str]]:
        def kinds() -> list[str]:
            calls.append(items[0])
            return list(items)

        return kinds

    registry.register("b", part(register_leaf_kinds=bring("beech")))
    registry.register("core", part(register_leaf_kinds=bring("oak", "elm")))
    registry.register("a", part(priority=5, register_leaf_kinds=bring("ash")))
    registry.gather()
    with use_plan(registry.plan(frozenset({"a", "b"}))):
        assert collect(specs.register_leaf_kinds) == ("ash", "oak", "elm", "beech")
        assert collect_owned(specs.register_leaf_kinds) == (
            ("a", "ash"),
            ("core", "oak"),
            ("core", "elm"),
            ("b", "beech"),
        )
    with use_plan(registry.plan(frozenset({"b"}))):
        assert collect(specs.register_leaf_kinds) == ("oak", "elm", "beech")
    assert sorted(calls) == ["ash", "beech", "oak"]  # once each, at start


@pytest.mark.parametrize(
    ("brought", "complaint"),
    [
        (lambda: None, "returned NoneType"),
        (lambda: "oak", "returned str"),
        (lambda: ["oak", 7], "brought 7, which is no str"),
        (lambda: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_collection_that_brings_nonsense_stops_the_start(
    registry: HookRegistry, part: Part, brought: Callable[[], object], complaint: str
) -> None:
    registry.register("a", part(register_leaf_kinds=brought))
    with pytest.raises(StartError, match=complaint) as caught:
        registry.gather()
    assert "“a”" in caught.value.message


def test_a_collection_of_classes_takes_classes_only(registry: HookRegistry, part: Part) -> None:
    registry.register("a", part(register_leaf_classes=lambda: [ValueError]))
    registry.gather()
    registry.register("b", part(register_leaf_classes=lambda: [ValueError()]))
    with pytest.raises(StartError, match="which is no Exception"):
        registry.gather()


async def test_hooks_after_the_commit_keep_site_actor_and_plan(
    registry: HookRegistry, part: Part, tmp_path: Path
) -> None:
    heard: list[object] = []
    registry.register(
        "a",
        part(
            on_leaf_saved=lambda leaf: heard.append((leaf, current_tenant(), current_actor(), maybe_work()))
        ),
    )
    database = SqliteDatabase(tmp_path / "test.db")
    await database.start()
    tenant, actor = _tenant(), Actor(kind="user", name="Rita")
    with use_database(database):
        async with platform_work():
            with acting(tenant, actor), use_plan(registry.plan(frozenset("a"))):
                after_commit(specs.on_leaf_saved, "oak", None)
                with pytest.raises(HookUnknown, match="inside the unit of work"):
                    after_commit(specs.on_leaf_saving, "oak")
            assert heard == []
    assert heard == [("oak", tenant, actor, None)]
    await database.stop()


async def test_hooks_after_a_commit_that_did_not_happen_are_not_called(
    registry: HookRegistry, part: Part, tmp_path: Path
) -> None:
    heard: list[str] = []
    registry.register("a", part(on_leaf_saved=lambda leaf: heard.append(leaf)))

    async def undone(leaf: str) -> None:
        async with platform_work():
            after_commit(specs.on_leaf_saved, leaf, None)
            raise Refused("No.")

    database = SqliteDatabase(tmp_path / "test.db")
    await database.start()
    with use_database(database), use_plan(registry.plan(frozenset("a"))):
        with pytest.raises(Refused):
            await undone("rolled back")
        async with platform_work():
            with pytest.raises(Refused):
                await undone("rolled back inside")
            after_commit(specs.on_leaf_saved, "kept", None)
        with pytest.raises(OutsideUnit):
            after_commit(specs.on_leaf_saved, "outside", None)
    assert heard == ["kept"]
    await database.stop()
