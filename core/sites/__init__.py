"""Operations on sites as a whole: sites themselves, their plugins, theme and settings."""

from core.sites.archive import ExportReport, export_site
from core.sites.files import SiteFile, read_site_file
from core.sites.for_all import disable_for_all, enable_for_all
from core.sites.operations import (
    create_site,
    delete_site,
    find_site,
    list_sites,
    resume_site,
    set_site,
    suspend_site,
)
from core.sites.plugins import (
    UninstallReport,
    disable_plugin,
    enable_plugin,
    switch_theme,
    uninstall_plugin,
)
from core.sites.restore import import_site
from core.sites.store import save_settings, stored_settings

__all__ = [
    "ExportReport",
    "SiteFile",
    "UninstallReport",
    "create_site",
    "delete_site",
    "disable_for_all",
    "disable_plugin",
    "enable_for_all",
    "enable_plugin",
    "export_site",
    "find_site",
    "import_site",
    "list_sites",
    "read_site_file",
    "resume_site",
    "save_settings",
    "set_site",
    "stored_settings",
    "suspend_site",
    "switch_theme",
    "uninstall_plugin",
]
