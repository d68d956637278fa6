"""Making, changing, suspending and deleting sites. An operator's work: CLI and platform screens."""

from typing import Any

import msgspec

from core.accounts import record
from core.clock import now
from core.context import Tenant, current_actor
from core.db import delete_tenant_rows, is_unique_violation, platform_execute, platform_work, tenant_work
from core.errors import Conflict, Invalid, NotFound
from core.hooks import after_commit, do_action
from core.i18n import gettext as _
from core.ids import new_id
from core.plugins import current_registry
from core.sites.named import check_named
from core.sites.revision import bump, refresh_after_commit
from core.sites.rights import operators_only
from core.sites.store import store_settings
from core.sites.validate import check_hosts, check_slug
from core.tenancy import EnabledPlugin, SiteSettings, TenantHost, TenantRow, current_tenants, enter
from core.themes import current_themes
from hookspecs import platform

__all__ = [
    "create_site",
    "delete_site",
    "find_site",
    "insert_site",
    "list_sites",
    "resume_site",
    "set_media_quota",
    "set_site",
    "suspend_site",
]


def list_sites() -> tuple[Tenant, ...]:
    """Return every site, by slug."""
    operators_only()
    return current_tenants().all()


def find_site(slug: str) -> Tenant:
    """Return the site with this short name.

    Raises:
        NotFound: There is none; the message names those that exist.
    """
    tenant = current_tenants().by_slug(slug)
    if tenant is None:
        known = ", ".join(t.slug for t in current_tenants().all()) or _("none yet")
        raise NotFound(
            _("There is no site “%(slug)s”.") % {"slug": slug}, hint=_("Sites: %(known)s.") % {"known": known}
        )
    return tenant


async def create_site(
    slug: str,
    *,
    title: str,
    hosts: tuple[str, ...],
    theme: str = "claro",
    plugins: tuple[str, ...] = (),
    settings: dict[str, dict[str, Any]] | None = None,
    first: dict[str, dict[str, Any]] | None = None,
) -> Tenant:
    """Create a site with its roles, its first content and the plugins given (with what they require).

    Args:
        slug: Short name, unique in the installation.
        title: What people read.
        hosts: Host names, the first is the main one.
        theme: Name of an installed theme.
        plugins: Names of installed plugins.
        settings: First values by owner ("site", or a plugin).
        first: First content by plugin, as `on_site_filling` takes it.

    Raises:
        Invalid: A name or host can't be used, or first content; nothing was made.
        NotFound: A plugin or the theme is not installed.
        Conflict: The slug or a host is taken.
    """
    operators_only()
    slug, hosts = check_slug(slug), check_hosts(hosts)
    current_themes().known(theme)
    registry = current_registry()
    wanted = registry.closure(plugins)
    tenant = Tenant(
        id=new_id(),
        slug=slug,
        title=title,
        status="active",
        hosts=hosts,
        enabled=frozenset(wanted),
        theme=theme,
        settings={},
        revision=1,
    )
    given = {**(settings or {}), "site": {"title": title, **(settings or {}).get("site", {})}}
    async with platform_work():
        await insert_site(tenant)
        for owner, values in given.items():
            async with tenant_work(tenant):
                await store_settings(owner, values)
        seeded = msgspec.structs.replace(tenant, settings=given)
        with enter(seeded):
            async with tenant_work():
                await do_action(platform.on_site_creating, slug)
                await _tell_plugins(frozenset(wanted))
                await _fill(first or {}, frozenset(wanted))
                await check_named(given["site"], SiteSettings())
                await record("site.create", resource_type="site", resource_id=tenant.id, after={"slug": slug})
                after_commit(platform.on_site_created, slug)
        await bump(tenant.id)
        refresh_after_commit()
    return find_site(slug)


async def _tell_plugins(enabled: frozenset[str]) -> None:
    """Tell the plugins of a new site that they are on, each after what it requires."""
    registry = current_registry()
    active = registry.active(enabled)
    for plugin in (name for name in registry.plugins if name in active):
        await do_action(platform.on_plugin_enabling, plugin)
        after_commit(platform.on_plugin_enabled, plugin)


async def _fill(first: dict[str, dict[str, Any]], enabled: frozenset[str]) -> None:
    """Hand first content to the plugins that keep it.

    Raises:
        Invalid: It names a plugin that is not on.
    """
    for plugin, values in first.items():
        if plugin not in enabled:
            raise Invalid({f"first.{plugin}": _("No plugin of this name is on.")})
        await do_action(platform.on_site_filling, plugin, values)


async def insert_site(tenant: Tenant) -> None:
    """Insert the platform's rows about a new site, inside the unit in progress.

    Raises:
        Conflict: The slug or a host is taken.
    """
    try:
        await TenantRow.insert(
            TenantRow(id=tenant.id, slug=tenant.slug, title=tenant.title, theme=tenant.theme)
        )
        rows = [
            TenantHost(tenant_id=tenant.id, host=host, is_primary=i == 0)
            for i, host in enumerate(tenant.hosts)
        ]
        await TenantHost.insert(*rows)
    except Exception as error:
        if is_unique_violation(error):
            raise Conflict(_("This name or one of the host names is taken by another site.")) from error
        raise
    if tenant.enabled:
        actor = current_actor()
        rows_enabled = [
            EnabledPlugin(tenant_id=tenant.id, plugin=name, enabled_by=actor.id)
            for name in sorted(tenant.enabled)
        ]
        await EnabledPlugin.insert(*rows_enabled)


async def set_site(slug: str, *, title: str | None = None, hosts: tuple[str, ...] | None = None) -> Tenant:
    """Change a site's title or host names.

    Raises:
        NotFound: No such site.
        Conflict: A host name is taken.
    """
    operators_only()
    tenant = find_site(slug)
    async with platform_work():
        if title is not None:
            if not title.strip():
                raise Invalid({"title": _("A site needs a title.")})
            await TenantRow.update({TenantRow.title: title, TenantRow.updated_at: now()}).where(
                TenantRow.id == tenant.id
            )
        if hosts is not None:
            checked = check_hosts(hosts)
            await TenantHost.delete().where(TenantHost.tenant_id == tenant.id)
            rows = [
                TenantHost(tenant_id=tenant.id, host=host, is_primary=i == 0)
                for i, host in enumerate(checked)
            ]
            try:
                await TenantHost.insert(*rows)
            except Exception as error:
                if is_unique_violation(error):
                    raise Conflict(_("One of these host names is taken by another site.")) from error
                raise
        await _note(tenant, "site.set", {"title": title, "hosts": list(hosts) if hosts else None})
        await bump(tenant.id)
        refresh_after_commit()
    return find_site(slug)


async def set_media_quota(slug: str, size: int | None) -> Tenant:
    """Say how many bytes a site's files may take.

    Args:
        slug: The site.
        size: Bytes; 0 for no limit, None for what the installation's settings say.

    Raises:
        NotFound: No such site.
        Invalid: The size is below zero.
    """
    operators_only()
    tenant = find_site(slug)
    if size is not None and not 0 <= size < 2**62:
        raise Invalid({"size": _("This is no size.")})
    async with platform_work():
        await TenantRow.update({TenantRow.media_quota: size, TenantRow.updated_at: now()}).where(
            TenantRow.id == tenant.id
        )
        await _note(tenant, "site.quota", {"bytes": size})
        await bump(tenant.id)
        refresh_after_commit()
    return find_site(slug)


async def suspend_site(slug: str) -> Tenant:
    """Answer 503 on every address of the site; nothing of it is lost."""
    return await _set_status(slug, "suspended")


async def resume_site(slug: str) -> Tenant:
    """Serve a suspended site again."""
    return await _set_status(slug, "active")


async def _set_status(slug: str, status: str) -> Tenant:
    operators_only()
    tenant = find_site(slug)
    async with platform_work():
        await TenantRow.update({TenantRow.status: status, TenantRow.updated_at: now()}).where(
            TenantRow.id == tenant.id
        )
        await _note(tenant, "site.suspend" if status == "suspended" else "site.resume", {})
        await bump(tenant.id)
        refresh_after_commit()
    return find_site(slug)


async def _note(tenant: Tenant, action: str, detail: dict[str, Any]) -> None:
    with enter(tenant):
        async with tenant_work():
            await record(action, resource_type="site", resource_id=tenant.id, detail=detail)


async def delete_site(slug: str, *, confirm: str) -> None:
    """Delete a site with everything in it. Export it first (`vitral site export`).

    Args:
        slug: The site.
        confirm: The slug once more.

    Raises:
        Invalid: The confirmation does not match.
    """
    operators_only()
    tenant = find_site(slug)
    if confirm != slug:
        raise Invalid({"confirm": _("Repeat the site's short name to confirm.")})
    async with platform_work() as work:
        await _note(tenant, "site.delete", {"slug": slug})
        await work.flush()  # a sink that writes into the site's own tables must come before they are emptied
        with enter(tenant):
            async with tenant_work():
                await do_action(platform.on_site_deleting, slug)
                await delete_tenant_rows()
        await platform_execute("DELETE FROM tenants WHERE id = {}", tenant.id)
        await bump(None)
        refresh_after_commit()
