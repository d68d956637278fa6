"""Settings of a site: checked against their Struct, stored as JSON, announced to every process."""

import json
from typing import Any

import msgspec

from core.accounts import record, require
from core.clock import now
from core.content import check_bases
from core.context import current_tenant
from core.db import current_database, execute, tenant_work
from core.errors import Invalid
from core.hooks import after_commit
from core.i18n import gettext as _
from core.plugins import check_values, current_registry, known_values
from core.sites.named import check_named
from core.sites.revision import bump, refresh_after_commit
from core.tenancy import SiteSettings, site_settings
from hookspecs import platform

__all__ = ["save_settings", "store_settings", "stored_settings"]


async def stored_settings(owner: str) -> dict[str, Any]:
    """Return the values of one owner as they are stored now, held until the unit in progress ends."""
    lock = " FOR UPDATE" if current_database().kind == "postgres" else ""
    rows = await execute(
        f"SELECT values_json FROM settings WHERE tenant_id = {{tenant}} AND owner = {{}}{lock}",  # noqa: S608  # written here
        owner,
    )
    found: dict[str, Any] = json.loads(rows[0]["values_json"]) if rows else {}
    return found


async def store_settings(owner: str, values: dict[str, Any]) -> dict[str, Any]:
    """Check and write values of one owner inside the unit in progress; return all stored values."""
    model = current_registry().settings_model(owner)
    before = known_values(model, await stored_settings(owner))
    merged = {**before, **values}
    if owner == "site" and {"category_base", "tag_base"} & values.keys():
        site = check_values(SiteSettings, merged)
        check_bases(site.category_base, site.tag_base)
    stored: dict[str, Any] = msgspec.to_builtins(check_values(model, merged))
    await execute(
        "INSERT INTO settings (tenant_id, owner, values_json, updated_at) VALUES ({tenant}, {}, {}, {})"
        " ON CONFLICT (tenant_id, owner) DO UPDATE SET values_json = excluded.values_json, updated_at = excluded.updated_at",
        owner,
        json.dumps(stored, ensure_ascii=False),
        now(),
    )
    return stored


async def save_settings(owner: str, values: dict[str, Any]) -> dict[str, Any]:
    """Change settings of the current site; values that are not named stay.

    Args:
        owner: "site", or an enabled plugin.
        values: Values by setting name.

    Raises:
        Invalid: A value can't be used, or a setting is unknown; the message names it.
        Forbidden: The actor may not manage options.
    """
    await require("manage_options")
    tenant = current_tenant()
    if owner != "site" and owner not in current_registry().active(tenant.enabled):
        raise Invalid({"owner": _("The plugin “%(name)s” is not enabled on this site.") % {"name": owner}})
    if owner == "site":
        await check_named(values, site_settings())
    async with tenant_work():
        before = await stored_settings(owner)
        stored = await store_settings(owner, values)
        changed = {name for name in stored if stored[name] != before.get(name)}
        await record(
            "settings.save", resource_type="settings", detail={"owner": owner, "changed": sorted(changed)}
        )
        after_commit(platform.on_settings_saved, owner, before, stored)
        await bump(tenant.id)
        refresh_after_commit()
    return stored
