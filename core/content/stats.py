"""Counts of what a site holds, kept by the operations as they write (`dashboard_stats`).

Each post adds one to its type and status, to the day it was made and to its author. Operations add
the difference between what a post counted for before and after, so a count never has to be taken.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Final

import msgspec

from core.clock import now
from core.contract.views import PostView
from core.db import current_database, execute, tally, tenant_work

__all__ = [
    "DashboardStats",
    "count_change",
    "counted",
    "dashboard_stats",
    "posts_by_status",
    "rebuild_stats",
    "stored_total",
]

_RECENT: Final = 30


class DashboardStats(msgspec.Struct, frozen=True, kw_only=True):
    """What the dashboard shows."""

    posts: Mapping[str, Mapping[str, int]]
    """Number of posts by type and status."""
    terms: Mapping[str, int]
    """Number of terms by taxonomy."""
    users: int
    media: int
    posts_last_30_days: int
    """Made in the last 30 days, of every type, the trash included."""
    active_authors: int
    """People who have something outside the trash."""

    @property
    def published_posts(self) -> int:
        """Published items of the type `post`."""
        return self.posts.get("post", {}).get("publish", 0)


def counted(post: PostView | None) -> Counter[str]:
    """Return the counters that a post adds one to; nothing for None."""
    if post is None:
        return Counter()
    names = [f"posts.{post.type}.{post.status}", f"made.{post.created_at.astimezone(UTC):%Y-%m-%d}"]
    if post.status != "trash":
        names.append(f"author.{post.author.id}")
    return Counter(names)


def count_change(before: PostView | None, after: PostView | None) -> None:
    """Count a post as it is now instead of as it was, when the unit in progress commits."""
    change = counted(after)
    change.subtract(counted(before))
    tally(change)


async def _values(prefix: str) -> dict[str, int]:
    rows = await execute(
        # a range, not LIKE: the primary key answers it on both engines
        "SELECT name, value FROM dashboard_stats WHERE tenant_id = {tenant} AND name >= {} AND name < {}",
        prefix,
        prefix[:-1] + chr(ord(prefix[-1]) + 1),
    )
    return {row["name"].removeprefix(prefix): int(row["value"]) for row in rows if row["value"]}


async def posts_by_status(post_type: str) -> dict[str, int]:
    """Return the number of posts of a type by status."""
    return await _values(f"posts.{post_type}.")


async def stored_total(types: tuple[str, ...], statuses: tuple[str, ...]) -> int:
    """Return the number of posts of these types and statuses."""
    total = 0
    for name in types:
        by_status = await posts_by_status(name)
        total += sum(by_status.get(status, 0) for status in statuses)
    return total


async def dashboard_stats() -> DashboardStats:
    """Return what the dashboard shows: one query, whatever the site holds."""
    rows = await execute("SELECT name, value FROM dashboard_stats WHERE tenant_id = {tenant} AND value <> 0")
    values = {row["name"]: int(row["value"]) for row in rows}
    posts: dict[str, dict[str, int]] = {}
    terms: dict[str, int] = {}
    since = f"made.{now() - timedelta(days=_RECENT):%Y-%m-%d}"
    for name, value in values.items():
        kind, _dot, rest = name.partition(".")
        if kind == "posts":
            post_type, _dot, status = rest.rpartition(".")
            posts.setdefault(post_type, {})[status] = value
        elif kind == "terms":
            terms[rest] = value
    return DashboardStats(
        posts=posts,
        terms=terms,
        users=values.get("users", 0),
        media=values.get("media", 0),
        posts_last_30_days=sum(v for name, v in values.items() if name.startswith("made.") and name > since),
        active_authors=sum(v > 0 for name, v in values.items() if name.startswith("author.")),
    )


_DAY: Final = {
    "postgres": "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
    "sqlite": "substr(created_at, 1, 10)",  # stored as ISO text in UTC
}
_COUNTS: Final = (
    "SELECT 'posts.' || post_type || '.' || status AS name, count(*) AS n FROM posts WHERE tenant_id = {{tenant}} GROUP BY 1",
    "SELECT 'made.' || {day} AS name, count(*) AS n FROM posts WHERE tenant_id = {{tenant}} GROUP BY 1",
    (
        "SELECT 'author.' || CAST(author_id AS TEXT) AS name, count(*) AS n FROM posts"
        " WHERE tenant_id = {{tenant}} AND status <> 'trash' GROUP BY 1"
    ),
    "SELECT 'terms.' || taxonomy AS name, count(*) AS n FROM terms WHERE tenant_id = {{tenant}} GROUP BY 1",
    "SELECT 'users' AS name, count(*) AS n FROM users WHERE tenant_id = {{tenant}} AND deleted_at IS NULL",
    "SELECT 'media' AS name, count(*) AS n FROM media WHERE tenant_id = {{tenant}}",
)


async def _count() -> dict[str, int]:
    day = _DAY[current_database().kind]
    return {
        row["name"]: int(row["n"])
        for sql in _COUNTS
        for row in await execute(sql.format(day=day))
        if row["n"]
    }


async def rebuild_stats() -> dict[str, int]:
    """Count everything anew and store it; return the counts. Writers of the site wait for it with their commits."""
    async with tenant_work():
        for name in sorted(await _count()):  # so that every counter has a row to hold
            await execute(
                "INSERT INTO dashboard_stats (tenant_id, name, value, updated_at) VALUES ({tenant}, {}, 0, {})"
                " ON CONFLICT DO NOTHING",
                name,
                now(),
            )
        await execute("UPDATE dashboard_stats SET value = 0 WHERE tenant_id = {tenant}")
        values = await _count()
        tally(values)
    return values
