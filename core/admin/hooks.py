"""What the admin itself brings to the frame's hooks, as the pseudo plugin "core"."""

from collections.abc import Iterable

from core.admin.dashboard import attention, own_drafts, recently_published
from core.contract.admin import AdminMenuItem, DashboardPanel
from core.contract.markers import hookimpl

__all__ = ["register_dashboard_panels", "register_menu_items"]


@hookimpl
def register_menu_items() -> Iterable[AdminMenuItem]:
    """Bring the core's entries of the sidebar."""
    return [
        AdminMenuItem(key="dashboard", title="Dashboard", url="/admin", capability="read", icon="panes", position=0),
        AdminMenuItem(
            key="posts",
            title="Posts",
            url="/admin/posts",
            capability="edit_posts",
            section="content",
            icon="file-text",
            position=5,
        ),
        AdminMenuItem(
            key="pages",
            title="Pages",
            url="/admin/pages",
            capability="edit_pages",
            section="content",
            icon="file",
            position=20,
        ),
    ]


@hookimpl
def register_dashboard_panels() -> Iterable[DashboardPanel]:
    """Bring the core's boxes of the dashboard."""
    return [
        DashboardPanel(
            key="drafts",
            title="You were writing",
            template="admin/dashboard/posts.html",
            capability="edit_posts",
            context=own_drafts,
            position=10,
        ),
        DashboardPanel(
            key="attention",
            title="Waiting and planned",
            template="admin/dashboard/posts.html",
            capability="edit_others_posts",
            context=attention,
            position=20,
        ),
        DashboardPanel(
            key="published",
            title="Just published",
            template="admin/dashboard/posts.html",
            capability="edit_posts",
            context=recently_published,
            position=30,
        ),
    ]
