"""The callers. A specification is the key, so type checkers see every argument of every call."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterable
from contextvars import ContextVar
from typing import Any, Final, ParamSpec, TypeVar, cast

from core.ambient import Using
from core.context import acting, current_actor, maybe_tenant
from core.db import current_work
from core.hooks.errors import HookUnknown, NoPlan
from core.hooks.plan import Plan

__all__ = [
    "PLAN",
    "after_commit",
    "apply_filters",
    "collect",
    "collect_owned",
    "current_plan",
    "do_action",
    "report_failure",
    "use_plan",
]

log = logging.getLogger("vitral.hooks")

P = ParamSpec("P")
T = TypeVar("T")


class _Nowhere:
    """Stands where no plan is. Asking it costs the callers nothing, which a check of their own would."""

    def __getattr__(self, name: str) -> Any:
        raise NoPlan


_NOWHERE: Final = cast("Plan", _Nowhere())
_plan: ContextVar[Plan] = ContextVar("vitral_plan", default=_NOWHERE)


PLAN: Final = _plan
"""The variable itself, for the layer that sets it for every request: a context manager costs it more."""


def current_plan() -> Plan:
    """Return the plan in force: the site's, or on the platform that of the installation's plugins.

    Raises:
        NoPlan: There is none.
    """
    plan = _plan.get()
    if plan is _NOWHERE:
        raise NoPlan
    return plan


def use_plan(plan: Plan) -> Using[Plan]:
    """Call the hooks of `plan` inside the block."""
    return Using(_plan, plan)


def do_action(spec: Callable[P, None], /, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, None]:
    """Tell everybody who implements `spec`, one after the other.

    `await do_action(content.on_post_saved, post, before)`
    What they return is ignored. A failure is logged and counted, and the next one still runs;
    in an -ing hook it ends the call instead.

    Raises:
        Refused: An -ing hook said no; `plugin` says whose. Other errors for people pass likewise.
        HookFailed: An -ing hook failed.
        HookUnknown: `spec` is not a published action.
    """
    running: Coroutine[Any, Any, None] = _plan.get().actions[spec](*args, **kwargs)
    return running


def apply_filters(spec: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, T]:
    """Pass a value through everybody who implements `spec`.

    `title = await apply_filters(content.filter_post_title, title, post)`
    Each gets what the one before returned. A failure is logged and counted, and the value stays as
    it was before the one that failed.

    Raises:
        HookUnknown: `spec` is not a published filter.
    """
    running: Coroutine[Any, Any, T] = _plan.get().filters[spec](*args, **kwargs)
    return running


def collect(spec: Callable[[], Iterable[T]], /) -> tuple[T, ...]:
    """Return what the plugins in force brought for a collection: `collect(admin.register_menu_items)`.

    Items come in the order of hooks: by priority, the core first, then plugins by name.

    Raises:
        HookUnknown: `spec` is not a published collection.
    """
    return tuple(item for _owner, item in _plan.get().collections[spec])


def collect_owned(spec: Callable[[], Iterable[T]], /) -> tuple[tuple[str, T], ...]:
    """Return what `collect` returns, each item with the plugin that brought it ("core" for ours)."""
    owned: tuple[tuple[str, T], ...] = _plan.get().collections[spec]
    return owned


def after_commit(spec: Callable[P, None], /, *args: P.args, **kwargs: P.kwargs) -> None:
    """Call an -ed hook once the unit of work in progress has been committed, for the same site and actor.

    If the unit, or the savepoint this was called in, is rolled back, the hook is not called.

    Raises:
        OutsideUnit: There is no write unit.
        HookUnknown: `spec` is not a published action, or it is an -ing hook: those belong inside.
    """
    plan, tenant, actor = current_plan(), maybe_tenant(), current_actor()
    runner: Callable[..., Coroutine[Any, Any, None]] = plan.actions[spec]
    if plan.hooks[spec].refusable:
        raise HookUnknown(
            f"{spec.__name__} belongs inside the unit of work.", hint="Call it with do_action()."
        )

    async def run() -> None:
        with acting(tenant, actor), use_plan(plan):
            await runner(*args, **kwargs)

    current_work().after_commit(run)


def report_failure(plugin: str, what: str, error: Exception) -> None:
    """Log and count what went wrong in something that a plugin brought to a collection, as a failing hook is.

    For whoever calls it and goes on without it.

    Args:
        plugin: The plugin, as `collect_owned` names it.
        what: What failed, in a few words: "the widget text (3)".
        error: What it raised.
    """
    log.error("The plugin “%s” failed in %s, which is left out.", plugin, what, exc_info=error)
    current_plan().tell(plugin, what, error)
