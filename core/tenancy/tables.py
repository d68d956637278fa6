"""The platform's tables about sites. A site's own settings are stored in `settings`, under RLS."""

from piccolo.columns import UUID, BigInt, Boolean, Timestamptz, Varchar

from core.clock import now
from core.db import PlatformTable

__all__ = ["PLUGIN_SWITCH", "EnabledPlugin", "Installation", "TenantHost", "TenantRow"]


class TenantRow(PlatformTable, tablename="tenants"):
    """A site."""

    slug = Varchar(63)
    title = Varchar(255)
    status = Varchar(20, default="active")
    theme = Varchar(60, default="claro")
    media_quota = BigInt(null=True, default=None)
    """Bytes that its files may take; None for what the installation says."""
    revision = BigInt(default=1)
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)


class TenantHost(PlatformTable, tablename="tenant_hosts"):
    """A host name, lower case, without a port, that answers for a site."""

    tenant_id = UUID()
    host = Varchar(253)
    is_primary = Boolean(default=False)
    created_at = Timestamptz(default=now)


class EnabledPlugin(PlatformTable, tablename="enabled_plugins"):
    """A plugin that is on for a site."""

    tenant_id = UUID()
    plugin = Varchar(60)
    enabled_at = Timestamptz(default=now)
    enabled_by = UUID(null=True, default=None)


PLUGIN_SWITCH = "plugin."
"""What names of rows in `installation` begin with that say which plugins are on for every site."""


class Installation(PlatformTable, tablename="installation"):
    """Counters and switches of the installation.

    "revision" moves with every change of sites, plugins and settings; "plugin.<name>" is there while a
    plugin of level installation is on.
    """

    name = Varchar(60)
    value = BigInt(default=0)
