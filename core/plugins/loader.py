"""Loading: from what is installed to a registry that is checked through, or a refusal to start."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any

from core.db import all_tables, personal_columns
from core.errors import StartError
from core.hooks import CORE, HookRegistry, did_you_mean, standard_hooks
from core.plugins import graph
from core.plugins.discovery import Found, LoadFailure, discover, failure_of
from core.plugins.manifest import Plugin
from core.plugins.names import check_collected
from core.plugins.parts import InstalledPlugin, import_parts, install
from core.plugins.registry import LoadReport, Registry

__all__ = ["Loader"]

log = logging.getLogger("vitral.plugins")


class Loader:
    """Finds, imports and checks the plugins of an installation.

    Args:
        extra: Plugins given as objects, beside those found by entry point (tests, development).
        safe: Load only ours.
        core: Modules with the core's own implementations.
        points: Entry points to look at; those of the environment unless given.
    """

    def __init__(
        self,
        *,
        extra: Sequence[Plugin] = (),
        safe: bool = False,
        core: Sequence[object] = (),
        points: Iterable[EntryPoint] | None = None,
    ) -> None:
        self._extra = extra
        self._safe = safe
        self._core = core
        self._points = points

    def load(self) -> Registry:
        """Load everything.

        A plugin whose import fails is logged, reported and left out, and so are those of others that
        require it.

        Raises:
            StartError: Something is wrong that must not be served: a name, a hook, a requirement, or
                a plugin of ours requires one that failed. The message names the plugin.
        """
        discovery = discover(self._extra, safe=self._safe, points=self._points)
        failures = {failure.name: failure for failure in discovery.failures}
        found = {entry.plugin.name: entry for entry in discovery.found}
        order = graph.load_order({name: entry.plugin for name, entry in found.items()}, failures)
        installed: dict[str, InstalledPlugin] = {}
        for name in order:
            loaded = _load(found[name], failures)
            if isinstance(loaded, LoadFailure):
                failures[name] = loaded
            else:
                installed[name] = loaded
        for failure in failures.values():
            log.error(
                "The plugin “%s” could not be loaded: %s\n%s", failure.name, failure.error, failure.traceback
            )
        _check_tables(installed)
        hooks = standard_hooks()
        _register(hooks, self._core, installed)
        report = LoadReport(
            loaded=tuple(installed), failures=tuple(failures.values()), left_out=discovery.left_out
        )
        return Registry(hooks, installed, report)


def _load(entry: Found, failures: Mapping[str, LoadFailure]) -> InstalledPlugin | LoadFailure:
    plugin = entry.plugin
    broken = [name for name in plugin.requires if name in failures]
    if broken:
        if entry.first_party:
            raise StartError(
                f"The plugin “{plugin.name}” requires “{broken[0]}”, which could not be loaded:"
                f" {failures[broken[0]].error}",
                hint="Repair its installation, or uninstall it.",
            )
        return LoadFailure(
            name=plugin.name,
            distribution=entry.distribution,
            error=f"It requires “{broken[0]}”, which could not be loaded.",
        )
    try:
        parts = import_parts(plugin, entry.package)
    except (Exception, SystemExit) as error:  # whatever a module of others does must not stop the sites
        _disown(entry)
        return failure_of(plugin.name, entry.distribution, error)
    return install(
        plugin, entry.package, parts, distribution=entry.distribution, first_party=entry.first_party
    )


def _disown(entry: Found) -> None:
    """Say whose the tables are that a failed plugin left behind: nobody may take them for the core's."""
    for table in all_tables():
        if entry.package and table.__module__.startswith(f"{entry.package}."):
            table.owner = entry.plugin.name


def _check_tables(installed: Mapping[str, InstalledPlugin]) -> None:
    owners = {table._meta.tablename: CORE for table in all_tables() if table.__module__.startswith("core.")}
    for name, plugin in installed.items():
        for table in plugin.tables:
            owner = owners.setdefault(table._meta.tablename, name)
            if owner != name:
                raise StartError(
                    f"Two owners keep a table {table._meta.tablename!r}: “{owner}” and “{name}”."
                )


def _register(hooks: HookRegistry, core: Sequence[object], installed: Mapping[str, InstalledPlugin]) -> None:
    for name, plugin in installed.items():
        for module in plugin.manifest.hookspecs:
            hooks.add_hookspecs(_module(name, module), name)
    hooks.register(CORE, *core)
    for name, plugin in installed.items():
        part = plugin.parts.get("hooks")
        hooks.register(name, *(() if part is None else (part,)))
    _check_publishers(hooks, installed)
    hooks.gather()
    ours = [name for name, plugin in installed.items() if plugin.first_party]
    everything = hooks.plan(frozenset(installed))
    for hook in hooks.hooks.values():
        if hook.verb == "collection":
            check_collected(hook.name, everything.collections[hook.function], first_party=ours)
    _check_owners(
        everything.collections[hooks.hook("register_extensions").function],
        everything.collections[hooks.hook("register_owner_types").function],
    )
    _check_personal(hooks, installed)


def _check_owners(extensions: Iterable[tuple[str, Any]], owner_types: Iterable[tuple[str, Any]]) -> None:
    """Refuse an extension of something that nobody lets be extended: it would never be asked."""
    known = [item.name for _owner, item in owner_types]
    for plugin, extension in extensions:
        if extension.owner not in known:
            raise StartError(
                f"The plugin “{plugin}” extends {extension.owner!r}, which no plugin brings.",
                hint=did_you_mean(extension.owner, known) or f"There are: {', '.join(sorted(known))}.",
            )


def _check_personal(hooks: HookRegistry, installed: Mapping[str, InstalledPlugin]) -> None:
    """Refuse a plugin that keeps personal data and can neither give it out nor take it away (the fifth seam)."""
    providers = {entry.plugin for entry in hooks.implementations(hooks.hook("register_personal_data"))}
    for name, plugin in installed.items():
        kept = [
            f"{table._meta.tablename}.{column._meta.name}"
            for table in plugin.tables
            for column, _mark in personal_columns(table._meta.columns)
        ]
        if kept and name not in providers:
            raise StartError(
                f"The plugin “{name}” keeps personal data ({', '.join(kept[:3])}) without an entry for whose it is.",
                hint="Implement register_personal_data in its hooks.py: export and erasure by e-mail address.",
            )


def _module(plugin: str, module: str | ModuleType) -> ModuleType:
    if isinstance(module, ModuleType):
        return module
    try:
        return import_module(module)
    except ImportError as error:
        raise StartError(
            f"The plugin “{plugin}” publishes the hooks of {module}, which can't be imported: {error}."
        ) from error


def _check_publishers(hooks: HookRegistry, installed: Mapping[str, InstalledPlugin]) -> None:
    manifests: dict[str, Any] = {name: plugin.manifest for name, plugin in installed.items()}
    for hook in hooks.hooks.values():
        for entry in hooks.implementations(hook):
            if hook.owner in (CORE, entry.plugin) or entry.plugin == CORE:
                continue
            if hook.owner not in graph.closure(manifests, (entry.plugin,)):
                raise StartError(
                    f"The plugin “{entry.plugin}” implements {hook.name} without requiring “{hook.owner}”.",
                    hint=f"Write requires=({hook.owner!r},) in its manifest.",
                )
