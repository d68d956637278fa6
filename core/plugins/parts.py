"""What a plugin's code says: its parts by convention, and what is read off them."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import msgspec
from piccolo.table import Table as AnyTable

from core.db import PlatformTable, TenantTable
from core.errors import StartError
from core.plugins.manifest import Plugin
from core.plugins.names import check_files, check_table

__all__ = ["PARTS", "InstalledPlugin", "import_parts", "install"]

PARTS: Final = ("tables", "settings", "hooks", "routes", "admin")
"""Modules that a plugin may have beside `plugin.py`, in the order they are read."""

Table = type[TenantTable] | type[PlatformTable]
_ROOT: Final = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledPlugin:
    """A plugin that is loaded: its manifest, and what its code brings."""

    manifest: Plugin
    distribution: str
    """The distribution it came in, "" for one given as an object."""
    first_party: bool
    parts: Mapping[str, Any] = field(repr=False)
    """Its modules by part name; only those it has."""
    tables: tuple[Table, ...]
    settings: type[msgspec.Struct] | None
    handlers: tuple[Any, ...] = field(repr=False)
    folder: Path | None
    """Where its templates, static files and catalogues lie."""

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.manifest.name

    def subfolder(self, name: str) -> Path | None:
        """Return `templates`, `static` or `locale` of the plugin, None if it has none."""
        path = self.folder / name if self.folder is not None else None
        return path if path is not None and path.is_dir() else None

    @property
    def migrations(self) -> Path | None:
        """Its migrations: in its own package, or `migrations/<name>` for ours. None if it has none."""
        shared = _ROOT / "migrations" / self.name
        return self.subfolder("migrations") or (shared if self.first_party and shared.is_dir() else None)


def import_parts(plugin: Plugin, package: str) -> dict[str, Any]:
    """Import the parts that a plugin has.

    Args:
        plugin: Its manifest.
        package: The package they are in; "" for none.

    Returns:
        Modules (or objects, where the manifest gives them) by part name.
    """
    parts: dict[str, Any] = dict(plugin.parts)
    if package:
        import_module(package)
        for part in PARTS:
            # looked for first, so that an ImportError can only come from inside the part
            if part not in parts and find_spec(f"{package}.{part}") is not None:
                parts[part] = import_module(f"{package}.{part}")
    return parts


def install(
    plugin: Plugin, package: str, parts: Mapping[str, Any], *, distribution: str, first_party: bool
) -> InstalledPlugin:
    """Read off a plugin's parts what it brings, and check that all of it carries its name.

    Raises:
        StartError: Something does not; names the plugin and the thing.
    """
    folder = _folder(package)
    if folder is not None:
        for kind in ("templates", "static"):
            check_files(plugin.name, kind, folder / kind)
    return InstalledPlugin(
        manifest=plugin,
        distribution=distribution,
        first_party=first_party,
        parts=parts,
        tables=_tables(plugin, package, parts.get("tables"), first_party),
        settings=_settings(plugin, package, parts.get("settings")),
        handlers=_route_handlers(plugin, parts.get("routes")),
        folder=folder,
    )


def _folder(package: str) -> Path | None:
    spec = find_spec(package) if package else None
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(places[0]) if places else None


def _classes(part: Any, package: str) -> Iterator[type]:
    """Yield the classes that a part defines, not those that it imports from elsewhere."""
    for value in part if isinstance(part, list | tuple) else vars(part).values():
        if not inspect.isclass(value):
            continue
        home = value.__module__
        if (
            not isinstance(part, ModuleType)
            or home == part.__name__
            or (package and home.startswith(f"{package}."))
        ):
            yield value


def _tables(plugin: Plugin, package: str, part: Any, first_party: bool) -> tuple[Table, ...]:
    if part is None:
        return ()
    found: list[Table] = []
    for cls in _classes(part, package):
        if not issubclass(cls, TenantTable | PlatformTable):
            if issubclass(cls, AnyTable):
                raise StartError(
                    f"The plugin “{plugin.name}” keeps the table {cls._meta.tablename!r}, which is not a site's.",
                    hint="Make its class a TenantTable: a bare one reads the rows of every site.",
                )
            continue
        name = cls._meta.tablename
        check_table(plugin.name, name, first_party=first_party)
        if issubclass(cls, PlatformTable) and plugin.level == "site" and not first_party:
            raise StartError(
                f"The plugin “{plugin.name}” keeps the table {name!r} outside of all sites.",
                hint="Make it a TenantTable, or the plugin one of level installation.",
            )
        if cls.owner not in ("core", plugin.name):
            raise StartError(
                f"The plugin “{plugin.name}” brings the table {name!r}, which is of “{cls.owner}”."
            )
        cls.owner = plugin.name
        found.append(cls)
    return tuple(found)


def _settings(plugin: Plugin, package: str, part: Any) -> type[msgspec.Struct] | None:
    if part is None:
        return None
    found = [
        cls
        for cls in _classes(part, package)
        if issubclass(cls, msgspec.Struct) and cls.__name__.endswith("Settings")
    ]
    if len(found) != 1:
        raise StartError(
            f"The plugin “{plugin.name}” has {len(found)} Structs of settings.",
            hint="settings.py has one msgspec Struct whose name ends in Settings.",
        )
    model = found[0]
    if getattr(model, "owner", plugin.name) != plugin.name:
        raise StartError(f"The settings of the plugin “{plugin.name}” say that somebody else owns them.")
    setattr(model, "owner", plugin.name)  # noqa: B010  # Struct declares no such attribute
    required = [entry.name for entry in msgspec.structs.fields(model) if entry.required]
    if required:
        raise StartError(
            f"The plugin “{plugin.name}” has settings without a default: {', '.join(required)}.",
            hint="A site that never saved them uses the defaults.",
        )
    try:
        msgspec.convert(msgspec.to_builtins(model()), model)
    except msgspec.ValidationError as error:
        raise StartError(
            f"The plugin “{plugin.name}” has a default that its own settings refuse: {error}."
        ) from error
    return model


def _route_handlers(plugin: Plugin, part: Any) -> tuple[Any, ...]:
    if part is None:
        return ()
    handlers = part if isinstance(part, list | tuple) else getattr(part, "handlers", None)
    if not isinstance(handlers, list | tuple):
        raise StartError(
            f"The plugin “{plugin.name}” has routes without a list of them.",
            hint="End routes.py with handlers = [...].",
        )
    return tuple(handlers)
