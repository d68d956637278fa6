"""Whose data is this? What is kept about people who comment: given out and taken away by e-mail address."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from core.accounts import accounts_of, record
from core.clock import now
from core.contract.work import PersonalDataProvider
from core.db import tenant_work
from core.text import search_text
from plugins.comments.consent import wordings_of
from plugins.comments.store import meta_of
from plugins.comments.tables import Comment, CommentMeta, Follower
from plugins.comments.views import views_of

__all__ = ["PROVIDER"]

_CHUNK: Final = 400


async def _find(email: str) -> Sequence[UUID]:
    """Return the comments of the account with this address, and those without an account that give it."""
    wanted = email.strip().lower()
    if not wanted:
        return ()
    theirs: Any = Comment.user_id.is_null() & (Comment.author_email == wanted)
    accounts = list(await accounts_of(wanted))
    if accounts:  # whatever address they had when they wrote it
        theirs = Comment.user_id.is_in(accounts) | theirs
    rows = await Comment.select(Comment.id).where(theirs).order_by(Comment.number)
    return [row["id"] for row in rows]


async def _export(ids: Sequence[UUID]) -> Sequence[Mapping[str, Any]]:
    found = await views_of(ids)
    meta = await meta_of(list(found))
    agreed = await wordings_of(list(found))
    return [
        {
            "number": view.number,
            "post": str(view.post_id),
            "name": view.author_name,
            "email": view.author_email,
            "website": view.author_url,
            "status": view.status,
            "written_at": view.created_at.isoformat(),
            "content": view.content,
            "agreed_at": view.consented_at.isoformat() if view.consented_at else None,
            "agreed_to": agreed.get(view.id),
            "values": {key: list(values) for key, values in meta[view.id].items()},
        }
        for view in sorted(found.values(), key=lambda view: view.number)
    ]


async def _erase(ids: Sequence[UUID]) -> int:
    """Take the author off his comments. What was said stays: others answered it."""
    changed = 0
    async with tenant_work():
        for start in range(0, len(ids), _CHUNK):
            chunk = list(ids[start : start + _CHUNK])
            views = await views_of(chunk)
            for view in views.values():
                await Comment.update(
                    {
                        Comment.author_name: "",
                        Comment.author_email: "",
                        Comment.author_url: "",
                        Comment.user_id: None,
                        Comment.digest: "",
                        Comment.spam_signs: "",
                        Comment.address_sealed: None,
                        Comment.search_text: search_text(view.content),
                        Comment.updated_at: now(),
                        Comment.version: Comment.version + 1,
                    }
                ).where(Comment.id == view.id)
            await CommentMeta.delete().where(CommentMeta.comment_id.is_in(chunk))
            await Follower.delete().where(Follower.comment_id.is_in(chunk))
            changed += len(views)
        if changed:
            await record("comments.anonymise", detail={"comments": changed})
    return changed


PROVIDER: Final = PersonalDataProvider(
    name="comments", title="Comments", find=_find, export=_export, erase=_erase
)
