"""The two marks of the hook system: `@hookspec` publishes a hook, `@hookimpl` implements one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, overload

from pluggy import HookimplMarker, HookspecMarker

__all__ = ["DEFAULT_PRIORITY", "PROJECT", "hookimpl", "hookspec"]

F = TypeVar("F", bound=Callable[..., Any])

PROJECT: Final = "vitral"
"""The name that pluggy keeps our marks under."""

DEFAULT_PRIORITY: Final = 10
"""WordPress's default, so that numbers carried over from there mean the same."""

hookspec: Final = HookspecMarker(PROJECT)
_mark: Final = HookimplMarker(PROJECT)


@overload
def hookimpl(hook: F, /) -> F: ...


@overload
def hookimpl(hook: str | None = None, *, priority: int = DEFAULT_PRIORITY) -> Callable[[F], F]: ...


def hookimpl(hook: F | str | None = None, *, priority: int = DEFAULT_PRIORITY) -> F | Callable[[F], F]:
    """Mark a function as the implementation of a hook.

    Works bare (`@hookimpl`) and with arguments (`@hookimpl("on_post_saved", priority=5)`). The
    function may be `def` or `async def`, except for `register_*` hooks, which are plain `def`. It
    names only the arguments that it wants.

    Args:
        hook: Name of the hook; the function's own name unless given. It lets one plugin implement
            a hook twice.
        priority: Lower runs first. At equal priority the core comes first, then plugins by name.

    Returns:
        The function itself, marked, or a decorator that marks one.
    """

    def mark(function: F, name: str | None = None) -> F:
        marked = _mark(function, specname=name)
        # pluggy hands an implementation's options on whole, so ours can travel with them
        getattr(marked, f"{PROJECT}_impl")["priority"] = priority
        return marked

    if hook is None or isinstance(hook, str):
        name = hook
        return lambda function: mark(function, name)
    return mark(hook)
