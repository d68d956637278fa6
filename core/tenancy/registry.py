"""The sites as this process knows them, by host name and by slug.

One number in the database moves with every change; a process that sees it move reads the changed
sites again. So a plugin that is switched off in one worker is off in all of them within a second,
and a request asks the database nothing about its site.
"""

import asyncio
import json
import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from core.ambient import Ambient
from core.context import Tenant
from core.db import execute, platform_read, tenant_read
from core.plugins import current_registry
from core.tenancy.tables import PLUGIN_SWITCH, EnabledPlugin, Installation, TenantHost, TenantRow

__all__ = ["Tenants", "current_tenants", "use_tenants"]

log = logging.getLogger("vitral.tenancy")
POLL_SECONDS = 0.5


class Tenants:
    """Snapshot of all sites. Replaced whole on refresh, so readers need no lock."""

    def __init__(self) -> None:
        self._by_host: dict[str, Tenant] = {}
        self._by_slug: dict[str, Tenant] = {}
        self._by_id: dict[UUID, Tenant] = {}
        self.revision = -1
        self._refreshing = asyncio.Lock()

    def by_host(self, host: str) -> Tenant | None:
        """Return the site that answers for a host name (lower case, without port)."""
        return self._by_host.get(host)

    def by_slug(self, slug: str) -> Tenant | None:
        """Return the site with this short name."""
        return self._by_slug.get(slug)

    def by_id(self, tenant_id: UUID) -> Tenant | None:
        """Return the site with this id."""
        return self._by_id.get(tenant_id)

    def all(self) -> tuple[Tenant, ...]:
        """Return every site, by slug."""
        return tuple(self._by_slug[slug] for slug in sorted(self._by_slug))

    def forget(self) -> None:
        """Drop what is known; the next refresh reads every site again."""
        self.adopt((), -1)

    async def refresh(self, *, force: bool = False) -> bool:
        """Read what changed; return whether anything did."""
        async with self._refreshing, platform_read():
            rows = await Installation.select(Installation.name, Installation.value)
            values = {row["name"]: int(row["value"]) for row in rows}
            revision = values.get("revision", 0)
            if revision == self.revision and not force:
                return False
            current_registry().turn_on_for_all(
                name.removeprefix(PLUGIN_SWITCH) for name in values if name.startswith(PLUGIN_SWITCH)
            )
            tenants = [await self._load(row) for row in await self._rows()]
        self.adopt(tenants, revision)
        return True

    def adopt(self, tenants: Iterable[Tenant], revision: int) -> None:
        """Know exactly these sites, as they are at `revision` of the installation."""
        known = tuple(tenants)
        self._by_id = {tenant.id: tenant for tenant in known}
        self._by_slug = {tenant.slug: tenant for tenant in known}
        self._by_host = {host: tenant for tenant in known for host in tenant.hosts}
        self.revision = revision

    async def _rows(self) -> list[dict[str, Any]]:
        rows = await TenantRow.select().where(TenantRow.status != "deleting").order_by(TenantRow.slug)
        hosts: dict[UUID, list[str]] = {}
        for row in (
            await TenantHost.select()
            .order_by(TenantHost.is_primary, ascending=False)
            .order_by(TenantHost.host)
        ):
            hosts.setdefault(row["tenant_id"], []).append(row["host"])
        enabled: dict[UUID, set[str]] = {}
        for row in await EnabledPlugin.select(EnabledPlugin.tenant_id, EnabledPlugin.plugin):
            enabled.setdefault(row["tenant_id"], set()).add(row["plugin"])
        return [
            {
                **row,
                "hosts": tuple(hosts.get(row["id"], ())),
                "enabled": frozenset(enabled.get(row["id"], ())),
            }
            for row in rows
        ]

    async def _load(self, row: dict[str, Any]) -> Tenant:
        known = self._by_id.get(row["id"])
        if known is not None and known.revision == row["revision"]:
            return known
        tenant = Tenant(
            id=row["id"],
            slug=row["slug"],
            title=row["title"],
            status=row["status"],
            hosts=row["hosts"],
            enabled=row["enabled"],
            theme=row["theme"],
            media_quota=row["media_quota"],
            settings={},
            revision=row["revision"],
        )
        async with tenant_read(tenant):
            stored = await execute("SELECT owner, values_json FROM settings WHERE tenant_id = {tenant}")
        values = {item["owner"]: json.loads(item["values_json"]) for item in stored}
        self._warn_of_unknown(tenant)
        return msgspec.structs.replace(tenant, settings=values)

    def _warn_of_unknown(self, tenant: Tenant) -> None:
        """Say so when a site enabled a plugin that was installed after this process began."""
        registry = current_registry()
        explained = {
            *registry.plugins,
            *registry.report.left_out,
            *(f.name for f in registry.report.failures),
        }
        for name in sorted(tenant.enabled - explained):
            log.warning(
                "The site %r has enabled %r, which this process has not loaded: restart it.",
                tenant.slug,
                name,
            )

    async def poll(self) -> None:
        """Refresh for ever. A database that is away is reported once and waited for."""
        away = False
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self.refresh()
                away = False
            except Exception as error:
                # drivers have errors of their own; nobody would notice that this ended
                if not away:
                    log.warning(
                        "The sites can't be read: %s: %s. Serving them as they were.",
                        type(error).__name__,
                        error,
                    )
                away = True


_tenants = Ambient[Tenants]("registry of sites", "use_tenants(tenants)")
current_tenants, use_tenants = _tenants.get, _tenants.use
