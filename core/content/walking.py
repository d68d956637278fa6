"""Everything that is published, a batch at a time: for sitemaps, exports and indexes."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from core.accounts import user_views
from core.content.stats import stored_total
from core.content.views import Bring, build_views, select_posts
from core.contract.views import PostView, UserView
from core.db import execute

__all__ = ["PublishedAuthor", "count_published", "published_authors", "walk_published"]

_BATCH: Final = 500
_OPEN: Final = "posts.post_type = {} AND posts.status = 'publish' AND posts.deleted_at IS NULL AND posts.password_sealed IS NULL"


class PublishedAuthor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who has published posts."""

    author: UserView
    changed_at: datetime
    """When the newest change to one of them was."""


async def count_published(post_type: str) -> int:
    """Return how many items of a type are published, those with a password among them."""
    return await stored_total((post_type,), ("publish",))


async def walk_published(
    post_type: str, *, offset: int = 0, limit: int = 1_000_000
) -> AsyncIterator[tuple[PostView, ...]]:
    """Yield what is published of a type and needs no password, the oldest first, in batches of one query each.

    Views have no content, terms or meta; `ext` holds what plugins keep beside posts (`Extension.beside`).

    Args:
        post_type: The type.
        offset: How many to leave out at the beginning.
        limit: How many at most.
    """
    where, args = _OPEN, [post_type]
    skip = offset
    while limit > 0:
        rows = await select_posts(
            where,
            [*args, min(limit, _BATCH), skip],
            bring=Bring(content=False, parts=False, beside=True),
            tail="ORDER BY posts.published_at, posts.id LIMIT {} OFFSET {}",
        )
        if rows:
            yield await build_views(rows, parts=False)
        if len(rows) < min(limit, _BATCH):
            return
        limit, skip = limit - len(rows), 0
        where = f"{_OPEN} AND (posts.published_at, posts.id) > ({{}}, {{}})"
        args = [post_type, rows[-1]["published_at"], rows[-1]["id"]]


async def published_authors(
    post_type: str = "post", *, offset: int = 0, limit: int = 2000
) -> list[PublishedAuthor]:
    """Return people who have published, in the order of their accounts: two queries."""
    rows = await execute(
        "SELECT posts.author_id, max(posts.updated_at) AS changed_at FROM posts WHERE posts.tenant_id = {tenant}"  # noqa: S608  # written here
        f" AND {_OPEN} GROUP BY posts.author_id ORDER BY posts.author_id LIMIT {{}} OFFSET {{}}",
        post_type,
        limit,
        offset,
    )
    found: dict[UUID, UserView] = await user_views(row["author_id"] for row in rows)
    return [
        PublishedAuthor(author=found[row["author_id"]], changed_at=_moment(row["changed_at"]))
        for row in rows
        if row["author_id"] in found
    ]


def _moment(value: datetime | str) -> datetime:
    """Return a time that an aggregate made: SQLite then no longer knows that it is one."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
