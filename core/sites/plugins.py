"""Enabling, disabling and uninstalling plugins on a site, at run time."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from core.accounts import record, require, require_fresh
from core.clock import now
from core.context import Tenant, current_actor, current_tenant
from core.db import platform_execute, tenant_work
from core.errors import Invalid, NotFound
from core.hooks import after_commit, do_action
from core.i18n import gettext as _
from core.ids import new_id
from core.plugins import InstalledPlugin, current_registry
from core.sites.revision import bump, refresh_after_commit
from core.sites.rights import operators_only
from core.sites.share import share_of
from core.tenancy import enter
from core.themes import current_themes
from hookspecs import platform

__all__ = ["UninstallReport", "disable_plugin", "enable_plugin", "switch_theme", "uninstall_plugin"]


class UninstallReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was exported and erased."""

    plugin: str
    path: str
    """The archive."""
    rows: Mapping[str, int]
    """How many, by table; only tables that had some."""


async def enable_plugin(name: str, *, with_required: bool = True) -> tuple[str, ...]:
    """Enable a plugin on the current site, and what it requires; return what was switched on.

    Raises:
        NotFound: No such plugin is installed; the message suggests one.
        Invalid: It requires others and `with_required` is False.
        Refused: A plugin's `on_plugin_enabling` said no.
    """
    await require("activate_plugins")
    require_fresh()
    tenant = current_tenant()
    closure = current_registry().closure((name,))
    with enter(
        msgspec.structs.replace(tenant, enabled=tenant.enabled.union(closure))
    ):  # the new ones hear too
        async with tenant_work():
            enabled = await _enabled_now(tenant)
            missing = [p for p in closure if p not in enabled]
            others = [p for p in missing if p != name]
            if others and not with_required:
                raise Invalid({"plugin": _("It requires: %(names)s.") % {"names": ", ".join(others)}})
            for plugin in missing:
                await platform_execute(
                    "INSERT INTO enabled_plugins (id, tenant_id, plugin, enabled_at, enabled_by) VALUES ({}, {}, {}, {}, {})",
                    new_id(),
                    tenant.id,
                    plugin,
                    now(),
                    current_actor().id,
                )
                await do_action(platform.on_plugin_enabling, plugin)
                await record("plugin.enable", resource_type="plugin", detail={"plugin": plugin})
                after_commit(platform.on_plugin_enabled, plugin)
            if missing:
                await bump(tenant.id)
            refresh_after_commit()
    return tuple(missing)


async def disable_plugin(name: str, *, with_dependents: bool = False) -> tuple[str, ...]:
    """Disable a plugin on the current site; return what was switched off. Its data stays.

    One that is not loaded (broken, or left out in safe mode) has no say, so only an operator switches it off.

    Raises:
        NotFound: It is not enabled here.
        Forbidden: It is not loaded, and this is no operator.
        Invalid: Others that are enabled require it and `with_dependents` is False.
        Refused: A plugin's `on_plugin_disabling` said no.
    """
    await require("activate_plugins")
    require_fresh()
    tenant, registry = current_tenant(), current_registry()
    async with tenant_work():
        enabled = await _enabled_now(tenant)
        if name not in enabled:
            registry.known(name)
            raise NotFound(_("The plugin “%(name)s” is not enabled on this site.") % {"name": name})
        if name not in registry.plugins:
            operators_only()
        known = registry.dependents(name) if name in registry.plugins else ()
        dependents = [p for p in known if p in enabled]
        if dependents and not with_dependents:
            raise Invalid({"plugin": _("Others require it: %(names)s.") % {"names": ", ".join(dependents)}})
        leaving = [*dependents, name]
        for plugin in leaving:
            await do_action(platform.on_plugin_disabling, plugin)
            await platform_execute(
                "DELETE FROM enabled_plugins WHERE tenant_id = {} AND plugin = {}", tenant.id, plugin
            )
            await record("plugin.disable", resource_type="plugin", detail={"plugin": plugin})
            after_commit(platform.on_plugin_disabled, plugin)
        await bump(tenant.id)
        refresh_after_commit()
    return tuple(leaving)


async def uninstall_plugin(name: str, folder: Path, *, target: Path | None = None) -> UninstallReport:
    """Export what a plugin keeps of the current site, then erase it; one that is on is disabled first.

    The package stays installed: enabled again, the plugin starts empty.

    Args:
        name: The plugin.
        folder: The installation's folder of exports; the archive goes below it, in the site's own.
        target: Another file to write instead; it must not exist.

    Raises:
        NotFound: No such plugin is installed, or it could not be loaded.
        Invalid: Others that are enabled require it, rows of others hang on its rows, or it is on for all sites.
        Conflict: The file exists, a job of it is running, or something was written meanwhile; nothing was erased.
        Refused: A plugin's `on_plugin_uninstalling` or `on_plugin_disabling` said no.
    """
    await require("activate_plugins")
    require_fresh()
    tenant, registry = current_tenant(), current_registry()
    plugin = registry.known(name)
    if name in registry.installation:
        raise Invalid(
            {
                "plugin": _("“%(name)s” is on for the whole installation: an operator turns it off first.")
                % {"name": name}
            }
        )
    archive = target or folder / str(tenant.id) / f"{name}-{now():%Y%m%d-%H%M%S}.zip"
    with enter(
        msgspec.structs.replace(tenant, enabled=tenant.enabled | {name})
    ):  # the one that goes hears, too
        rows = await _export_and_erase(plugin, archive)
    return UninstallReport(
        plugin=name, path=str(archive), rows={table: count for table, count in rows.items() if count}
    )


async def _export_and_erase(plugin: InstalledPlugin, archive: Path) -> Mapping[str, int]:
    tenant, name = current_tenant(), plugin.name
    written = erased = False
    try:
        async with tenant_work() as work:
            enabled = await _enabled_now(tenant)
            dependents = [other for other in current_registry().dependents(name) if other in enabled]
            if dependents:
                raise Invalid(
                    {"plugin": _("Others require it: %(names)s.") % {"names": ", ".join(dependents)}}
                )
            if name in enabled:
                await disable_plugin(name)
            await do_action(platform.on_plugin_uninstalling, name)
            await record(
                "plugin.uninstall", resource_type="plugin", detail={"plugin": name, "archive": archive.name}
            )
            await work.flush()  # what a sink writes into the plugin's own tables is exported with them
            share = await share_of(plugin)
            await share.check()
            rows = await share.export(archive)
            written = True
            await share.erase(rows)
            after_commit(platform.on_plugin_uninstalled, name)
            await bump(tenant.id)
            refresh_after_commit()
            erased = True
    except BaseException:
        if written and not erased:  # of no use: nothing is gone
            archive.unlink(missing_ok=True)
        raise
    return rows


async def _enabled_now(tenant: Tenant) -> frozenset[str]:
    """Return what the site has enabled, which this process may not have heard of yet, and hold it for the unit.

    Without it somebody could enable a plugin while somebody else disables what it requires.
    """
    await platform_execute("UPDATE tenants SET updated_at = {} WHERE id = {}", now(), tenant.id)
    rows = await platform_execute("SELECT plugin FROM enabled_plugins WHERE tenant_id = {}", tenant.id)
    return frozenset(row["plugin"] for row in rows)


async def switch_theme(name: str) -> None:
    """Give the current site another theme.

    Raises:
        Forbidden: The actor may not switch themes.
        NotFound: No such theme is installed, or it could not be loaded; the message suggests one.
    """
    await require("switch_themes")
    current_themes().known(name)
    tenant = current_tenant()
    if tenant.theme == name:
        return
    async with tenant_work():
        await platform_execute(
            "UPDATE tenants SET theme = {}, updated_at = {} WHERE id = {}", name, now(), tenant.id
        )
        await record("theme.switch", resource_type="theme", detail={"from": tenant.theme, "to": name})
        after_commit(platform.on_theme_switched, tenant.theme, name)
        await bump(tenant.id)
        refresh_after_commit()
