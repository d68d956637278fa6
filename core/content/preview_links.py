"""Links with which somebody without an account looks at one post that is not out yet.

The token stands in the link and nowhere else: the table has its hash. A link has an end, is listed,
and can be taken back; what it shows is the post as it is saved, and nothing beside it.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from core.accounts import bucket_name, current_visit, limit, record, require, user_views
from core.clock import now
from core.content.store import first_post, load_post
from core.content.tables import PreviewLink as Row
from core.context import current_actor
from core.contract.views import PostView, UserView
from core.crypto import hash_token, new_token
from core.db import execute, tenant_work
from core.errors import Conflict, Invalid, NotFound, Refused
from core.http import check_text
from core.i18n import gettext as _
from core.ids import new_id

__all__ = [
    "PREVIEW_HOURS",
    "PreviewLink",
    "forget_links",
    "make_preview_link",
    "post_of_link",
    "preview_links",
    "revoke_preview_link",
]

PREVIEW_HOURS: Final = (24, 72, 168, 336, 720)
"""How long a link may be good for, in hours."""
_MOST: Final = 20
_LONGEST_NOTE: Final = 200
_KEEP: Final = timedelta(days=30)
_LOOKS: Final = (120, 600)


class PreviewLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link to look at a post, without its token."""

    id: UUID
    note: str
    """Whom it is for, as its maker wrote it."""
    user: UserView | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    seen_at: datetime | None
    """When somebody last looked."""
    views: int

    @property
    def alive(self) -> bool:
        """Whether it still shows the post."""
        return self.revoked_at is None and self.expires_at > now()


async def make_preview_link(post_id: UUID, hours: int, note: str = "") -> tuple[str, PreviewLink]:
    """Make a link to look at a post.

    Args:
        post_id: The post.
        hours: How long it is good for, one of `PREVIEW_HOURS`.
        note: Whom it is for.

    Returns:
        The token, which is stored nowhere, and the link.

    Raises:
        NotFound: There is no such post here.
        Forbidden: The actor may not edit it.
        Invalid: No such time, or the note is too long.
        Refused: The post is in the trash.
        Conflict: It has as many links as one post may have.
    """
    post = await load_post(post_id, content=False)
    await require("edit_post", post)
    errors = {}
    if hours not in PREVIEW_HOURS:
        errors["hours"] = _("Choose one of the times.")
    wrong = check_text(note, "line")
    if wrong is None and len(note) > _LONGEST_NOTE:
        wrong = _("This is longer than {limit} characters.").format(limit=_LONGEST_NOTE)
    if wrong is not None:
        errors["note"] = wrong
    if errors:
        raise Invalid(errors)
    if post.status == "trash":
        raise Refused(_("This post is in the trash."), hint=_("Restore it first."))
    actor, token, link_id = current_actor(), new_token(), new_id()
    async with tenant_work():
        if sum(link.alive for link in await _links(post_id)) >= _MOST:
            raise Conflict(
                _("This post has {most} links already.").format(most=_MOST), hint=_("Take one back first.")
            )
        await Row.insert(
            Row(
                id=link_id,
                post_id=post_id,
                token_hash=hash_token(token),
                note=note.strip(),
                user_id=actor.id if actor.kind == "user" else None,
                created_at=now(),
                expires_at=now() + timedelta(hours=hours),
            )
        )
        detail = {"link": str(link_id), "hours": hours}
        await record("post.preview_link", resource_type="post", resource_id=post_id, detail=detail)
        found = next(link for link in await _links(post_id) if link.id == link_id)
    return token, found


async def preview_links(post_id: UUID) -> tuple[PreviewLink, ...]:
    """Return the links of a post, newest first, those that are over among them for a month.

    Raises:
        NotFound: There is no such post here.
        Forbidden: The actor may not edit it.
    """
    await require("edit_post", await load_post(post_id, content=False))
    return await _links(post_id)


async def _links(post_id: UUID) -> tuple[PreviewLink, ...]:
    rows = await Row.select().where(Row.post_id == post_id).order_by(Row.created_at, ascending=False)
    people = await user_views(row["user_id"] for row in rows if row["user_id"] is not None)
    return tuple(
        PreviewLink(
            id=row["id"],
            note=row["note"],
            user=people.get(row["user_id"]),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
            revoked_at=row["revoked_at"],
            seen_at=row["seen_at"],
            views=row["views"],
        )
        for row in rows
    )


async def revoke_preview_link(post_id: UUID, link_id: UUID) -> None:
    """Take a link back. Whoever has it finds nothing from now on.

    Raises:
        NotFound: There is no such post here, or it has no such link.
        Forbidden: The actor may not edit the post.
    """
    await require("edit_post", await load_post(post_id, content=False))
    async with tenant_work():
        rows = await execute(
            "UPDATE preview_links SET revoked_at = coalesce(revoked_at, {}) WHERE tenant_id = {tenant}"
            " AND post_id = {} AND id = {} RETURNING id",
            now(),
            post_id,
            link_id,
        )
        if not rows:
            raise NotFound(_("This post has no such link."))
        detail = {"link": str(link_id)}
        await record("post.preview_revoke", resource_type="post", resource_id=post_id, detail=detail)


async def post_of_link(token: str) -> PostView:
    """Return the post that a link shows, as it is saved, for whoever has the link. The look is counted.

    Raises:
        NotFound: The link is none, is over or was taken back, or its post is gone. All look the same.
        RateLimited: Too many looks from this network.
    """
    visit = current_visit()
    if visit is not None and visit.network:
        await limit(bucket_name("preview-link", visit.network), *_LOOKS)
    async with tenant_work():
        rows = await execute(
            "UPDATE preview_links SET seen_at = {}, views = views + 1 WHERE tenant_id = {tenant}"
            " AND token_hash = {} AND revoked_at IS NULL AND expires_at > {} RETURNING post_id",
            now(),
            hash_token(token),
            now(),
        )
    post = await first_post("posts.id = {} AND posts.status <> 'trash'", rows[0]["post_id"]) if rows else None
    if post is None:
        raise NotFound(_("This link shows nothing any more."), hint=_("Ask whoever sent it for a new one."))
    return post


async def forget_links() -> None:
    """Delete links that are over for a month, inside the unit in progress."""
    await Row.delete().where(Row.expires_at < now() - _KEEP)
