"""The hooks that every installation has: those of the package `hookspecs`."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import hookspecs
from core.hooks.registry import HookRegistry

__all__ = ["standard_hooks"]


def standard_hooks() -> HookRegistry:
    """Return a registry that publishes every module of `hookspecs`, with no implementations yet.

    Raises:
        StartError: A specification is not what the contract asks for.
    """
    registry = HookRegistry()
    for module in sorted(info.name for info in pkgutil.iter_modules(hookspecs.__path__)):
        registry.add_hookspecs(import_module(f"hookspecs.{module}"))
    return registry
