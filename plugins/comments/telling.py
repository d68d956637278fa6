"""Who on the site is told of a comment: the author of the post, and moderators of what waits."""

import logging
from uuid import UUID

from core.accounts import holders, notify
from core.contract.views import PostView
from core.contract.work import Notification
from core.errors import NotFound
from core.i18n import gettext as _
from core.plugins import settings
from core.text import excerpt_of
from plugins.comments.moderation import MODERATE
from plugins.comments.settings import CommentsSettings
from plugins.comments.views import CommentView

__all__ = ["tell_of_new"]

log = logging.getLogger("vitral.comments")


async def tell_of_new(post: PostView, comment: CommentView) -> None:
    """Tell people of the site that a comment was sent, in the unit in progress. Nobody is told of spam, or twice."""
    wanted = settings(CommentsSettings)
    if comment.status == "spam":
        return
    told = {comment.user_id}
    waits = comment.status == "pending"
    if wanted.notify_author and post.author.id not in told:
        told.add(post.author.id)
        await _tell(post.author.id, post, comment, waits=waits)
    if wanted.notify_moderators and waits:
        for account in await holders(MODERATE):
            if account.id not in told:
                await _tell(account.id, post, comment, waits=True)


async def _tell(user_id: UUID, post: PostView, comment: CommentView, *, waits: bool) -> None:
    title = (
        _("A comment on “{title}” waits for approval") if waits else _("New comment on “{title}”")
    ).format(title=post.title)
    try:
        await notify(
            Notification(
                user_id=user_id,
                kind="comments.pending" if waits else "comments.new",
                title=title,
                body=_("{name} wrote: {text}").format(
                    name=comment.author_name or _("Somebody"), text=excerpt_of(comment.content, 40)
                ),
                url=f"{post.url}#comment-{comment.number}" if not waits else "/admin/comments?tab=pending",
                mail=settings(CommentsSettings).notify_by_mail,
            )
        )
    except NotFound:
        log.info("The author of post %s is gone, so nobody is told of a comment.", post.number)
