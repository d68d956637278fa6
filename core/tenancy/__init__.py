"""Which site: resolved by host name, with what is enabled there and how it is set."""

from core.tenancy.addresses import author_path
from core.tenancy.asgi import SITE_PREFIX, TenantASGI
from core.tenancy.enter import enter, site_settings
from core.tenancy.registry import Tenants, current_tenants, use_tenants
from core.tenancy.settings import MOST_IMAGE_HOSTS, PERMALINK_PRESETS, ImageHost, SiteSettings
from core.tenancy.structure import STRUCTURE_TAGS, Structure, split_structure, structure_complaint
from core.tenancy.tables import PLUGIN_SWITCH, EnabledPlugin, Installation, TenantHost, TenantRow

__all__ = [
    "MOST_IMAGE_HOSTS",
    "PERMALINK_PRESETS",
    "PLUGIN_SWITCH",
    "SITE_PREFIX",
    "STRUCTURE_TAGS",
    "EnabledPlugin",
    "ImageHost",
    "Installation",
    "SiteSettings",
    "Structure",
    "TenantASGI",
    "TenantHost",
    "TenantRow",
    "Tenants",
    "author_path",
    "current_tenants",
    "enter",
    "site_settings",
    "split_structure",
    "structure_complaint",
    "use_tenants",
]
