"""What a plugin keeps of one site: found, written into an archive, and erased.

Its tables, its settings, its counters, what revisions of posts kept for it, notes of imports about what
it took or what waits for it alone, and its jobs. Content stays: a post of its type is the site's.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from core.clock import now
from core.context import current_tenant
from core.crypto import keyring
from core.db import TenantTable, execute, platform_execute, tenant_columns
from core.errors import Conflict, Invalid
from core.i18n import gettext as _
from core.plugins import InstalledPlugin, carries, current_registry
from core.sites.archive import new_archive, write_lines, write_rows
from hookspecs import content, platform

__all__ = ["PLUGIN_FORMAT", "PluginManifest", "Share", "share_of"]

PLUGIN_FORMAT: Final = "vitral-plugin/1"
_COUNTED_BY_CORE: Final = frozenset({"author", "made", "media", "posts", "terms", "tree", "users"})
"""First parts of what the core counts: a plugin that is named so shares them."""


class PluginManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive of a plugin's rows is."""

    format: str
    tenant_id: UUID
    site: str
    """The site's short name."""
    plugin: str
    version: str
    exported_at: datetime
    root_key: str
    """Fingerprint of the root key that opens its sealed fields."""
    rows: Mapping[str, int]
    """How many, by table."""


class _Part(NamedTuple):
    """Rows of one table that are the plugin's."""

    table: str
    columns: tuple[str, ...]
    where: str = ""
    args: tuple[Any, ...] = ()


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin keeps of the current site. Its methods run inside one unit of work, in the order they stand here."""

    plugin: InstalledPlugin
    parts: tuple[_Part, ...]
    """Each table before those it points at."""
    kinds: tuple[str, ...]
    """Its kinds of jobs."""
    keys: frozenset[str]
    """What its values in revisions stand under."""

    async def check(self) -> None:
        """Refuse while something works with the rows, or hangs on them.

        Raises:
            Conflict: One of its jobs is running.
            Invalid: Rows of other plugins point at its rows.
        """
        for job in await self._jobs("id, kind", "AND status = 'running' AND leased_until >= {}", now()):
            raise Conflict(
                _("Its job %(kind)s is running.") % {"kind": job["kind"]},
                hint=_("Try again when it is done."),
            )
        own = {part.table for part in self.parts if not part.where}
        for table, columns in (await tenant_columns()).items():
            pointing = [column.name for column in columns.values() if column.points_at in own]
            if table in own or not pointing:
                continue
            some = " OR ".join(f'"{name}" IS NOT NULL' for name in pointing)
            if await execute(
                f"SELECT 1 AS one FROM {table} WHERE tenant_id = {{tenant}} AND ({some}) LIMIT 1"  # noqa: S608  # names of the catalogue
            ):
                raise Invalid(
                    {
                        "plugin": _(
                            "Rows of the table %(table)s hang on its rows: uninstall their plugin first."
                        )
                        % {"table": table}
                    }
                )

    async def export(self, target: Path) -> dict[str, int]:
        """Write all of it into an archive; return the number of rows by table.

        Raises:
            Conflict: The file exists.
        """
        counts: dict[str, int] = {}
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with new_archive(target) as archive:
            for part in reversed(self.parts):
                counts[part.table] = await write_rows(
                    archive, part.table, part.columns, where=part.where, args=part.args
                )
            for table, rows in (("post_revisions", await self._kept()), ("jobs", await self._jobs("*"))):
                counts[table] = len(rows)
                if rows:
                    await write_lines(archive, table, rows)
            tenant, manifest = current_tenant(), self.plugin.manifest
            about = PluginManifest(
                format=PLUGIN_FORMAT,
                tenant_id=tenant.id,
                site=tenant.slug,
                plugin=manifest.name,
                version=manifest.version,
                exported_at=now(),
                root_key=keyring().public_name(),
                rows=counts,
            )
            archive.writestr("manifest.json", msgspec.json.format(msgspec.json.encode(about), indent=2))
        return counts

    async def erase(self, exported: Mapping[str, int]) -> None:
        """Delete all of it, if it is still as much as was exported.

        Raises:
            Conflict: Something was written meanwhile.
        """
        gone: dict[str, int] = {}
        for part in self.parts:  # what points at others first
            more = f" AND {part.where}" if part.where else ""
            rows = await execute(
                f"DELETE FROM {part.table} WHERE tenant_id = {{tenant}}{more} RETURNING 1 AS one",  # noqa: S608  # names of the catalogue
                *part.args,
            )
            gone[part.table] = len(rows)
        gone["post_revisions"] = await self._forget()
        gone["jobs"] = 0
        if self.kinds:
            rows = await platform_execute(
                f"DELETE FROM jobs WHERE tenant_id = {{}} AND kind IN ({_marks(self.kinds)}) RETURNING 1 AS one",  # noqa: S608  # marks
                current_tenant().id,
                *self.kinds,
            )
            gone["jobs"] = len(rows)
        if gone != exported:
            changed = ", ".join(sorted(table for table in gone if gone[table] != exported.get(table)))
            raise Conflict(
                _("Rows of %(tables)s were written meanwhile.") % {"tables": changed}, hint=_("Try again.")
            )

    async def _jobs(self, columns: str, where: str = "", *args: Any) -> list[dict[str, Any]]:
        if not self.kinds:
            return []
        return await platform_execute(
            f"SELECT {columns} FROM jobs WHERE tenant_id = {{}} AND kind IN ({_marks(self.kinds)}) {where} ORDER BY id",  # noqa: S608  # marks
            current_tenant().id,
            *self.kinds,
            *args,
        )

    async def _revisions(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Return rows of revisions that keep something of the plugin, each with all that it keeps."""
        found: dict[UUID, tuple[dict[str, Any], dict[str, Any]]] = {}
        for key in sorted(self.keys):
            rows = await execute(
                "SELECT id, tenant_id, post_id, number, ext FROM post_revisions WHERE tenant_id = {tenant}"
                " AND CAST(ext AS TEXT) LIKE {} ORDER BY id",
                f'%"{key}"%',  # an underscore fits any letter, so this may find too many
            )
            for row in rows:
                ext = json.loads(row["ext"])
                if key in ext:
                    found[row["id"]] = row, ext
        return list(found.values())

    async def _kept(self) -> list[dict[str, Any]]:
        return [
            {**row, "ext": {key: value for key, value in ext.items() if key in self.keys}}
            for row, ext in await self._revisions()
        ]

    async def _forget(self) -> int:
        """Take the plugin's values out of revisions, which stay."""
        found = await self._revisions()
        for row, ext in found:
            left = {key: value for key, value in ext.items() if key not in self.keys}
            await execute(
                "UPDATE post_revisions SET ext = {} WHERE tenant_id = {tenant} AND id = {}",
                json.dumps(left, ensure_ascii=False, sort_keys=True),
                row["id"],
            )
        return len(found)


async def share_of(plugin: InstalledPlugin) -> Share:
    """Return what a plugin keeps of the current site, inside the unit in progress."""
    known = {name: tuple(columns) for name, columns in (await tenant_columns()).items()}
    own = {table._meta.tablename for table in plugin.tables if issubclass(table, TenantTable)}
    parts = [_Part(name, known[name]) for name in known if name in own]
    parts.reverse()
    parts.append(_Part("settings", known["settings"], "owner = {}", (plugin.name,)))
    for table in ("counters", "dashboard_stats"):
        rows = await execute(f"SELECT name FROM {table} WHERE tenant_id = {{tenant}} ORDER BY name")  # noqa: S608  # as above
        names = tuple(row["name"] for row in rows if row["name"] in own or _counts(plugin.name, row["name"]))
        if names:
            parts.append(_Part(table, known[table], f"name IN ({_marks(names)})", names))
    kept = _kinds_for_it_alone(plugin.name)
    where = f"(handler = {{}} OR (state = 'kept' AND kind IN ({_marks(kept)})))" if kept else "handler = {}"
    parts.append(_Part("import_items", known["import_items"], where, (plugin.name, *kept)))
    kinds = {job.name: owner for owner, job in _all(platform.register_jobs)}
    queued = await platform_execute(
        "SELECT DISTINCT kind FROM jobs WHERE tenant_id = {} ORDER BY kind", current_tenant().id
    )
    extensions = _all(content.register_extensions)
    return Share(
        plugin=plugin,
        parts=tuple(parts),
        kinds=tuple(
            row["kind"]
            for row in queued
            if kinds.get(row["kind"], plugin.name if _named(plugin.name, row["kind"]) else "") == plugin.name
        ),
        keys=frozenset({plugin.name, *(item.key for owner, item in extensions if owner == plugin.name)}),
    )


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["{}"] * len(values))


def _all(hook: Callable[..., Any]) -> Sequence[tuple[str, Any]]:
    """Return a collection of everything that is installed, with owners."""
    registry = current_registry()
    found: Sequence[tuple[str, Any]] = registry.hooks.plan(frozenset(registry.plugins)).collections[hook]
    return found


def _named(plugin: str, name: str) -> bool:
    """Tell whether a name is this plugin's, and no other one's whose name is longer."""
    holders = [other for other in current_registry().plugins if carries(other, name)]
    return max(holders, key=len, default="") == plugin


def _counts(plugin: str, name: str) -> bool:
    return plugin not in _COUNTED_BY_CORE and _named(plugin, name)


def _kinds_for_it_alone(plugin: str) -> tuple[str, ...]:
    """Return the kinds of imported items that no other installed plugin takes: kept ones wait for this one."""
    handlers = _all(platform.register_import_handlers)
    mine = {kind for owner, handler in handlers if owner == plugin for kind in handler.kinds}
    others = {kind for owner, handler in handlers if owner != plugin for kind in handler.kinds}
    return tuple(sorted(mine - others))
