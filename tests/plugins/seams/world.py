"""Plugins made on the spot, each filling one of the five seams in its own way."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

from core.contract.markers import hookimpl
from core.plugins import Plugin

__all__ = ["brings"]


def brings(name: str, hook: str, *items: Any, **parts: Any) -> Plugin:
    """Return a plugin that brings `items` to a collection.

    Args:
        name: The plugin's name.
        hook: The collection, such as "register_audit_sinks".
        items: What it brings.
        parts: Further parts: tables, routes.
    """

    def collection() -> Iterable[Any]:
        return items

    collection.__name__ = hook
    marked: Callable[..., Any] = hookimpl(collection)
    return Plugin(
        name=name,
        version="1.0",
        title=name.capitalize(),
        parts={"hooks": SimpleNamespace(**{hook: marked}), **parts},
    )
