"""What somebody wrote, when he leaves."""

from core.clock import now
from core.content.tables import Post, PostAutosave, PostLock, PreviewLink
from core.contract.views import UserView
from core.db import execute, tally
from core.errors import Refused
from core.i18n import gettext as _

__all__ = ["hand_over"]


async def hand_over(user: UserView, heir: UserView | None) -> None:
    """Give the posts of somebody to somebody else, inside the unit in progress.

    Revisions and overrides keep who made them: they are history. What was never saved goes, and links
    that the person made show nothing any more.

    Raises:
        Refused: There are posts, and nobody was named.
    """
    await PostAutosave.delete().where(PostAutosave.user_id == user.id)
    await PostLock.delete().where(PostLock.user_id == user.id)
    await PreviewLink.update({PreviewLink.revoked_at: now()}).where(
        PreviewLink.user_id == user.id, PreviewLink.revoked_at.is_null()
    )
    rows = await execute(
        "SELECT count(*) AS n, count(CASE WHEN status <> 'trash' THEN 1 END) AS kept FROM posts"
        " WHERE tenant_id = {tenant} AND author_id = {}",
        user.id,
    )
    if not rows[0]["n"]:
        return
    if heir is None:
        raise Refused(
            _("Posts that belong to this person: {count}.").format(count=rows[0]["n"]),
            hint=_("Say who gets them, or delete them first."),
        )
    await Post.update({Post.author_id: heir.id, Post.updated_at: now()}).where(Post.author_id == user.id)
    await Post.update({Post.last_editor_id: heir.id}).where(Post.last_editor_id == user.id)
    tally({f"author.{user.id}": -int(rows[0]["kept"]), f"author.{heir.id}": int(rows[0]["kept"])})
