"""What a plugin does, as data: what the screen shows before anybody enables it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from core.db import Personal, PlatformTable, personal_columns
from core.hooks import HookRegistry, ImplementationDescription, describe_plugin
from core.plugins.manifest import Command, PluginLevel
from core.plugins.parts import InstalledPlugin
from core.plugins.routes import RouteInfo
from core.plugins.values import SettingField, describe_settings

__all__ = ["Declaration", "PersonalColumn", "declare"]


class PersonalColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of personal data, with what the law wants known of it."""

    table: str
    column: str
    mark: Personal


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a plugin declares, by hand or by its code."""

    name: str
    version: str
    title: str
    description: str
    level: PluginLevel
    distribution: str
    first_party: bool
    requires: tuple[str, ...]
    hosts: tuple[str, ...]
    """Hosts that it talks to."""
    commands: tuple[Command, ...]
    tables: tuple[str, ...]
    platform_tables: tuple[str, ...]
    """Those of its tables that lie outside of all sites."""
    routes: tuple[RouteInfo, ...]
    hooks: tuple[ImplementationDescription, ...]
    publishes: tuple[str, ...]
    """Hooks of its own."""
    brings: Mapping[str, tuple[str, ...]]
    """Names of what it adds, by collection ("register_jobs", "register_audit_sinks" ...)."""
    capabilities: tuple[str, ...]
    """Rights that it brings, and those that its routes ask for."""
    settings: tuple[SettingField, ...]
    personal: tuple[PersonalColumn, ...]


def declare(plugin: InstalledPlugin, hooks: HookRegistry, routes: tuple[RouteInfo, ...]) -> Declaration:
    """Return what `plugin` declares.

    Args:
        plugin: The plugin.
        hooks: The registry that it is registered with.
        routes: What it answers.
    """
    manifest = plugin.manifest
    brings = _brings(plugin.name, hooks)
    asked = {route.capability for route in routes} - {"public"}
    return Declaration(
        name=manifest.name,
        version=manifest.version,
        title=manifest.title,
        description=manifest.description,
        level=manifest.level,
        distribution=plugin.distribution,
        first_party=plugin.first_party,
        requires=manifest.requires,
        hosts=manifest.hosts,
        commands=manifest.commands,
        tables=tuple(sorted(table._meta.tablename for table in plugin.tables)),
        platform_tables=tuple(
            sorted(table._meta.tablename for table in plugin.tables if issubclass(table, PlatformTable))
        ),
        routes=routes,
        hooks=describe_plugin(hooks, plugin.name),
        publishes=tuple(sorted(hook.name for hook in hooks.hooks.values() if hook.owner == plugin.name)),
        brings=brings,
        capabilities=tuple(sorted(asked.union(brings.get("register_capabilities", ())))),
        settings=describe_settings(plugin.settings) if plugin.settings is not None else (),
        personal=tuple(
            PersonalColumn(table=table._meta.tablename, column=column._meta.name, mark=mark)
            for table in plugin.tables
            for column, mark in personal_columns(table._meta.columns)
        ),
    )


def _brings(plugin: str, hooks: HookRegistry) -> dict[str, tuple[str, ...]]:
    plan = hooks.plan(frozenset({plugin}))
    found: dict[str, tuple[str, ...]] = {}
    for hook in hooks.hooks.values():
        if hook.verb == "collection":
            names = tuple(_label(item) for owner, item in plan.collections[hook.function] if owner == plugin)
            if names:
                found[hook.name] = names
    return found


def _label(item: Any) -> str:
    for attribute in ("name", "key", "kinds"):
        value = getattr(item, attribute, None)
        if isinstance(value, str):
            return value
        if isinstance(value, frozenset):
            return ", ".join(sorted(value))
    if isinstance(item, tuple) and item and isinstance(item[0], str):
        return item[0]
    return getattr(item, "__name__", type(item).__name__)
