"""Structs that plugins make in code: msgspec checks what it decodes, and takes anything from a constructor."""

import inspect
import typing
from collections.abc import Awaitable, Callable
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import msgspec

__all__ = ["missing_part", "wrong_field"]

_AWAITED: Final = (Awaitable, typing.Coroutine)


def wrong_field(item: Any) -> str:
    """Return what is wrong with the first field of a Struct that holds something else than it says, "" if none does.

    Args:
        item: The Struct; of anything else nothing is known, so nothing is wrong.
    """
    if not isinstance(item, msgspec.Struct):
        return ""
    for name, hint in _hints(type(item)).items():
        if complaint := _complaint(getattr(item, name), hint):
            return f"{name}: {complaint}"
    return ""


def missing_part(item: Any, protocol: type) -> str:
    """Return why an object can't stand for a Protocol, "" if it can: a method that it lacks, or one that is not async."""
    if isinstance(item, type):
        return f"it is a class; make one: {item.__name__}()"
    for name, wanted in vars(protocol).items():
        if name.startswith("_") or not inspect.isfunction(wanted):
            continue
        method = getattr(item, name, None)
        if not callable(method):
            return f"it has no method {name}"
        if complaint := _no_function(
            getattr(method, "__func__", method),
            Awaitable[Any] if inspect.iscoroutinefunction(wanted) else Any,
        ):
            return complaint
    return ""


@cache
def _hints(model: type[msgspec.Struct]) -> dict[str, Any]:
    hints = typing.get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.__struct_fields__}


def _complaint(value: Any, hint: Any) -> str:
    origin = get_origin(hint)
    if origin is Annotated and get_origin(get_args(hint)[0]) is not None:
        return _complaint(value, get_args(hint)[0]) or _own_check(value, hint)
    if origin in (Union, UnionType):
        if value is None and NoneType in get_args(hint):
            return ""
        parts = [part for part in get_args(hint) if part is not NoneType]
        if len(parts) == 1:
            return _complaint(value, parts[0])
    if origin is Callable:
        return _no_function(value, get_args(hint)[1])
    if origin is type:
        wanted = get_args(hint)[0]
        fits = isinstance(value, type) and (not isinstance(wanted, type) or issubclass(value, wanted))
        return "" if fits else f"{value!r} is no class of {getattr(wanted, '__name__', wanted)}"
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        return f"{error} ({value!r})"
    except TypeError:  # a type that msgspec knows nothing of
        return ""
    return _own_check(value, hint) if origin is Annotated else ""


def _own_check(value: Any, hint: Any) -> str:
    """Return what a field's own function says, `Meta(extra={"check": function})`."""
    checks = [(mark.extra or {}).get("check") for mark in hint.__metadata__ if isinstance(mark, msgspec.Meta)]
    return next(filter(None, (check(value) for check in checks if check is not None)), "")


def _no_function(value: Any, returned: Any) -> str:
    if not callable(value):
        return f"{value!r} can't be called"
    if get_origin(returned) not in _AWAITED or not inspect.isfunction(value) or value.__name__ == "<lambda>":
        return ""
    annotated = value.__annotations__.get("return")
    if inspect.iscoroutinefunction(value) or get_origin(annotated) in _AWAITED or isinstance(annotated, str):
        return ""
    return f"{value.__qualname__} is not async; write `async def`"
