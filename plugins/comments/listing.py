"""Lists of comments: for moderators, for the API, for the feed and the dashboard."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from core.content import content_types, list_posts
from core.contract.content import ListingQuery
from core.contract.views import PostView
from core.db import contains, execute, matches
from core.errors import BadRequest
from core.i18n import gettext as _
from core.text import search_text
from plugins.comments.tables import Comment
from plugins.comments.views import CommentStatus, CommentView, view_of

__all__ = ["CommentList", "CommentQuery", "counts_by_status", "list_comments", "pending_count", "posts_of"]

_ALL = ("publish", "private", "future", "draft", "pending", "trash")
_MOST_ROWS = 50_000
"""Beyond this, lists go on with `before` (fault F25)."""


class CommentQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What a list asks for. The newest come first."""

    statuses: tuple[CommentStatus, ...] = ("pending", "approved")
    post_id: UUID | None = None
    search: str = ""
    """Words of the text or the name."""
    with_emails: bool = False
    """Look for `search` in e-mail addresses, too: for moderators, others could guess them letter by letter."""
    before: tuple[datetime, UUID] | None = None
    """Only what is older than this comment: its time and id."""
    page: int = 1
    per_page: int = 20
    count: bool = True


class CommentList(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list."""

    items: tuple[CommentView, ...]
    total: int
    """-1 where nobody wanted it."""
    page: int = 1
    per_page: int = 20
    more: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are, 1 at least."""
        return max(1, -(-max(self.total, 0) // self.per_page))


async def list_comments(query: CommentQuery) -> CommentList:
    """Return one page of the site's comments, whoever asks: callers ask for rights.

    Raises:
        BadRequest: The page is out of all bounds.
    """
    offset = (max(query.page, 1) - 1) * query.per_page if query.before is None else 0
    if offset > _MOST_ROWS:
        raise BadRequest(_("This page is out of bounds."), hint=_("Narrow the list down."))
    where = _where(query)
    if where is None:
        return CommentList(items=(), total=0, page=query.page, per_page=query.per_page)
    total: int = await Comment.count().where(*where) if query.count else -1
    rows = (
        await Comment.select()
        .where(*where)
        .order_by(Comment.created_at, ascending=False)
        .order_by(Comment.id, ascending=False)
        .limit(query.per_page + 1)
        .offset(offset)
    )
    return CommentList(
        items=tuple(view_of(row) for row in rows[: query.per_page]),
        total=total,
        page=query.page,
        per_page=query.per_page,
        more=len(rows) > query.per_page,
    )


def _where(query: CommentQuery) -> list[Any] | None:
    """Return the conditions of a query, None if nothing can fit it."""
    where: list[Any] = [Comment.status.is_in(list(query.statuses))]
    if query.post_id is not None:
        where.append(Comment.post_id == query.post_id)
    if query.before is not None:
        at, last = query.before
        where.append((Comment.created_at < at) | ((Comment.created_at == at) & (Comment.id < last)))
    if query.search.strip():
        words = search_text(query.search)
        found = [matches("comments", words)] if any(ch.isalnum() for ch in words) else []
        if query.with_emails:
            found.append(contains(Comment.author_email, query.search.strip()))
        if not found:
            return None
        where.append(found[0] if len(found) == 1 else found[0] | found[1])
    return where


async def counts_by_status() -> dict[str, int]:
    """Return the number of comments by status."""
    rows = await execute(
        "SELECT status, count(*) AS n FROM comments WHERE tenant_id = {tenant} GROUP BY status"
    )
    return {row["status"]: int(row["n"]) for row in rows}


async def pending_count() -> int:
    """Return how many comments wait for approval."""
    count: int = await Comment.count().where(Comment.status == "pending")
    return count


async def posts_of(comments: Sequence[CommentView], *, public: bool = False) -> Mapping[UUID, PostView]:
    """Return the posts of comments by id.

    Args:
        comments: The comments.
        public: Only posts that everybody may read; otherwise all that the current actor may see.
    """
    ids = tuple(dict.fromkeys(comment.post_id for comment in comments))
    found: dict[UUID, PostView] = {}
    for start in range(0, len(ids), 100):
        query = ListingQuery(
            types=tuple(kind.name for kind in content_types()),
            statuses=("publish",) if public else _ALL,
            ids=ids[start : start + 100],
            per_page=100,
            count=False,
        )
        listed = await list_posts(query, "widget" if public else "admin", ext=False)
        found.update((post.id, post) for post in listed.items if not (public and post.has_password))
    return found
