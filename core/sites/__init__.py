"""Operations on sites as a whole: sites themselves, their plugins, theme and settings."""

from core.sites.archive import ExportReport, export_site
from core.sites.files import SiteFile, read_site_file
from core.sites.for_all import disable_for_all, enable_for_all
from core.sites.look_files import PictureFile, keep_icon, keep_logo, look_file
from core.sites.looks import (
    EditedLook,
    PublishedLook,
    check_theme_look,
    discard_look_draft,
    edited_look,
    look_versions,
    publish_look,
    restore_look,
    save_look_draft,
)
from core.sites.operations import (
    create_site,
    delete_site,
    find_site,
    list_sites,
    resume_site,
    set_media_quota,
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
    "EditedLook",
    "ExportReport",
    "PictureFile",
    "PublishedLook",
    "SiteFile",
    "UninstallReport",
    "check_theme_look",
    "create_site",
    "delete_site",
    "disable_for_all",
    "disable_plugin",
    "discard_look_draft",
    "edited_look",
    "enable_for_all",
    "enable_plugin",
    "export_site",
    "find_site",
    "import_site",
    "keep_icon",
    "keep_logo",
    "list_sites",
    "look_file",
    "look_versions",
    "publish_look",
    "read_site_file",
    "restore_look",
    "resume_site",
    "save_look_draft",
    "save_settings",
    "set_media_quota",
    "set_site",
    "stored_settings",
    "suspend_site",
    "switch_theme",
    "uninstall_plugin",
]
