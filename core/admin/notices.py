"""Notices for the person who is signed in."""

from typing import Any, Final

from litestar import Response, get, post

from core.accounts import list_notices, mark_read
from core.admin.flash import flash
from core.admin.shell import AnyRequest, go, screen
from core.admin.table import page_links
from core.admin.users import users
from core.http import form_of, safe_next
from core.i18n import gettext as _
from core.i18n import ngettext
from core.text import whole_number

__all__ = ["handlers"]

_OPT: Final = {"capability": "read"}
_PATH: Final = "/admin/notifications"
_PER_PAGE: Final = 20


@get(_PATH, opt=_OPT, include_in_schema=False)
async def listing(request: AnyRequest) -> Response[str]:
    """Show the own notices."""
    unread = request.query_params.get("show", "") == "unread"
    page = min(max(whole_number(request.query_params.get("page", "")), 1), 10_000)
    found = await list_notices(unread_only=unread, page=page, per_page=_PER_PAGE)
    base: dict[str, Any] = {"show": "unread" if unread else ""}
    return await screen(
        request,
        "admin/notices/list.html",
        key="notifications",
        title=_("Notifications"),
        found=found,
        unread_only=unread,
        pages=page_links(_PATH, base, page, max(1, -(-found.total // _PER_PAGE))),
    )


@post(f"{_PATH}/read", opt=_OPT, include_in_schema=False)
async def read(request: AnyRequest) -> Response[Any]:
    """Mark notices as read: those that are named, or all."""
    ids = [users.uuid(text) for text in form_of(request).all("ids")]
    count = await mark_read(ids or None)
    target = safe_next(form_of(request).get("next"), "")
    if target:
        return go(request, target)
    if count:
        flash(
            request,
            ngettext("%(count)d marked as read.", "%(count)d marked as read.", count) % {"count": count},
        )
    return go(request, _PATH)


handlers = [listing, read]
