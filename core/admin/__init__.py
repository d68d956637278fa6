"""The admin: server-rendered screens over the same operations that the API and the shell call."""

from core.admin.confirm import confirm_first
from core.admin.errors import admin_error_page
from core.admin.flash import Toast, flash
from core.admin.forms import FormField, FormGroup, filled, form_groups, submitted
from core.admin.pieces import Action, Column, Empty, Filter, Option, Query, Rows, Tab
from core.admin.routes import add_plugin_screens, admin_routes
from core.admin.shell import Crumb, Shell, go, part, screen
from core.admin.view import AdminView
from core.admin.view_routes import FormProblem, problem_of, status_of, version_of

__all__ = [
    "Action",
    "AdminView",
    "Column",
    "Crumb",
    "Empty",
    "Filter",
    "FormField",
    "FormGroup",
    "FormProblem",
    "Option",
    "Query",
    "Rows",
    "Shell",
    "Tab",
    "Toast",
    "add_plugin_screens",
    "admin_error_page",
    "admin_routes",
    "confirm_first",
    "filled",
    "flash",
    "form_groups",
    "go",
    "part",
    "problem_of",
    "screen",
    "status_of",
    "submitted",
    "version_of",
]
