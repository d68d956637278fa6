"""The admin's menu, dashboard, side panels and lists."""

from collections.abc import Iterable

from core.contract.admin import AdminMenuItem, DashboardPanel, EditPanel, Notice
from core.contract.markers import hookspec


@hookspec
def register_menu_items() -> Iterable[AdminMenuItem]:
    """Bring entries of the sidebar. Those of an `AdminView` come by themselves."""
    ...


@hookspec
def register_dashboard_panels() -> Iterable[DashboardPanel]:
    """Bring boxes of the dashboard."""
    ...


@hookspec
def register_edit_panels() -> Iterable[EditPanel]:
    """Bring sections of the writing screen's side panel, and of the forms of terms and people."""
    ...


@hookspec
def filter_admin_notices(notices: tuple[Notice, ...], screen: str) -> tuple[Notice, ...]:
    """Change the notices above a screen (WordPress: `admin_notices`).

    Args:
        notices: Notices so far.
        screen: The screen's key, such as "dashboard" or "posts".

    Returns:
        The notices to show.
    """
    ...
