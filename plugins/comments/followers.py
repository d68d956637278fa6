"""Who wants to hear of answers: asked once by mail, told by mail, let go by one click.

Somebody can write anybody's address into the form. So nobody gets more than one question, and only
after a moderator, or the site's rules, let the comment appear.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from core.accounts import full_link, get_user, notify
from core.clock import now
from core.content import get_post
from core.context import current_tenant
from core.contract.views import PostView
from core.contract.work import JobContext, Notification
from core.crypto import sign, unsign
from core.db import execute, tenant_work
from core.errors import NotFound
from core.i18n import gettext as _
from core.i18n import language
from core.jobs import enqueue
from core.mail import send
from core.plugins import settings
from core.text import excerpt_of
from plugins.comments.settings import CommentsSettings
from plugins.comments.store import get_by_id
from plugins.comments.tables import Follower
from plugins.comments.views import CommentView

__all__ = ["TELL_JOB", "confirm", "follow", "forget_unconfirmed", "read_link", "stop", "tell", "tell_later"]

TELL_JOB: Final = "comments.tell"
_CONFIRM: Final = "comments.follow"
_STOP: Final = "comments.stop"
_CONFIRM_WITHIN: Final = timedelta(days=7)
_STOP_WITHIN: Final = timedelta(days=3650)


async def follow(comment: CommentView) -> None:
    """Note that the author of a comment wants to hear of answers; in the unit in progress."""
    if settings(CommentsSettings).offer_answers and comment.author_email:
        at = now()
        await Follower.insert(
            Follower(
                comment_id=comment.id,
                email=comment.author_email,
                language=language(),
                created_at=at,
                # somebody with an account has confirmed his address already
                confirmed_at=at if comment.user_id is not None else None,
            )
        )


async def tell_later(comment: CommentView) -> None:
    """Tell those whom it concerns that a comment appeared, by a job of the unit in progress."""
    await enqueue(TELL_JOB, {"comment": str(comment.id)}, dedup=str(comment.id))


async def tell(job: JobContext) -> None:
    """Ask the author of a comment that appeared to confirm, and tell whom it answers."""
    async with tenant_work():
        try:
            comment = await get_by_id(UUID(job.payload["comment"]))
            post = await get_post(comment.post_id)
        except NotFound:
            return
        if comment.status != "approved":
            return
        await _ask(comment, post)
        if comment.parent_id is not None:
            await _tell_of_answer(await get_by_id(comment.parent_id), comment, post)


async def _of(comment_id: UUID) -> Mapping[str, Any] | None:
    rows = await Follower.select().where(Follower.comment_id == comment_id)
    return rows[0] if rows else None


async def _ask(comment: CommentView, post: PostView) -> None:
    follower = await _of(comment.id)
    if follower is None or follower["confirmed_at"] is not None or follower["asked_at"] is not None:
        return
    if await _confirmed_before(follower["email"]):
        await Follower.update({Follower.confirmed_at: now()}).where(Follower.id == follower["id"])
        return
    await Follower.update({Follower.asked_at: now()}).where(Follower.id == follower["id"])
    link = _link(_CONFIRM, follower["id"], now() + _CONFIRM_WITHIN)
    await _send("comments-follow", follower, comment, post, link=link)


async def _confirmed_before(email: str) -> bool:
    return bool(await Follower.exists().where(Follower.email == email, Follower.confirmed_at.is_not_null()))


async def _tell_of_answer(parent: CommentView, answer: CommentView, post: PostView) -> None:
    follower = await _of(parent.id)
    if follower is None or follower["confirmed_at"] is None or follower["email"] == answer.author_email:
        return
    url = f"{post.url}#comment-{answer.number}"
    if parent.user_id is not None:
        account = await get_user(parent.user_id)
        await notify(
            Notification(
                user_id=account.id,
                kind="comments.answered",
                title=_("{name} answered your comment").format(name=answer.author_name or _("Somebody")),
                body=excerpt_of(answer.content, 40),
                url=url,
                mail=True,
            )
        )
        return
    stop = _link(_STOP, follower["id"], now() + _STOP_WITHIN)
    await _send("comments-answered", follower, answer, post, link=full_link(url), stop=stop)


async def _send(
    template: str, follower: Mapping[str, Any], comment: CommentView, post: PostView, **more: str
) -> None:
    context = {
        "name": comment.author_name,
        "text": excerpt_of(comment.content, 60),
        "title": " ".join(post.title.split()) or post.url,
        **more,
    }
    await send(template, follower["email"], context, language=follower["language"])


def _link(purpose: str, follower: UUID, until: datetime) -> str:
    word = "follow" if purpose == _CONFIRM else "stop"
    return full_link(
        f"/comments/answers/{word}", sign(follower.bytes, purpose, until, tenant=current_tenant().id)
    )


async def read_link(word: str, token: str) -> Mapping[str, Any] | None:
    """Return the follower that a link of ours speaks of, None if it is not ours, too old or used up."""
    purpose = {"follow": _CONFIRM, "stop": _STOP}.get(word, "")
    payload = unsign(token, purpose, tenant=current_tenant().id) if purpose else None
    if payload is None or len(payload) != 16:
        return None
    rows = await Follower.select().where(Follower.id == UUID(bytes=payload))
    return rows[0] if rows else None


async def confirm(follower: Mapping[str, Any]) -> None:
    """Write down that somebody wants to hear of answers."""
    async with tenant_work():
        await Follower.update({Follower.confirmed_at: now()}).where(Follower.id == follower["id"])


async def stop(follower: Mapping[str, Any]) -> None:
    """Let somebody go, with everything that he wanted to hear of on this site."""
    async with tenant_work():
        await Follower.delete().where(Follower.email == follower["email"])


async def forget_unconfirmed() -> None:
    """Delete what nobody confirmed in time, in the unit in progress."""
    await execute(
        "DELETE FROM comments_followers WHERE tenant_id = {tenant} AND confirmed_at IS NULL AND asked_at < {}",
        now() - _CONFIRM_WITHIN,
    )
