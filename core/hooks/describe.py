"""Hooks as data, for `vitral hooks list|show`, the admin and the generated reference."""

from __future__ import annotations

import inspect
import re

import msgspec

from core.hooks.implementations import Implementation
from core.hooks.registry import HookRegistry
from core.hooks.specs import Hook, Verb
from core.hooks.suggest import WORDPRESS_HOOKS

__all__ = ["HookDescription", "ImplementationDescription", "describe", "describe_hook", "describe_plugin"]

_MODULES = re.compile(r"\b(?:[a-z_]\w*\.)+(?=[A-Za-z_])")


class ImplementationDescription(msgspec.Struct, frozen=True, kw_only=True):
    """One implementation of a hook."""

    hook: str
    plugin: str
    priority: int
    is_async: bool
    function: str
    arguments: tuple[str, ...]
    file: str
    line: int

    @property
    def location(self) -> str:
        """File and line, as editors and terminals open them."""
        return f"{self.file}:{self.line}"


class HookDescription(msgspec.Struct, frozen=True, kw_only=True):
    """One published hook."""

    name: str
    verb: Verb
    owner: str
    module: str
    signature: str
    """Such as `on_post_saved(post: PostView, before: PostView | None) -> None`."""
    doc: str
    refusable: bool
    """It runs inside the unit of work and may raise `Refused`."""
    wordpress: tuple[str, ...]
    """Names of hooks that do the same in WordPress."""
    implementations: tuple[ImplementationDescription, ...]
    """Of all installed plugins, in the order they run."""


def describe(registry: HookRegistry) -> tuple[HookDescription, ...]:
    """Return every hook, by module and then by name."""
    hooks = sorted(registry.hooks.values(), key=lambda hook: (hook.module, hook.name))
    return tuple(_hook(registry, hook) for hook in hooks)


def describe_hook(registry: HookRegistry, name: str) -> HookDescription:
    """Return one hook.

    Raises:
        NotFound: There is none of this name; says which was probably meant.
    """
    return _hook(registry, registry.hook(name))


def describe_plugin(registry: HookRegistry, plugin: str) -> tuple[ImplementationDescription, ...]:
    """Return what a plugin implements, by name of the hook."""
    return tuple(
        _implementation(entry)
        for _name, hook in sorted(registry.hooks.items())
        for entry in registry.implementations(hook)
        if entry.plugin == plugin
    )


def _hook(registry: HookRegistry, hook: Hook) -> HookDescription:
    return HookDescription(
        name=hook.name,
        verb=hook.verb,
        owner=hook.owner,
        module=hook.module,
        signature=f"{hook.name}{_signature(hook)}",
        doc=inspect.getdoc(hook.function) or "",
        refusable=hook.refusable,
        wordpress=tuple(sorted(name for name, ours in WORDPRESS_HOOKS.items() if hook.name in ours)),
        implementations=tuple(_implementation(entry) for entry in registry.implementations(hook)),
    )


def _signature(hook: Hook) -> str:
    signature = inspect.signature(hook.function)
    hints = inspect.get_annotations(hook.function)
    parameters = ", ".join(f"{name}: {_type(hints[name])}" for name in signature.parameters)
    return f"({parameters}) -> {_type(hints['return'])}"


def _type(annotation: object) -> str:
    """Write a type as its author did: without the modules that classes come from."""
    return _MODULES.sub(
        "", annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    )


def _implementation(entry: Implementation) -> ImplementationDescription:
    file, line = entry.place
    return ImplementationDescription(
        hook=entry.hook.name,
        plugin=entry.plugin,
        priority=entry.priority,
        is_async=entry.is_async,
        function=f"{entry.function.__module__}.{entry.function.__qualname__}",
        arguments=(*entry.positional, *entry.keyword),
        file=file,
        line=line,
    )
