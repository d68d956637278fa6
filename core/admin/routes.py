"""Every route of the admin, and those of plugins' screens."""

from typing import Any

from core.admin import (
    auth,
    blocks,
    customise,
    dashboard,
    editor_routes,
    findings,
    joining,
    media_picker,
    media_routes,
    notices,
    plugins,
    profile,
    revisions,
    roles,
    search,
    site_settings,
    terms,
    themes,
    tools,
    user_routes,
    write_life,
    write_routes,
)
from core.admin.view_routes import view_handlers
from core.admin.views import views_of
from core.plugins import Registry

__all__ = ["add_plugin_screens", "admin_routes"]


def admin_routes() -> list[Any]:
    """Return the core's own handlers."""
    return [
        *auth.handlers,
        *joining.handlers,
        *dashboard.handlers,
        *search.handlers,
        *write_routes.handlers,
        *write_life.handlers,
        *blocks.handlers,
        *editor_routes.handlers,
        *media_picker.handlers,
        *media_routes.handlers,
        *revisions.handlers,
        *findings.handlers,
        *terms.handlers,
        *user_routes.handlers,
        *profile.handlers,
        *roles.handlers,
        *site_settings.handlers,
        *plugins.handlers,
        *themes.handlers,
        *customise.handlers,
        *notices.handlers,
        *tools.handlers,
    ]


def add_plugin_screens(registry: Registry) -> None:
    """Make the routes of every plugin's `AdminView`s; they are the plugin's, so they go when it is off.

    Raises:
        StartError: A plugin's `admin.py` is not as it must be.
    """
    for name, plugin in registry.plugins.items():
        handlers = [handler for view in views_of(plugin) for handler in view_handlers(view)]
        if handlers:
            registry.add_handlers(name, handlers)
