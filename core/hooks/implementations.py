"""Implementations: everything that can be wrong with one is wrong at start."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import FunctionType, MethodType
from typing import Any

from core.contract.markers import DEFAULT_PRIORITY, PROJECT
from core.errors import StartError
from core.hooks.specs import CORE, Hook
from core.hooks.suggest import did_you_mean, suggest

__all__ = ["Implementation", "read_implementations"]

_FUNCTIONS = (FunctionType, MethodType, staticmethod, classmethod)
_PLUGGY_ORDER = ("wrapper", "hookwrapper", "tryfirst", "trylast", "optionalhook")
_NAMED = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.KEYWORD_ONLY,
)


@dataclass(frozen=True, slots=True, eq=False)
class Implementation:
    """One plugin's function for one hook."""

    hook: Hook
    plugin: str
    function: Callable[..., Any] = field(repr=False)
    priority: int
    is_async: bool
    positional: tuple[str, ...]
    """Arguments it takes by place, in its own order."""
    keyword: tuple[str, ...]
    """Arguments it takes by name only."""

    @property
    def place(self) -> tuple[str, int]:
        """File and line of the function."""
        code = inspect.unwrap(self.function).__code__
        return code.co_filename, code.co_firstlineno

    @property
    def order(self) -> tuple[int, bool, str, int]:
        """Lower comes first: by priority, then the core, then plugins by name, then place in the file."""
        return self.priority, self.plugin != CORE, self.plugin, self.place[1]


def read_implementations(part: object, plugin: str, hooks: Mapping[str, Hook]) -> Iterator[Implementation]:
    """Yield the hook implementations in `part`, each one checked.

    Args:
        part: A module, or any object with marked functions as attributes.
        plugin: Whose they are.
        hooks: Published hooks by name.

    Raises:
        StartError: One of them is wrong; names the plugin, the function and what to write instead.
    """
    for name in dir(part):
        # looked up statically first: a property of the part must not run because we look for hooks
        if not isinstance(inspect.getattr_static(part, name, None), _FUNCTIONS):
            continue
        function = getattr(part, name)
        options = getattr(function, f"{PROJECT}_impl", None)
        if options is None:
            if name in hooks and getattr(function, "__module__", None) == getattr(part, "__name__", None):
                raise _wrong(plugin, name, function, "has a hook's name but no mark.", "Put @hookimpl on it.")
            continue
        hook_name = options.get("specname") or name
        hook = hooks.get(hook_name)
        if hook is None:
            raise _wrong(
                plugin,
                name,
                function,
                f"implements {hook_name}, which is no hook.",
                suggest(hook_name, hooks),
            )
        yield _read(plugin, name, function, options, hook)


def _wrong(plugin: str, name: str, function: Any, what: str, hint: str) -> StartError:
    code = getattr(inspect.unwrap(function), "__code__", None)
    where = f" ({code.co_filename}:{code.co_firstlineno})" if code is not None else ""
    return StartError(f"The plugin “{plugin}”: {name}{where} {what}", hint=hint)


def _read(plugin: str, name: str, function: Any, options: Mapping[str, Any], hook: Hook) -> Implementation:
    for option in _PLUGGY_ORDER:
        if options.get(option):
            raise _wrong(
                plugin,
                name,
                function,
                f"is marked {option}.",
                "Use a priority: @hookimpl(priority=5) runs earlier.",
            )
    priority = options.get("priority", DEFAULT_PRIORITY)
    if not isinstance(priority, int) or isinstance(priority, bool):
        raise _wrong(plugin, name, function, f"has the priority {priority!r}.", "Use a whole number.")
    bare = inspect.unwrap(function)
    if inspect.isasyncgenfunction(bare) or (inspect.isgeneratorfunction(bare) and hook.verb != "collection"):
        raise _wrong(plugin, name, function, "yields, so it would never run.", "Return instead.")
    is_async = inspect.iscoroutinefunction(function)
    if inspect.iscoroutinefunction(bare) and not is_async:
        raise _wrong(
            plugin,
            name,
            function,
            "is async, but wrapped in a decorator that is not.",
            "Make the wrapper async.",
        )
    if is_async and hook.verb == "collection":
        raise _wrong(
            plugin,
            name,
            function,
            "is async.",
            f"{hook.name} is gathered at start: write `def` and return a list.",
        )
    positional, keyword = _arguments(plugin, name, function, hook)
    return Implementation(
        hook=hook,
        plugin=plugin,
        function=function,
        priority=priority,
        is_async=is_async,
        positional=positional,
        keyword=keyword,
    )


def _arguments(plugin: str, name: str, function: Any, hook: Hook) -> tuple[tuple[str, ...], tuple[str, ...]]:
    positional: list[str] = []
    keyword: list[str] = []
    signature = f"{hook.name}({', '.join(hook.parameters)})"
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind not in _NAMED:
            raise _wrong(
                plugin,
                name,
                function,
                f"takes {parameter}.",
                f"Name the arguments that you want of {signature}.",
            )
        # also where it has a default: pluggy would accept that and never fill it
        if parameter.name not in hook.parameters:
            raise _wrong(
                plugin,
                name,
                function,
                f"asks for “{parameter.name}”, which {hook.name} doesn't have.",
                did_you_mean(parameter.name, hook.parameters) or f"It is {signature}.",
            )
        (keyword if parameter.kind is parameter.KEYWORD_ONLY else positional).append(parameter.name)
    if hook.verb == "filter" and positional[:1] != [hook.parameters[0]]:
        raise _wrong(
            plugin,
            name,
            function,
            f"does not take “{hook.parameters[0]}” first.",
            f"A filter gets the value first and returns it: {signature}.",
        )
    return tuple(positional), tuple(keyword)
