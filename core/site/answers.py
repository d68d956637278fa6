"""How a page goes out: what caches may do with it, and a 304 to whoever has it already."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from litestar import Request, Response

from core.contract.addresses import Elsewhere, Gone, Instead
from core.errors import GoneForGood
from core.http import redirect
from core.i18n import gettext as _

__all__ = ["answer", "answer_instead", "private_page"]

AnyRequest = Request[Any, Any, Any]


def private_page(body: str, status: int = 200, *, media_type: str = "text/html") -> Response[str]:
    """Return a page for one reader: no cache keeps it (control WB07)."""
    return Response(
        body,
        status_code=status,
        media_type=media_type,
        headers={"cache-control": "private, no-store"},
    )


def answer_instead(request: AnyRequest, instead: Instead) -> Response[Any]:
    """Return what a plugin has where the site has nothing.

    Raises:
        GoneForGood: It says that the thing is not to come back.
    """
    if isinstance(instead, Gone):
        raise GoneForGood(_("What was here was taken away, and will not come back."))
    if isinstance(instead, Elsewhere):
        if not instead.url.startswith("https://"):
            query = request.scope["query_string"].decode("ascii", "replace")
            carries = bool(query) and not {"?", "#"} & set(instead.url)
            return redirect(f"{instead.url}?{query}" if carries else instead.url, instead.status)
        return Response(
            None, status_code=instead.status, media_type="text/plain", headers={"location": instead.url}
        )
    return answer(
        request,
        instead.body,
        media_type=instead.media_type,
        max_age=instead.max_age,
        changed=instead.changed,
        dated=instead.changed is not None,
    )


def answer(
    request: AnyRequest,
    body: bytes,
    *,
    media_type: str = "text/html",
    max_age: int = 0,
    changed: datetime | None = None,
    dated: bool = False,
) -> Response[Any]:
    """Return something for everybody, which caches may keep if they ask again.

    Args:
        request: Whose answer it is; its conditions are honoured.
        body: The page.
        media_type: Its type.
        max_age: Seconds for which nobody need ask again.
        changed: When what it shows last changed.
        dated: Whether `changed` tells of everything in it, so that it can answer a condition. A page
            also shows menus and comments, of which the post's own time knows nothing.
    """
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {
        "etag": etag,
        "cache-control": f"public, max-age={max_age}" if max_age else "public, max-age=0, must-revalidate",
    }
    if changed is not None:
        headers["last-modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    if _has_it(request.headers, etag, changed if dated else None):
        return Response(None, status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _has_it(headers: Mapping[str, str], etag: str, changed: datetime | None) -> bool:
    """Tell whether the client has this very answer (RFC 9110, 13.2.2: a tag is stronger than a date)."""
    tags = headers.get("if-none-match")
    if tags is not None:
        known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return "*" in known or etag in known
    since = headers.get("if-modified-since")
    if since is None or changed is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
    if moment.tzinfo is None:
        return False
    return changed.replace(microsecond=0) <= moment
