"""Plugins: manifests, loading, what is enabled with what, settings and routes.

Every `plugin.py` imports this package, and every command reads every `plugin.py`, `vitral --help`
too. So only the manifest is imported at once, and the rest when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from core.plugins.manifest import Command, Plugin, PluginLevel

if TYPE_CHECKING:
    from core.plugins.declared import Declaration, PersonalColumn
    from core.plugins.discovery import Discovery, Found, LoadFailure, discover
    from core.plugins.loader import Loader
    from core.plugins.names import SPEC_NAMES, SPEC_TABLES, carries
    from core.plugins.parts import InstalledPlugin
    from core.plugins.registry import LoadReport, Registry, current_registry, use_registry
    from core.plugins.routes import RouteInfo, check_shapes, plugin_router, route_infos
    from core.plugins.values import (
        FieldKind,
        SettingField,
        check_values,
        describe_settings,
        known_values,
        settings,
    )

__all__ = [
    "SPEC_NAMES",
    "SPEC_TABLES",
    "Command",
    "Declaration",
    "Discovery",
    "FieldKind",
    "Found",
    "InstalledPlugin",
    "LoadFailure",
    "LoadReport",
    "Loader",
    "PersonalColumn",
    "Plugin",
    "PluginLevel",
    "Registry",
    "RouteInfo",
    "SettingField",
    "carries",
    "check_shapes",
    "check_values",
    "current_registry",
    "describe_settings",
    "discover",
    "known_values",
    "plugin_router",
    "route_infos",
    "settings",
    "use_registry",
]

_HOMES = {
    "declared": ("Declaration", "PersonalColumn"),
    "discovery": ("Discovery", "Found", "LoadFailure", "discover"),
    "loader": ("Loader",),
    "names": ("SPEC_NAMES", "SPEC_TABLES", "carries"),
    "parts": ("InstalledPlugin",),
    "registry": ("LoadReport", "Registry", "current_registry", "use_registry"),
    "routes": ("RouteInfo", "check_shapes", "plugin_router", "route_infos"),
    "values": ("FieldKind", "SettingField", "check_values", "describe_settings", "known_values", "settings"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what is asked for from the module it lives in, and keep it here."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
