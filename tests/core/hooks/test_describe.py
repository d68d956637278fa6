"""Hooks as data: what the CLI, the admin and the reference show."""

from collections.abc import Callable
from types import SimpleNamespace

import msgspec
import pytest

from core.errors import NotFound
from core.hooks import HookRegistry, describe, describe_hook, describe_plugin, standard_hooks

Part = Callable[..., SimpleNamespace]


def test_a_hook_is_described_with_its_implementations_in_order(registry: HookRegistry, part: Part) -> None:
    async def later(leaf: str) -> None: ...

    registry.register("zebra", part(priority=5, on_leaf_saved=lambda before, leaf: None))
    registry.register("acf", part(on_leaf_saved=later))
    shown = describe_hook(registry, "on_leaf_saved")
    assert (shown.verb, shown.owner, shown.module) == ("action", "core", "tests.core.hooks.specs")
    assert shown.signature == "on_leaf_saved(leaf: str, before: str | None) -> None"
    assert shown.doc.startswith("Fire after a leaf was saved.\n\nArgs:\n    leaf: The leaf.")
    assert not shown.refusable
    first, second = shown.implementations
    assert (first.plugin, first.priority, first.is_async, first.arguments) == (
        "zebra",
        5,
        False,
        ("before", "leaf"),
    )
    assert (second.plugin, second.priority, second.is_async, second.arguments) == ("acf", 10, True, ("leaf",))
    assert second.file == __file__
    assert second.line == later.__code__.co_firstlineno
    assert [entry.hook for entry in describe_plugin(registry, "acf")] == ["on_leaf_saved"]
    with pytest.raises(NotFound, match="Did you mean on_leaf_saved"):
        describe_hook(registry, "on_leaf_save")


def test_signatures_read_as_their_authors_wrote_them() -> None:
    shown = {hook.name: hook for hook in describe(standard_hooks())}
    assert (
        shown["on_post_saved"].signature == "on_post_saved(post: PostView, before: PostView | None) -> None"
    )
    assert shown["register_jobs"].signature == "register_jobs() -> Iterable[JobKind]"
    assert "save_post" in shown["on_post_saved"].wordpress
    assert shown["on_post_saving"].refusable
    assert msgspec.json.decode(msgspec.json.encode(list(shown.values())))
