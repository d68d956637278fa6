"""A comment as a value: for moderators and hooks, and as a page shows it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from core.db import execute
from plugins.comments.tables import Comment

__all__ = [
    "COLUMNS",
    "CommentKind",
    "CommentStatus",
    "CommentView",
    "Entry",
    "SpamSign",
    "Thread",
    "counts_of",
    "in_list",
    "numbers_of",
    "signs_of",
    "view_of",
    "views_of",
]

CommentKind = Literal["comment", "pingback", "trackback"]
CommentStatus = Literal["pending", "approved", "spam", "trash"]


class SpamSign(msgspec.Struct, frozen=True):
    """Something that speaks against a comment, or for it."""

    rule: str
    """Such as "links"; a plugin's begins with its name and a dot."""
    points: int
    """From -1000 to 1000; less than 0 speaks for it."""
    note: str = ""
    """In words for moderators, in the site's language."""


class CommentView(msgspec.Struct, frozen=True, kw_only=True):
    """A comment with everything, its author's address too: not for visitors."""

    id: UUID
    number: int
    post_id: UUID
    parent_id: UUID | None = None
    root_id: UUID
    depth: int = 0
    thread_at: datetime
    """When its thread began."""
    kind: CommentKind = "comment"
    status: CommentStatus
    status_before: str = ""
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    user_id: UUID | None = None
    content: str
    """As stored: safe HTML without paragraphs."""
    spam_score: int = 0
    """Points that spoke against it when it was sent."""
    spam_signs: str = ""
    """JSON of the `SpamSign`s, "" for none; see `signs_of`."""
    consented_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    version: int = 1


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A comment as a page shows it."""

    number: int
    kind: CommentKind
    author: str
    """"" for nobody, which templates say in the reader's language."""
    author_url: str
    by_post_author: bool
    html: str
    created_at: datetime
    level: int
    """Depth that it is shown at, from 1."""
    url: str
    reply_url: str = ""
    """"" where nobody may answer."""
    removed: bool = False
    """It is gone, and stands here for the answers below it."""
    ext: Mapping[str, Any] = {}
    """What other plugins keep with it, by plugin."""
    replies: tuple["Entry", ...] = ()


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the threads of a post."""

    entries: tuple[Entry, ...] = ()
    total: int = 0
    """Approved comments, on all pages."""
    page: int = 1
    pages: int = 1
    previous_url: str = ""
    next_url: str = ""


COLUMNS = tuple(name for name in CommentView.__struct_fields__)
"""Columns of `comments` that a view is made of."""


def view_of(row: Mapping[str, Any]) -> CommentView:
    """Return a row of `comments` as a view."""
    return CommentView(**{name: row[name] for name in COLUMNS})


def in_list(values: Sequence[Any]) -> str:
    """Return `({}, {}, ...)` for a list of values."""
    return f"({', '.join(['{}'] * len(values))})"


def signs_of(view: CommentView) -> tuple[SpamSign, ...]:
    """Return what spoke for and against a comment when it was sent."""
    return msgspec.json.decode(view.spam_signs, type=tuple[SpamSign, ...]) if view.spam_signs else ()


async def views_of(ids: Iterable[UUID]) -> dict[UUID, CommentView]:
    """Return comments by id; unknown ids are left out."""
    wanted = list(dict.fromkeys(ids))
    found: dict[UUID, CommentView] = {}
    for start in range(0, len(wanted), 500):
        rows = await Comment.select().where(Comment.id.is_in(wanted[start : start + 500]))
        found.update((row["id"], view_of(row)) for row in rows)
    return found


async def numbers_of(ids: Iterable[UUID | None]) -> dict[UUID, int]:
    """Return the numbers of approved comments by id: one query."""
    wanted = [comment_id for comment_id in dict.fromkeys(ids) if comment_id is not None]
    if not wanted:
        return {}
    rows = await Comment.select(Comment.id, Comment.number).where(
        Comment.id.is_in(wanted), Comment.status == "approved"
    )
    return {row["id"]: int(row["number"]) for row in rows}


async def counts_of(post_ids: Sequence[UUID]) -> dict[UUID, tuple[int, bool]]:
    """Return of each post how many approved comments it has, and whether age closed its thread: one query."""
    if not post_ids:
        return {}
    marks = in_list(post_ids)
    rows = await execute(
        "SELECT post_id, count(*) AS n, 0 AS closed FROM comments"  # noqa: S608  # marks are ours
        f" WHERE tenant_id = {{tenant}} AND status = 'approved' AND post_id IN {marks} GROUP BY post_id"
        f" UNION ALL SELECT post_id, 0, 1 FROM comments_closed WHERE tenant_id = {{tenant}} AND post_id IN {marks}",
        *post_ids,
        *post_ids,
    )
    found: dict[UUID, tuple[int, bool]] = dict.fromkeys(post_ids, (0, False))
    for row in rows:
        count, closed = found[row["post_id"]]
        found[row["post_id"]] = (count + row["n"], closed or bool(row["closed"]))
    return found
