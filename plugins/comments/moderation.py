"""What moderators do with comments: approve, hold, mark as spam, throw away, change."""

from collections.abc import Iterable
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import UNSET

from core.accounts import extensions_of, record, require, save_extensions
from core.clock import now
from core.db import tenant_work
from core.errors import Conflict, Invalid
from core.hooks import after_commit
from core.i18n import gettext as _
from core.text import search_text
from plugins.comments import hookspecs
from plugins.comments.authors import checked_email, checked_url
from plugins.comments.followers import tell_later
from plugins.comments.forms import CommentChanges
from plugins.comments.store import get_by_id, release_replies
from plugins.comments.tables import Comment
from plugins.comments.text import clean_comment, is_empty
from plugins.comments.views import CommentStatus, CommentView, views_of

__all__ = [
    "MODERATE",
    "StatusWanted",
    "delete_comments",
    "edit_comment",
    "remove",
    "set_status",
    "write_status",
]

MODERATE: Final = "moderate_comments"
StatusWanted = Literal["approved", "pending", "spam", "trash", "restore"]
_ACTIONS = {
    "approved": "comments.approve",
    "pending": "comments.hold",
    "spam": "comments.mark_spam",
    "trash": "comments.trash",
}


async def set_status(ids: Iterable[UUID], status: StatusWanted) -> int:
    """Give comments another status; return how many got one.

    Args:
        ids: The comments. Those that are gone, or have it already, are passed over.
        status: The status, or "restore" for what a comment was before the trash or the spam folder.

    Raises:
        Forbidden: The actor may not moderate.
    """
    await require(MODERATE)
    changed = 0
    async with tenant_work():
        # one order for everybody: two moderators never wait for each other in a circle
        for comment in sorted((await views_of(ids)).values(), key=lambda view: view.number):
            wanted: Any = (comment.status_before or "pending") if status == "restore" else status
            if status == "restore" and comment.status not in ("trash", "spam"):
                continue
            if comment.status != wanted:
                await write_status(comment, wanted)
                changed += 1
    return changed


async def write_status(comment: CommentView, status: CommentStatus) -> CommentView:
    """Write a status, in the unit in progress. No rights are asked here."""
    gone = status in ("trash", "spam")
    before = comment.status
    kept = comment.status_before if before in ("trash", "spam") else before
    changes: dict[Any, Any] = {
        Comment.status: status,
        Comment.status_before: kept if gone else "",
        Comment.status_at: now(),
        Comment.version: Comment.version + 1,
    }
    await Comment.update(changes).where(Comment.id == comment.id)
    view = await get_by_id(comment.id)
    await record(
        _ACTIONS[status],
        resource_type="comment",
        resource_id=comment.id,
        before={"status": before},
        after={"status": status},
    )
    if status == "approved":
        await tell_later(view)
    after_commit(hookspecs.on_comments_status_changed, view, before)
    return view


async def edit_comment(comment_id: UUID, changes: CommentChanges, *, version: int) -> CommentView:
    """Change what a comment says, or who says it.

    Raises:
        NotFound: There is no such comment here.
        Invalid: Everything that has to be corrected, by field.
        Conflict: Somebody else changed it first; `current` and `yours` hold both states.
        Forbidden: The actor may not moderate.
    """
    await require(MODERATE)
    columns = _checked(changes)
    async with tenant_work():
        rows = (
            await Comment.update({**columns, Comment.updated_at: now(), Comment.version: Comment.version + 1})
            .where(Comment.id == comment_id, Comment.version == version)
            .returning(Comment.id)
        )
        view = await get_by_id(comment_id)
        if not rows:
            raise Conflict(
                _("Somebody else changed this comment first."),
                hint=_("Compare both texts and save again."),
                current=_state(view),
                yours={str(column._meta.name): value for column, value in columns.items()},
            )
        if {"content", "author_name"} & {column._meta.name for column in columns}:
            text = search_text(view.author_name, view.content)
            await Comment.update({Comment.search_text: text}).where(Comment.id == comment_id)
        if changes.ext is not UNSET:
            await save_extensions("comments", comment_id, changes.ext)
        names = sorted(
            [*(str(column._meta.name) for column in columns), *([] if changes.ext is UNSET else changes.ext)]
        )
        await record(
            "comments.edit", resource_type="comment", resource_id=comment_id, detail={"changed": names}
        )
    return view


def _state(view: CommentView) -> dict[str, Any]:
    return {
        "content": view.content,
        "author_name": view.author_name,
        "author_email": view.author_email,
        "author_url": view.author_url,
        "version": view.version,
    }


def _checked(changes: CommentChanges) -> dict[Any, Any]:
    errors: dict[str, str] = {}
    columns: dict[Any, Any] = {}
    if changes.content is not UNSET:
        columns[Comment.content] = clean_comment(changes.content)
        if is_empty(columns[Comment.content]):
            errors["content"] = _("Write something.")
    if changes.author_name is not UNSET:
        columns[Comment.author_name] = changes.author_name
    if changes.author_email is not UNSET:
        columns[Comment.author_email] = checked_email(changes.author_email, errors)
    if changes.author_url is not UNSET:
        columns[Comment.author_url] = checked_url(changes.author_url, errors)
    if errors:
        raise Invalid(errors)
    return columns


async def delete_comments(ids: Iterable[UUID]) -> int:
    """Delete comments for good; answers to them answer what they answered. Return how many there were.

    Raises:
        Forbidden: The actor may not moderate.
    """
    await require(MODERATE)
    async with tenant_work():
        found = sorted((await views_of(ids)).values(), key=lambda view: view.number)
        for comment in found:
            await remove(comment.id)
    return len(found)


async def remove(comment_id: UUID) -> None:
    """Delete a comment, in the unit in progress. No rights are asked here."""
    comment = await get_by_id(comment_id)  # as it is now: one that went before may have been its parent
    await release_replies(comment)
    for extension in extensions_of("comments"):
        await extension.erase(comment.id)
    await Comment.delete().where(Comment.id == comment.id)
    await record(
        "comments.delete",
        resource_type="comment",
        resource_id=comment.id,
        detail={"post": str(comment.post_id), "status": comment.status},
    )
