"""What the admin itself brings to the frame's hooks, as the pseudo plugin "core"."""

from collections.abc import Iterable
from datetime import timedelta

from core.admin.dashboard import attention, own_drafts, recently_published
from core.admin.tools import IMPORT_JOB, run_import
from core.contract.admin import AdminMenuItem, DashboardPanel
from core.contract.markers import hookimpl
from core.contract.work import JobKind

__all__ = ["register_dashboard_panels", "register_jobs", "register_menu_items"]


def _entry(
    key: str, title: str, url: str, right: str, section: str, icon: str, position: int, parent: str = ""
) -> AdminMenuItem:
    return AdminMenuItem(
        key=key,
        title=title,
        url=url,
        capability=right,
        section=section,  # type: ignore[arg-type]  # one of the sections
        icon=icon,
        position=position,
        parent=parent,
    )


@hookimpl
def register_menu_items() -> Iterable[AdminMenuItem]:
    """Bring the core's entries of the sidebar."""
    return [
        _entry("dashboard", "Dashboard", "/admin", "read", "content", "panes", 0),
        _entry("posts", "Posts", "/admin/posts", "edit_posts", "content", "file-text", 5),
        _entry(
            "terms.category",
            "Categories",
            "/admin/terms/category",
            "manage_categories",
            "content",
            "folder",
            6,
            "posts",
        ),
        _entry(
            "terms.post_tag",
            "Tags",
            "/admin/terms/post_tag",
            "manage_categories",
            "content",
            "tag",
            7,
            "posts",
        ),
        _entry("media", "Media", "/admin/media", "upload_files", "content", "image", 12),
        _entry("pages", "Pages", "/admin/pages", "edit_pages", "content", "file", 20),
        _entry("users", "Users", "/admin/users", "list_users", "people", "users", 40),
        _entry("roles", "Roles", "/admin/roles", "promote_users", "people", "shield", 45),
        _entry("themes", "Themes", "/admin/themes", "switch_themes", "look", "palette", 60),
        _entry("customise", "Customise", "/admin/customise", "edit_theme_options", "look", "screen", 62),
        _entry("plugins", "Plugins", "/admin/plugins", "activate_plugins", "site", "puzzle", 70),
        _entry("settings", "Settings", "/admin/settings", "manage_options", "site", "sliders", 75),
        _entry("import", "Import", "/admin/tools/import", "import", "tools", "upload", 90),
        _entry("jobs", "Jobs and mail", "/admin/tools/jobs", "manage_options", "tools", "work", 95),
    ]


@hookimpl
def register_dashboard_panels() -> Iterable[DashboardPanel]:
    """Bring the core's boxes of the dashboard."""
    template = "admin/dashboard/posts.html"
    return [
        DashboardPanel(
            key="drafts",
            title="You were writing",
            template=template,
            capability="edit_posts",
            context=own_drafts,
            position=10,
        ),
        DashboardPanel(
            key="attention",
            title="Waiting and planned",
            template=template,
            capability="edit_others_posts",
            context=attention,
            position=20,
        ),
        DashboardPanel(
            key="published",
            title="Just published",
            template=template,
            capability="edit_posts",
            context=recently_published,
            position=30,
        ),
    ]


@hookimpl
def register_jobs() -> Iterable[JobKind]:
    """Bring the import of uploaded files."""
    return [
        JobKind(
            name=IMPORT_JOB,
            title="Import a file",
            run=run_import,
            lease=timedelta(minutes=5),
            max_attempts=4,
        )
    ]
