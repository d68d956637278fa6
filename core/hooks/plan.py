"""Plans: the implementations of one set of enabled plugins, ready to be called.

A plan does not change; the registry keeps one per set and drops them when a plugin comes or goes.
Each hook gets one coroutine function, written out for exactly its implementations the first time it
is called: each is called by place with the arguments it names, awaited if it is async, and guarded
by its own `try`. Looping over a list of callables instead cost 3.7 times a plain list at ten sync
implementations, this 1.4 (`benchmarks/dispatch.py`; the budget is 1.5).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from core.context import maybe_tenant
from core.errors import VitralError
from core.hooks.errors import HookFailed, HookUnknown
from core.hooks.failures import ErrorObserver, HookFailure
from core.hooks.implementations import Implementation
from core.hooks.specs import Hook, Verb

__all__ = ["Plan", "Runner"]

log = logging.getLogger("vitral.hooks")

Runner = Callable[..., Coroutine[Any, Any, Any]]
Spec = Callable[..., Any]


class Plan:
    """What one set of enabled plugins does.

    Args:
        enabled: Names of the plugins in it, "core" among them.
        hooks: All published hooks, by specification.
        implementations: Theirs, in the order they run.
        gather: Returns the items that an implementation of a collection brought.
        observe: Is told of every failure.
    """

    __slots__ = (
        "_gather",
        "_observe",
        "actions",
        "collections",
        "enabled",
        "filters",
        "hooks",
        "implementations",
    )

    def __init__(
        self,
        enabled: frozenset[str],
        hooks: Mapping[Spec, Hook],
        implementations: Mapping[Hook, tuple[Implementation, ...]],
        gather: Callable[[Implementation], tuple[Any, ...]],
        observe: ErrorObserver,
    ) -> None:
        self.enabled = enabled
        self.hooks = hooks
        self.implementations = implementations
        self._gather = gather
        self._observe = observe
        self.actions = Table(self, "action", self._runner)
        self.filters = Table(self, "filter", self._runner)
        self.collections = Table(self, "collection", self._collection)

    def _collection(self, hook: Hook) -> tuple[tuple[str, Any], ...]:
        return tuple(
            (entry.plugin, item) for entry in self.implementations[hook] for item in self._gather(entry)
        )

    def _runner(self, hook: Hook) -> Runner:
        return _write(hook, self.implementations[hook], self._refusal if hook.refusable else self._report)

    def _refusal(self, entry: Implementation, error: Exception) -> Exception:
        """Return what an exception inside the unit of work becomes; the caller raises it."""
        if isinstance(error, HookFailed):
            return error  # a hook that fired inside the implementation: it names the plugin already
        if isinstance(error, VitralError) and (error.status < 500 or error.status == 503):
            # meant for a person, or for a retry: it stays what it is, and says whose it was
            if not getattr(error, "plugin", ""):
                error.plugin = entry.plugin  # type: ignore[attr-defined]  # Refused declares it, its siblings carry it
            return error
        self._tell(entry, error)
        wrapped = HookFailed(entry.plugin, entry.hook.name)
        wrapped.__cause__ = error
        return wrapped

    def _report(self, entry: Implementation, error: Exception) -> None:
        kept = "; the value stays as it was" if entry.hook.verb == "filter" else ""
        log.error("The plugin “%s” failed in %s%s.", entry.plugin, entry.hook.name, kept, exc_info=error)
        self._tell(entry, error)

    def _tell(self, entry: Implementation, error: Exception) -> None:
        self.tell(entry.plugin, entry.hook.name, error)

    def tell(self, plugin: str, what: str, error: Exception) -> None:
        """Count a failure of a plugin: of a hook, or of something that it brought."""
        tenant = maybe_tenant()
        self._observe(
            HookFailure(
                plugin=plugin,
                hook=what,
                error=error,
                tenant_id=tenant.id if tenant is not None else None,
            )
        )


class Table(dict[Spec, Any]):
    """Answers by specification, each made when it is first asked for."""

    __slots__ = ("_make", "_plan", "_verb")

    def __init__(self, plan: Plan, verb: Verb, make: Callable[[Hook], Any]) -> None:
        super().__init__()
        self._plan = plan
        self._verb = verb
        self._make = make

    def __missing__(self, spec: Spec) -> Any:
        hook = self._plan.hooks.get(spec)
        name = getattr(spec, "__qualname__", repr(spec))
        if hook is None:
            raise HookUnknown(
                f"{getattr(spec, '__module__', '?')}.{name} is not a published hook.",
                hint="Add its module with add_hookspecs().",
            )
        if hook.verb != self._verb:
            raise HookUnknown(f"{name} was called as {self._verb}, but it is of the kind {hook.verb}.")
        made = self[spec] = self._make(hook)
        return made


def _write(
    hook: Hook, entries: tuple[Implementation, ...], failed: Callable[[Implementation, Exception], object]
) -> Runner:
    """Write the coroutine function that runs `entries` in order."""
    lines = [f"async def {hook.name}({', '.join(hook.parameters)}):"]
    scope: dict[str, Any] = {"_entries": entries, "_failed": failed}
    on_error = "raise _failed" if hook.refusable else "_failed"
    for index, entry in enumerate(entries):
        scope[f"_{index}"] = entry.function
        arguments = [*entry.positional, *(f"{name}={name}" for name in entry.keyword)]
        call = f"{'await ' if entry.is_async else ''}_{index}({', '.join(arguments)})"
        target = f"{hook.parameters[0]} = " if hook.verb == "filter" else ""
        lines += [
            f"    try: {target}{call}",
            f"    except Exception as _error: {on_error}(_entries[{index}], _error)",
        ]
    lines.append(f"    return {hook.parameters[0]}" if hook.verb == "filter" else "    return None")
    body = "\n".join(f"    {line}" for line in lines)
    maker = f"def _make({', '.join(scope)}):\n{body}\n    return {hook.name}\n"
    space: dict[str, Any] = {}
    exec(compile(maker, f"<plan of {hook.name}>", "exec"), space)  # noqa: S102  # names were checked as identifiers
    runner: Runner = space["_make"](*scope.values())
    return runner
