"""The months that posts were published in, to choose from above a list."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from core.clock import local_time
from core.content.permalinks import site_zone
from core.db import current_database, execute

__all__ = ["published_months"]

_BEGIN: Final = {
    "postgres": "date_trunc('month', m.last AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'",
    "sqlite": "substr(m.last, 1, 7) || '-01 00:00:00+00:00'",  # stored as ISO text in UTC
}
"""When the month of `m.last` begins, in UTC."""

_POSTS: Final = (
    "SELECT p.published_at FROM posts p WHERE p.tenant_id = {tenant} AND p.status = {} AND p.post_type = {}"
    " AND p.published_at IS NOT NULL"
)

# From month to month along the index: it costs as much for a hundred posts a month as for one.
_MONTHS: Final = (
    f"WITH RECURSIVE m (last) AS (SELECT ({_POSTS} ORDER BY p.published_at DESC LIMIT 1)"  # noqa: S608  # written here
    f" UNION ALL SELECT ({_POSTS} AND p.published_at < (BEGIN) ORDER BY p.published_at DESC LIMIT 1)"
    " FROM m WHERE m.last IS NOT NULL)"
    f" SELECT m.last AS last, ({_POSTS} AND p.published_at >= (BEGIN) ORDER BY p.published_at LIMIT 1) AS first"
    " FROM m WHERE m.last IS NOT NULL"
)


async def published_months(type_name: str, *, private: bool = False) -> tuple[date, ...]:
    """Return the first days of the months that posts of a type went out in, in the site's zone, the newest first.

    Args:
        type_name: The type.
        private: Whether private posts count too.
    """
    sql = _MONTHS.replace("BEGIN", _BEGIN[current_database().kind])
    zone = site_zone()
    found: set[date] = set()
    for status in ("publish", "private") if private else ("publish",):
        for row in await execute(sql, *(status, type_name) * 3):
            # a month of UTC lies in two of the zone at most: its first and its last post tell which
            found |= {local_time(_moment(row, end), zone).date().replace(day=1) for end in ("first", "last")}
    return tuple(sorted(found, reverse=True))


def _moment(row: Mapping[str, Any], name: str) -> datetime:
    found = row[name]  # SQLite forgets what type a column of a subquery is of
    moment = found if isinstance(found, datetime) else datetime.fromisoformat(found)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
