"""The admin: server-rendered screens over the same operations that the API and the shell call."""

from core.admin.errors import admin_error_page
from core.admin.flash import Toast, flash
from core.admin.forms import FormField, FormGroup, filled, form_groups, submitted
from core.admin.pieces import Action, Column, Empty, Filter, Option, Query, Rows, Tab
from core.admin.routes import add_plugin_screens, admin_routes
from core.admin.shell import Crumb, Shell, go, part, screen
from core.admin.view import AdminView

__all__ = [
    "Action",
    "AdminView",
    "Column",
    "Crumb",
    "Empty",
    "Filter",
    "FormField",
    "FormGroup",
    "Option",
    "Query",
    "Rows",
    "Shell",
    "Tab",
    "Toast",
    "add_plugin_screens",
    "admin_error_page",
    "admin_routes",
    "filled",
    "flash",
    "form_groups",
    "go",
    "part",
    "screen",
    "submitted",
]
