"""Comments by id, number or key; inserting one, and keeping threads whole."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.accounts import address_of
from core.clock import now
from core.db import execute, next_number
from core.errors import NotFound
from core.i18n import gettext as _
from core.ids import new_id
from core.text import search_text
from plugins.comments.tables import Comment, CommentMeta
from plugins.comments.views import CommentView, in_list, view_of

__all__ = [
    "adopt",
    "exists",
    "get_by_id",
    "get_by_number",
    "insert_comment",
    "leave_comments",
    "meta_of",
    "no_such_comment",
    "release_replies",
    "write_meta",
]

_CHUNK = 400


def no_such_comment() -> NotFound:
    """Return the error for a comment that is not here."""
    return NotFound(_("There is no such comment here."))


async def _first(condition: Any) -> CommentView:
    rows = await Comment.select().where(condition).limit(1)
    if not rows:
        raise no_such_comment()
    return view_of(rows[0])


async def get_by_id(comment_id: UUID) -> CommentView:
    """Return a comment.

    Raises:
        NotFound: There is none of this id on the site.
    """
    return await _first(Comment.id == comment_id)


async def get_by_number(number: int) -> CommentView:
    """Return a comment by its number.

    Raises:
        NotFound: There is none of this number on the site.
    """
    if not 0 < number < 2**63:
        raise no_such_comment()
    return await _first(Comment.number == number)


async def exists(comment_id: UUID) -> bool:
    """Tell whether there is a comment of this id on the site."""
    return bool(await Comment.exists().where(Comment.id == comment_id))


async def leave_comments(user_id: UUID) -> None:
    """Take an account off its comments, in the unit in progress; the name stays, as it was printed.

    The address becomes the account's last one: by it the person is found, when he asks what is kept about him.
    """
    await Comment.update({Comment.user_id: None, Comment.author_email: await address_of(user_id)}).where(
        Comment.user_id == user_id
    )


async def insert_comment(
    values: Mapping[str, Any], parent: CommentView | None, *, number: int = 0
) -> CommentView:
    """Insert a comment below `parent`, or as the beginning of a thread; in the unit in progress.

    Args:
        values: Columns; place, number, times and search text are filled in, the id where it is not given.
        parent: What it answers.
        number: Its number if it was taken already.
    """
    at = now()
    comment_id: UUID = values.get("id") or new_id()
    row: dict[str, Any] = {
        "id": comment_id,
        "number": number or await next_number("comments"),
        "created_at": at,
        "updated_at": at,
        "status_at": at,
        "kind": "comment",
        "status_before": "",
        "author_name": "",
        "author_email": "",
        "author_url": "",
        "user_id": None,
        "version": 1,
        "spam_score": 0,
        "spam_signs": "",
        "consented_at": None,
        "search_text": search_text(values.get("author_name", ""), values["content"]),
        **values,
    }
    if parent is None:
        row |= {"parent_id": None, "root_id": comment_id, "depth": 0, "thread_at": row["created_at"]}
    else:
        row |= {
            "parent_id": parent.id,
            "root_id": parent.root_id,
            "depth": parent.depth + 1,
            "thread_at": parent.thread_at,
        }
    await Comment.insert(Comment(**row))
    return view_of(row)


async def adopt(child: CommentView, parent: CommentView) -> None:
    """Put a thread below a comment that came later, with everything under it.

    Nothing happens if the parent is in that thread itself: it can't answer its own answer.
    """
    if parent.root_id == child.id:
        return
    await Comment.update({Comment.parent_id: parent.id}).where(Comment.id == child.id)
    await execute(
        "UPDATE comments SET root_id = {}, thread_at = {}, depth = depth + {}"
        " WHERE tenant_id = {tenant} AND root_id = {}",
        parent.root_id,
        parent.thread_at,
        parent.depth + 1,
        child.id,
    )


async def release_replies(comment: CommentView) -> None:
    """Let the answers to a comment that is about to go answer what it answered; without that, each begins a thread."""
    rows = await Comment.select(Comment.id, Comment.parent_id, Comment.created_at).where(
        Comment.root_id == comment.root_id
    )
    children: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["parent_id"] is not None:
            children.setdefault(row["parent_id"], []).append(row)
    for child in children.get(comment.id, ()):
        moved = _subtree(child["id"], children)
        if comment.parent_id is None:
            await _move(moved, root_id=child["id"], thread_at=child["created_at"])
        else:
            await _move(moved)
        await Comment.update({Comment.parent_id: comment.parent_id}).where(Comment.id == child["id"])


def _subtree(top: UUID, children: Mapping[UUID, Sequence[Mapping[str, Any]]]) -> list[UUID]:
    found, waiting = [], [top]
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting += [row["id"] for row in children.get(current, ())]
    return found


async def _move(ids: Sequence[UUID], **columns: Any) -> None:
    """Lift comments by one level, and write `columns`."""
    values: dict[Any, Any] = {**columns, "depth": Comment.depth - 1}
    for start in range(0, len(ids), _CHUNK):
        await Comment.update(values).where(Comment.id.is_in(list(ids[start : start + _CHUNK])))


async def write_meta(comment_id: UUID, meta: Mapping[str, Sequence[str]]) -> None:
    """Keep named values with a comment."""
    rows = [
        CommentMeta(comment_id=comment_id, meta_key=key[:255], meta_value=value)
        for key, values in meta.items()
        for value in values
    ]
    if rows:
        await CommentMeta.insert(*rows)


async def meta_of(ids: Sequence[UUID]) -> dict[UUID, dict[str, tuple[str, ...]]]:
    """Return the named values of comments by id and key."""
    found: dict[UUID, dict[str, tuple[str, ...]]] = {comment_id: {} for comment_id in ids}
    if not ids:
        return found
    rows = await execute(
        "SELECT comment_id, meta_key, meta_value FROM comments_meta"  # noqa: S608  # marks of ours
        f" WHERE tenant_id = {{tenant}} AND comment_id IN {in_list(ids)} ORDER BY id",
        *ids,
    )
    for row in rows:
        kept = found[row["comment_id"]]
        kept[row["meta_key"]] = (*kept.get(row["meta_key"], ()), row["meta_value"])
    return found
