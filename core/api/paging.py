"""Cursors: where a list goes on, signed so that they can only come from us.

A cursor holds what the list is ordered by and the id of the last row that was sent, not a count of
rows. So a row that is added or taken away meanwhile shifts nothing: each row that was there at the
first page and keeps its place comes exactly once, and no page costs more than the first (F25).
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response

from core.api.respond import answer
from core.clock import now
from core.context import current_tenant
from core.contract.content import ListingPosition
from core.crypto import sign, unsign
from core.errors import BadRequest
from core.http import host_of
from core.i18n import gettext as _

__all__ = ["CURSOR_LIFE", "base_url", "page_answer", "read_cursor", "write_cursor"]

CURSOR_LIFE: Final = timedelta(days=7)
_PURPOSE: Final = "api-cursor"


class _Mark(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """What is in a cursor. Short names: it travels in addresses."""

    list: str
    order: str
    value: str | int | None
    is_time: bool
    id: UUID


def write_cursor(listing: str, order: str, position: ListingPosition) -> str:
    """Return the cursor that goes on after `position`.

    Args:
        listing: Which list, such as "posts:post". A cursor of another one is refused.
        order: Its order and direction, such as "title:asc".
        position: The last row that was sent.
    """
    value, is_time = position.value, False
    if isinstance(value, datetime):
        value, is_time = value.astimezone(UTC).isoformat(), True
    mark = _Mark(listing, order, value, is_time, position.id)
    return sign(msgspec.json.encode(mark), _PURPOSE, now() + CURSOR_LIFE, tenant=current_tenant().id)


def read_cursor(text: str, listing: str, order: str) -> ListingPosition | None:
    """Return the position behind a cursor; None for "", the beginning.

    Raises:
        BadRequest: It was not made here, is older than `CURSOR_LIFE`, or is for another list or order.
    """
    if not text:
        return None
    payload = unsign(text, _PURPOSE, tenant=current_tenant().id)
    if payload is not None:
        mark = msgspec.json.decode(payload, type=_Mark)
        if (mark.list, mark.order) == (listing, order):
            value = datetime.fromisoformat(str(mark.value)) if mark.is_time else mark.value
            return ListingPosition(value, mark.id)
    raise BadRequest(
        _("This cursor is not one of this list, or it is too old."),
        hint=_("Begin again without a cursor, and keep the other parameters the same from page to page."),
    )


def base_url(request: Request[Any, Any, Any]) -> str:
    """Return scheme and host of the request, as whole addresses in answers begin with."""
    return host_of(request.scope).origin(request.scope["scheme"])


def page_answer(request: Request[Any, Any, Any], items: list[Any], cursor: str) -> Response[Any]:
    """Return a page that goes on, with the address of the next one: the same parameters, another cursor."""
    query = urlencode({**dict(request.query_params.multi_items()), "cursor": cursor})
    link = f"{base_url(request)}{request.scope['path']}?{query}"
    body = {"items": items, "next": link, "cursor": cursor}
    return answer(request, body, headers={"link": f'<{link}>; rel="next"'})
