"""Lists of files: by kind, month and words, the newest first."""

from datetime import UTC, date, datetime
from typing import Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from core.accounts import decide, require
from core.clock import local_time
from core.context import current_actor
from core.db import current_database, execute, matches
from core.errors import BadRequest
from core.i18n import gettext as _
from core.media.levels import known_levels
from core.media.views import MediaItem, item_columns, media_item
from core.tenancy import site_settings
from core.text import has_forbidden, search_text

__all__ = ["KINDS", "MAX_OFFSET", "MOST_COUNTED", "MediaPage", "MediaPosition", "MediaQuery", "list_media"]

KINDS: Final = ("image", "video", "audio", "document")
MAX_OFFSET: Final = 10_000
"""Beyond this, lists go on with a position, or are narrowed down."""
MOST_COUNTED: Final = 1_000
"""A list that was narrowed down is counted this far: counting half a million takes longer than showing them."""

Order = Literal["created", "title"]


class MediaPosition(msgspec.Struct, frozen=True):
    """The last file of a page, after which the next one begins."""

    value: datetime | str
    id: UUID


class MediaQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of files is asked for."""

    search: str = ""
    kind: str = ""
    """One of `KINDS`, "" for all."""
    month: date | None = None
    """Its first day: only what came in that month, in the site's zone."""
    post_id: UUID | None = None
    """Only what was uploaded for this post."""
    uploaded_by_id: UUID | None = None
    order: Order = "created"
    ascending: bool = False
    page: int = 1
    per_page: int = 40
    position: MediaPosition | None = None
    count: bool = True


class MediaPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list of files."""

    items: tuple[MediaItem, ...]
    total: int
    """-1 where nobody wanted it; at most `MOST_COUNTED` + 1 where the list was narrowed down."""
    next: MediaPosition | None = None
    """Where the list goes on, None at its end."""


_ORDERS: Final = {"created": "media.created_at", "title": "media.title"}


async def list_media(query: MediaQuery) -> MediaPage:
    """Return one page of the library, with what the current actor may see.

    Raises:
        Forbidden: The actor may not upload files.
        BadRequest: The page is out of bounds, or a value is none that can be asked for.
    """
    await require("upload_files")
    _check(query)
    parts, args = await _where(query)
    if parts is None:
        return MediaPage(items=(), total=0 if query.count else -1)
    total = await _total(query, parts, args) if query.count else -1
    way = "ASC" if query.ascending else "DESC"
    column = _ORDERS[query.order]
    offset = 0
    if query.position is not None:
        sign = ">" if query.ascending else "<"
        parts.append(f"({column}, media.id) {sign} ({{}}, {{}})")
        args += [query.position.value, query.position.id]
    else:
        offset = (query.page - 1) * query.per_page
        if offset > MAX_OFFSET:
            raise BadRequest(
                _("This page is out of bounds."), hint=_("Narrow the list down, or go on by cursor.")
            )
    rows = await execute(
        f"SELECT {item_columns()} FROM media"  # noqa: S608  # names that stand in this room
        f" LEFT JOIN users ON users.tenant_id = media.tenant_id AND users.id = media.uploaded_by_id"
        f" WHERE media.tenant_id = {{tenant}}{''.join(f' AND {part}' for part in parts)}"
        f" ORDER BY {column} {way}, media.id {way} LIMIT {{}} OFFSET {{}}",
        *args,
        query.per_page + 1,
        offset,
    )
    shown = rows[: query.per_page]
    following = None
    if len(rows) > len(shown):
        last = shown[-1]
        following = MediaPosition(
            last["created_at"] if query.order == "created" else last["title"], last["id"]
        )
    return MediaPage(items=tuple(media_item(row) for row in shown), total=total, next=following)


def _check(query: MediaQuery) -> None:
    wrong = ""
    if not 1 <= query.per_page <= 100:
        wrong = _("A page has 1 to {most} items.").format(most=100)
    elif not 1 <= query.page <= 10**9:
        wrong = _("Pages count from 1.")
    elif query.kind and query.kind not in KINDS:
        wrong = _("There is no such kind of file: {names}.").format(names=query.kind[:60])
    elif len(query.search) > 200:
        wrong = _("A search has at most 200 characters.")
    elif has_forbidden(query.search):
        wrong = _("This contains characters that can't be searched for.")
    if wrong:
        raise BadRequest(wrong)


async def _where(query: MediaQuery) -> tuple[list[Any] | None, list[Any]]:
    """Return conditions with their arguments; None for the conditions if nothing can fit."""
    parts: list[Any] = []
    args: list[Any] = []
    await _restrict(parts, args)
    if query.kind:
        parts.append("media.attachment_type = {}")
        args.append(query.kind)
    if query.post_id is not None:
        parts.append("media.post_id = {}")
        args.append(query.post_id)
    if query.uploaded_by_id is not None:
        parts.append("media.uploaded_by_id = {}")
        args.append(query.uploaded_by_id)
    if query.month is not None:
        first, last = month_bounds(query.month)
        parts.append("media.created_at >= {} AND media.created_at < {}")
        args += [first, last]
    if query.search:
        words = search_text(query.search)
        if not any(ch.isalnum() for ch in words):
            return None, args
        parts.append("{}")
        args.append(matches("media", words).querystring)
    return parts, args


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """Return when a month of the site's zone begins and ends, in UTC."""
    zone = ZoneInfo(site_settings().timezone)
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    first, last = (datetime(d.year, d.month, 1, tzinfo=zone).astimezone(UTC) for d in (month, after))
    return first, last


async def _restrict(parts: list[Any], args: list[Any]) -> None:
    """Leave out what the actor may not see: files of other people at levels that he has no right to."""
    actor = current_actor()
    levels = known_levels()
    seen = [
        name
        for name, capability in levels.items()
        if not capability or (await decide(actor, capability)).allowed
    ]
    if len(seen) == len(levels):
        return
    marks = ", ".join(["{}"] * len(seen))
    parts.append(f"(media.access_level IN ({marks}) OR media.uploaded_by_id = {{}})")
    args += [*seen, actor.id]


async def _total(query: MediaQuery, parts: list[Any], args: list[Any]) -> int:
    if not parts:
        rows = await execute(
            "SELECT value AS n FROM dashboard_stats WHERE tenant_id = {tenant} AND name = 'media'"
        )
        return int(rows[0]["n"]) if rows else 0
    rows = await execute(
        "SELECT count(*) AS n FROM (SELECT 1 FROM media WHERE media.tenant_id = {tenant}"  # noqa: S608  # as above
        f"{''.join(f' AND {part}' for part in parts)} LIMIT {MOST_COUNTED + 1}) AS counted",
        *args,
    )
    return int(rows[0]["n"])


_BEGIN: Final = {
    "postgres": "date_trunc('month', m.last AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'",
    "sqlite": "substr(m.last, 1, 7) || '-01 00:00:00+00:00'",  # stored as ISO text in UTC
}
_FILES: Final = "SELECT p.created_at FROM media p WHERE p.tenant_id = {tenant}"

# From month to month along the index: it costs as much for ten thousand files a month as for one.
_MONTHS: Final = (
    f"WITH RECURSIVE m (last) AS (SELECT ({_FILES} ORDER BY p.created_at DESC LIMIT 1)"  # noqa: S608  # written here
    f" UNION ALL SELECT ({_FILES} AND p.created_at < (BEGIN) ORDER BY p.created_at DESC LIMIT 1)"
    " FROM m WHERE m.last IS NOT NULL)"
    " SELECT m.last AS last FROM m WHERE m.last IS NOT NULL"
)


async def media_months() -> tuple[date, ...]:
    """Return the first days of the months that files came in, the newest first."""
    await require("upload_files")
    zone = ZoneInfo(site_settings().timezone)
    found: set[date] = set()
    for row in await execute(_MONTHS.replace("BEGIN", _BEGIN[current_database().kind])):
        last = row["last"]  # SQLite forgets what type a column of a subquery is of
        moment = last if isinstance(last, datetime) else datetime.fromisoformat(last)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        found.add(local_time(moment, zone).date().replace(day=1))
    return tuple(sorted(found, reverse=True))
