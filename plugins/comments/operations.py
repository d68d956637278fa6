"""Writing comments: what a visitor sends, and what a moderator answers."""

import hashlib
import logging
from typing import Any, Final, cast
from uuid import UUID

import msgspec

from core.accounts import bucket_name, current_signals, decide, limit, record, require
from core.clock import now
from core.content import content_type, get_post
from core.context import current_actor
from core.contract.views import PostView
from core.db import next_number, tenant_work
from core.errors import Forbidden, Invalid, NotFound, Unauthenticated
from core.hooks import after_commit, apply_filters
from core.i18n import gettext as _
from core.ids import new_id
from core.plugins import settings
from plugins.comments import hookspecs
from plugins.comments.addresses import sealed_address
from plugins.comments.authors import Author, who_comments
from plugins.comments.consent import asked_for, keep_wording
from plugins.comments.followers import follow, tell_later
from plugins.comments.forms import CommentForm
from plugins.comments.moderation import MODERATE, write_status
from plugins.comments.settings import CommentsSettings
from plugins.comments.spam import find_signs, packed, points_of, verdict_of
from plugins.comments.store import get_by_id, get_by_number, insert_comment
from plugins.comments.tables import Comment
from plugins.comments.telling import tell_of_new
from plugins.comments.text import clean_comment, is_empty
from plugins.comments.views import CommentStatus, CommentView, view_of

__all__ = ["answer_comment", "count_tries", "create_comment", "is_open", "takes_comments"]

log = logging.getLogger("vitral.comments")

_VERDICTS: Final = ("approved", "pending", "spam")
_LIMITS: Final = (("network", 30, 600), ("person", 30, 600), ("site", 600, 600))
"""Who is counted, how many comments, in how many seconds (control RL01)."""
_TRIES: Final = (120, 600)
"""How often a network may send the form, whatever comes of it, in how many seconds."""


def takes_comments(post: PostView) -> bool:
    """Tell whether there can be a discussion at all: not on drafts, nor before the password was given."""
    kind = content_type(post.type)
    return (
        post.status in ("publish", "private")
        and post.unlocked
        and kind is not None
        and "comments" in kind.supports
    )


def is_open(post: PostView) -> bool:
    """Tell whether somebody may comment on a post now."""
    state = post.ext.get("comments")
    return bool(state and state["open"]) and takes_comments(post)


async def create_comment(post: PostView, form: CommentForm) -> CommentView:
    """Write a comment as the current actor. The same one sent twice is written once.

    Args:
        post: The post, as the actor may read it.
        form: What was sent.

    Returns:
        The comment; its status says whether it is shown.

    Raises:
        Forbidden: The discussion is closed.
        Unauthenticated: The site takes comments only of people who are signed in.
        Invalid: Everything that has to be corrected, by field.
        RateLimited: Too many comments from there.
    """
    _check_open(post)
    await count_tries()
    errors: dict[str, str] = {}
    author = await who_comments(form, errors)
    content = clean_comment(form.content)
    if is_empty(content):
        errors["content"] = _("Write something.")
    if asked_for() and not form.consent:
        errors["consent"] = _("Without your agreement your comment can't be kept. Nothing was stored.")
    parent = await _parent(post, form.parent, errors)
    if errors:
        raise Invalid(errors)
    draft = _draft(post, parent, author, content)
    digest = _digest(draft)
    if (known := await _same(post.id, digest)) is not None:
        return known
    await _count(author)
    draft = await _judged(post, draft, trapped=bool(form.subject))
    if asked_for():
        draft = msgspec.structs.replace(draft, consented_at=now())
    return await _write(post, draft, parent, digest, follows=form.follow)


def _check_open(post: PostView) -> None:
    if not is_open(post):
        raise Forbidden(_("This discussion is closed."))
    if settings(CommentsSettings).signed_in_only and current_actor().kind == "visitor":
        raise Unauthenticated(_("Sign in to comment."))


async def _parent(post: PostView, number: int | None, errors: dict[str, str]) -> CommentView | None:
    if number is None:
        return None
    try:
        parent = await get_by_number(number)
    except NotFound:
        parent = None
    if parent is None or parent.post_id != post.id or parent.status != "approved" or parent.kind != "comment":
        errors["parent"] = _("The comment that you answer is not there any more.")
        return None
    return parent


def _draft(post: PostView, parent: CommentView | None, author: Author, content: str) -> CommentView:
    at, comment_id = now(), new_id()
    return CommentView(
        id=comment_id,
        number=0,
        post_id=post.id,
        parent_id=parent.id if parent else None,
        root_id=parent.root_id if parent else comment_id,
        depth=parent.depth + 1 if parent else 0,
        thread_at=parent.thread_at if parent else at,
        status="pending",
        author_name=author.name,
        author_email=author.email,
        author_url=author.url,
        user_id=author.user_id,
        content=content,
        created_at=at,
        updated_at=at,
    )


def _digest(draft: CommentView) -> str:
    who = str(draft.user_id or f"{draft.author_email}\x00{draft.author_name}")
    parts = (str(draft.post_id), str(draft.parent_id or ""), who, draft.content)
    return hashlib.sha256("\x00".join(parts).encode("utf-8")).hexdigest()


async def _same(post_id: UUID, digest: str) -> CommentView | None:
    rows = await Comment.select().where(Comment.post_id == post_id, Comment.digest == digest)
    return view_of(rows[0]) if rows else None


async def count_tries() -> None:
    """Count what is sent, before anybody works on it: what is refused costs time, too."""
    network = str(current_signals().get("network", ""))
    if network and current_actor().kind in ("visitor", "user"):
        await limit(bucket_name("comments:tries", network), *_TRIES)


async def _count(author: Author) -> None:
    if current_actor().kind not in ("visitor", "user"):
        return
    who = {
        "network": str(current_signals().get("network", "")),
        "person": str(author.user_id or author.email),
        "site": "all",
    }
    for kind, hits, seconds in _LIMITS:
        if who[kind]:
            await limit(bucket_name(f"comments:{kind}", who[kind]), hits, seconds)


async def _judged(post: PostView, draft: CommentView, *, trapped: bool) -> CommentView:
    """Return a draft with its status, and what that was decided by."""
    actor = current_actor()
    own = actor.kind == "user" and actor.id == post.author.id
    if not trapped and (own or (actor.kind != "visitor" and (await decide(actor, MODERATE)).allowed)):
        return msgspec.structs.replace(draft, status="approved")
    known = await _approved_before(draft)
    signs = await find_signs(draft, trapped=trapped, known=known)
    verdict: str = verdict_of(signs)
    moderation = settings(CommentsSettings).moderation
    if verdict == "approved" and (moderation == "all" or (moderation == "first" and not known)):
        verdict = "pending"
    draft = msgspec.structs.replace(draft, spam_score=points_of(signs), spam_signs=packed(signs))
    found = await apply_filters(hookspecs.filter_comments_verdict, verdict, draft)
    if found not in _VERDICTS:
        log.error("A plugin gave the verdict %r on a comment; it is one of %s.", found, ", ".join(_VERDICTS))
        found = "pending"
    return msgspec.structs.replace(draft, status=cast("CommentStatus", found))


async def _approved_before(draft: CommentView) -> bool:
    """Tell whether a comment of the same person was approved: of the account, or of the same name and address."""
    if draft.user_id is None and not draft.author_email:
        return False
    same: Any = Comment.user_id == draft.user_id
    if draft.user_id is None:
        same = (
            (Comment.author_email == draft.author_email)
            & (Comment.author_name == draft.author_name)
            & Comment.user_id.is_null()
        )
    return bool(await Comment.exists().where(Comment.status == "approved", same))


async def _write(
    post: PostView,
    draft: CommentView,
    parent: CommentView | None,
    digest: str,
    *,
    action: str = "comments.create",
    follows: bool = False,
) -> CommentView:
    address = await sealed_address(draft.id)
    async with tenant_work():
        # the counter's row is held from here on: of the same form sent twice, the second waits and then sees the first
        number = await next_number("comments")
        if (known := await _same(post.id, digest)) is not None:
            return known
        values = {
            "id": draft.id,
            "post_id": post.id,
            "status": draft.status,
            "author_name": draft.author_name,
            "author_email": draft.author_email,
            "author_url": draft.author_url,
            "user_id": draft.user_id,
            "content": draft.content,
            "digest": digest,
            "spam_score": draft.spam_score,
            "spam_signs": draft.spam_signs,
            "consented_at": draft.consented_at,
            "consent_id": await keep_wording() if draft.consented_at is not None else None,
            "address_sealed": address,
        }
        view = await insert_comment(values, parent, number=number)
        await record(
            action,
            resource_type="comment",
            resource_id=view.id,
            detail={"post": str(post.id), "status": view.status},
        )
        await tell_of_new(post, view)
        if follows and view.status != "spam":
            await follow(view)
        if view.status == "approved":
            await tell_later(view)
        after_commit(hookspecs.on_comments_created, view)
    return view


async def answer_comment(comment_id: UUID, content: str) -> CommentView:
    """Answer a comment as the current user, from the moderation screen. A comment that waits is approved with it.

    Raises:
        NotFound: The comment, or its post, is not here.
        Invalid: There is no text; under "content".
        Forbidden: The actor may not moderate.
    """
    await require(MODERATE)
    comment = await get_by_id(comment_id)
    post = await get_post(comment.post_id)
    if comment.status not in ("approved", "pending"):
        raise Invalid({"content": _("Take this comment out of the trash before you answer it.")})
    cleaned = clean_comment(content)
    if is_empty(cleaned):
        raise Invalid({"content": _("Write something.")})
    author = await who_comments(CommentForm(author_name=current_actor().name), {})
    draft = msgspec.structs.replace(_draft(post, comment, author, cleaned), status="approved")
    async with tenant_work():
        if comment.status == "pending":
            await write_status(comment, "approved")
        return await _write(post, draft, comment, _digest(draft), action="comments.answer")
