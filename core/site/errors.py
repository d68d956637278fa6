"""Errors as pages of the site, in its theme."""

from typing import Any

from litestar import Request

from core.context import current_actor, maybe_tenant
from core.contract.pages import ErrorPage
from core.http import Problem
from core.i18n import gettext as _
from core.site.classes import error_classes
from core.site.pages import current_user, finished, rendered, site_view

__all__ = ["error_page"]


async def error_page(request: Request[Any, Any, Any], status: int, problem: Problem) -> str | None:
    """Show an error in the site's theme; None where there is no site to show it for.

    Of a failure of the server nothing more is asked for than the theme: neither who is signed in,
    nor menus or widgets (see `core.themes.render`).
    """
    if maybe_tenant() is None:
        return None
    missing, failed = status == 404, status >= 500
    user = None if failed or current_actor().kind != "user" else await current_user()
    site = site_view()
    title = _("This page does not exist") if missing else problem.title
    message = problem.detail
    if missing:
        message = _("It may have moved, or never have been here. The search may find it.")
    page = ErrorPage(
        kind="error",
        site=site,
        title=title,
        document_title=f"{title} – {site.title}",
        url="",
        robots="noindex",
        body_classes=error_classes(status, user),
        user=user,
        status=status,
        message=message,
        incident=problem.reference if failed else "",
    )
    return await rendered(page if failed else await finished(page))
