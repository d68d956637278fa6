"""The registry: which hooks exist, who implements them, and a plan for each set of enabled plugins."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType, ModuleType, UnionType
from typing import Any, get_args, get_origin

from pluggy import PluginManager

from core.contract.markers import PROJECT
from core.errors import NotFound, StartError
from core.hooks.failures import ErrorObserver, Failures, HookFailure
from core.hooks.implementations import Implementation, read_implementations
from core.hooks.plan import Plan
from core.hooks.specs import CORE, Hook, read_specs
from core.hooks.suggest import suggest
from core.structs import missing_part, wrong_field

__all__ = ["HookRegistry"]

log = logging.getLogger("vitral.hooks")


class HookRegistry:
    """Hooks and implementations of one application. pluggy registers and validates, plans call.

    Attributes:
        failures: Counts of what went wrong, fed by `on_error` unless that is replaced.
        on_error: Called with each failure of an implementation. It must not raise.
    """

    def __init__(self) -> None:
        self._manager = PluginManager(PROJECT)
        self._hooks: dict[str, Hook] = {}
        self._by_spec: dict[Callable[..., Any], Hook] = {}
        self._parts: dict[str, tuple[str, ...]] = {}
        """The names that pluggy knows an owner's parts under."""
        self._read: dict[tuple[str, str, Any], Implementation] = {}
        """Implementations by pluggy's name of the part, hook and function."""
        self._ordered: dict[Hook, tuple[Implementation, ...]] | None = None
        self._plans: dict[frozenset[str], Plan] = {}
        self._items: dict[Implementation, tuple[Any, ...]] = {}
        self.failures = Failures()
        self.on_error: ErrorObserver = self.failures.record

    @property
    def hooks(self) -> Mapping[str, Hook]:
        """Published hooks by name."""
        return MappingProxyType(self._hooks)

    @property
    def owners(self) -> frozenset[str]:
        """Names of the plugins that are registered, "core" among them."""
        return frozenset(self._parts)

    def hook(self, name: str) -> Hook:
        """Return a hook by its name.

        Raises:
            NotFound: There is none; says which was probably meant.
        """
        try:
            return self._hooks[name]
        except KeyError:
            raise NotFound(f"There is no hook {name}.", hint=suggest(name, self._hooks)) from None

    def implementations(self, hook: Hook) -> tuple[Implementation, ...]:
        """Return all implementations of `hook`, of all plugins, in the order they run."""
        return self._order().get(hook, ())

    def add_hookspecs(self, module: ModuleType, owner: str = CORE) -> None:
        """Publish the hooks of `module`.

        Args:
            module: `@hookspec` functions with docstrings and full annotations.
            owner: "core", or the plugin that publishes them; its hooks carry its name.

        Raises:
            StartError: A specification is wrong, or its name is taken.
        """
        fresh = {hook.name: hook for hook in read_specs(module, owner)}
        for name in fresh:
            if name in self._hooks:
                raise StartError(
                    f"Two modules publish the hook {name}: {self._hooks[name].module} and {module.__name__}."
                )
        # pluggy would also take functions that the module merely imports
        own = ModuleType(module.__name__)
        vars(own).update({name: hook.function for name, hook in fresh.items()})
        self._manager.add_hookspecs(own)
        self._hooks.update(fresh)
        self._by_spec.update({hook.function: hook for hook in fresh.values()})
        self._changed()

    def register(self, name: str, *parts: object) -> None:
        """Register what a plugin does.

        Args:
            name: The plugin's name, or "core". Enabling goes by it, never by what a part says.
            parts: Modules or objects with `@hookimpl` functions; none for a plugin without hooks.

        Raises:
            StartError: The name is taken, or an implementation is wrong. Nothing is registered then.
        """
        if name in self._parts:
            raise StartError(f"Two plugins are named “{name}”.", hint="Uninstall one of them, or rename it.")
        for index, part in enumerate(parts):
            if self._manager.is_registered(part) or part in parts[:index]:
                raise StartError(f"The plugin “{name}” registers {part!r}, which is registered already.")
        read: dict[tuple[str, str, Any], Implementation] = {}
        labels = [f"{name}:{index}" for index in range(len(parts))]
        for label, part in zip(labels, parts, strict=True):
            for entry in read_implementations(part, name, self._hooks):
                read[label, entry.hook.name, entry.function] = entry
        for label, part in zip(labels, parts, strict=True):
            self._manager.register(part, label)
        self._read.update(read)
        self._parts[name] = tuple(labels)
        self._changed()

    def unregister(self, name: str) -> None:
        """Take a plugin's implementations out; hooks that it published stay.

        Raises:
            NotFound: It is not registered.
        """
        if name not in self._parts:
            raise NotFound(f"No plugin “{name}” is registered.")
        labels = set(self._parts.pop(name))
        for label in labels:
            self._manager.unregister(name=label)
        self._read = {key: entry for key, entry in self._read.items() if key[0] not in labels}
        self._items = {entry: items for entry, items in self._items.items() if entry.plugin != name}
        self._changed()

    def _changed(self) -> None:
        self._plans.clear()
        self._ordered = None

    def _order(self) -> dict[Hook, tuple[Implementation, ...]]:
        """Return all implementations in the order they run, sorted once after the last change."""
        if self._ordered is None:
            self._ordered = {
                hook: tuple(
                    sorted(
                        (
                            self._read[impl.plugin_name, hook.name, impl.function]
                            for impl in getattr(self._manager.hook, hook.name).get_hookimpls()
                        ),
                        key=lambda entry: entry.order,
                    )
                )
                for hook in self._hooks.values()
            }
        return self._ordered

    def plan(self, enabled: frozenset[str]) -> Plan:
        """Return the plan for a set of enabled plugins; the core is always in it.

        Names that are not registered (a plugin that failed to load) are left out.
        """
        plan = self._plans.get(enabled)
        if plan is None:
            plan = self._plans[enabled] = self._make(enabled)
        return plan

    def _make(self, enabled: frozenset[str]) -> Plan:
        present = (enabled | {CORE}) & (self.owners | {CORE})
        return Plan(
            present,
            dict(self._by_spec),
            {
                hook: tuple(entry for entry in entries if entry.plugin in present)
                for hook, entries in self._order().items()
            },
            self._gather,
            self._observe,
        )

    def _observe(self, failure: HookFailure) -> None:
        try:
            self.on_error(failure)
        except Exception:
            log.exception("The observer of hook failures failed itself.")

    def gather(self) -> None:
        """Call every implementation of every collection, so that what is wrong with one stops the start.

        Raises:
            StartError: One raised, or brought something else than the hook asks for.
        """
        for hook, entries in self._order().items():
            if hook.verb == "collection":
                for entry in entries:
                    self._gather(entry)

    def _gather(self, entry: Implementation) -> tuple[Any, ...]:
        if entry not in self._items:
            self._items[entry] = _items_of(entry)
        return self._items[entry]


def _items_of(entry: Implementation) -> tuple[Any, ...]:
    file, line = entry.place
    where = f"The plugin “{entry.plugin}” in {entry.hook.name} ({file}:{line})"
    try:
        brought = entry.function()
        items = (
            tuple(brought) if isinstance(brought, Iterable) and not isinstance(brought, str | bytes) else None
        )
    except Exception as error:
        raise StartError(f"{where} failed: {type(error).__name__}: {error}") from error
    if items is None:
        raise StartError(
            f"{where} returned {type(brought).__name__}.", hint="Return a list, empty if there is nothing."
        )
    wanted, of_class = _wanted(entry.hook.item)
    for item in items:
        if wanted and not (
            isinstance(item, type) and issubclass(item, wanted) if of_class else isinstance(item, wanted)
        ):
            kinds = " or ".join(kind.__name__ for kind in wanted)
            raise StartError(f"{where} brought {item!r}, which is no {kinds}.")
        if wrong := wrong_field(item):
            name = getattr(item, "name", None)
            named = f" {name!r}" if isinstance(name, str) else ""
            raise StartError(f"{where} brought a {type(item).__name__}{named} with a wrong {wrong}.")
        if _is_protocol(entry.hook.item) and (missing := missing_part(item, entry.hook.item)):
            raise StartError(
                f"{where} brought {item!r}, which is no {entry.hook.item.__name__}: {missing}.",
                hint=f"See {entry.hook.item.__module__}.{entry.hook.item.__name__}.",
            )
    return items


def _is_protocol(annotation: Any) -> bool:
    return isinstance(annotation, type) and getattr(annotation, "_is_protocol", False)


def _wanted(annotation: Any) -> tuple[tuple[type, ...], bool]:
    """Return the classes that items must be of, and whether the items are classes; () checks nothing."""
    if get_origin(annotation) is type:
        return tuple(arg for arg in get_args(annotation) if isinstance(arg, type)), True
    if isinstance(annotation, UnionType):
        parts = get_args(annotation)
    else:
        parts = (get_origin(annotation) or annotation,)
    # a Protocol says nothing about isinstance
    if all(isinstance(part, type) and not _is_protocol(part) for part in parts):
        return tuple(parts), False
    return (), False
