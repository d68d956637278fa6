"""Closing the discussion of old posts, and what every view of a post carries of its discussion."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts import record
from core.clock import now
from core.content import content_types, list_posts
from core.contract.content import Extension, ListingPosition, ListingQuery
from core.contract.views import PostView
from core.contract.work import JobContext
from core.db import execute, tenant_read, tenant_work
from core.ids import new_id
from core.plugins import settings
from plugins.comments.operations import takes_comments
from plugins.comments.settings import CommentsSettings
from plugins.comments.tables import ClosedThread
from plugins.comments.views import counts_of

__all__ = ["CLOSE_JOB", "EXTENSION", "close_if_old", "close_old"]

CLOSE_JOB: Final = "comments.close_old"
_BATCH: Final = 100


class _NoInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Forms of posts have no field of ours: whether comments are open is the post's own."""


async def _load(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    return await counts_of(ids)


def _complete(post: PostView, value: tuple[int, bool]) -> dict[str, Any]:
    count, closed = value
    return {
        "count": count,
        "open": not closed and post.comment_status == "open" and takes_comments(post),
    }


async def _save(_post_id: UUID, _value: Any) -> None:
    """Keep nothing: there is nothing to fill in."""


async def _snapshot(_post_id: UUID) -> None:
    """Leave the discussion out of revisions: an older text does not bring older comments back."""


async def _restore(_post_id: UUID, _value: Any) -> None:
    """See `_snapshot`."""


async def _export(post_id: UUID) -> Any:
    count, closed = (await counts_of([post_id]))[post_id]
    return {"count": count, "closed": closed}


async def _erase(post_id: UUID) -> None:
    await ClosedThread.delete().where(ClosedThread.post_id == post_id)


EXTENSION: Final = Extension(
    owner="post",
    key="comments",
    input=_NoInput,
    of_content=False,
    load=_load,
    complete=_complete,
    save=_save,
    snapshot=_snapshot,
    restore=_restore,
    export=_export,
    erase=_erase,
)


def _cutoff() -> datetime | None:
    """Return the moment before which posts are old, None if none ever is."""
    days = settings(CommentsSettings).close_after_days
    return now() - timedelta(days=days) if days else None


async def close_if_old(post: PostView) -> None:
    """Close the discussion of a post that is old when it is written: imported, or dated back; in the unit in progress."""
    cutoff = _cutoff()
    if cutoff is not None and post.status == "publish" and post.published_at and post.published_at < cutoff:
        await _close([post])


async def close_old(job: JobContext) -> None:
    """Close the discussions of posts that became old, and open again what is not old by the present setting.

    Posts get old in the order they were published, so each run begins where the last one ended; those
    that are written with an old date are seen by `close_if_old`. It may be repeated at any time.
    """
    cutoff = _cutoff()
    async with tenant_work():
        reopened = ClosedThread.delete(force=True)
        await (reopened if cutoff is None else reopened.where(ClosedThread.published_at >= cutoff))
    if cutoff is not None:
        async with tenant_read():
            await _close_until(cutoff, job)


async def _close_until(cutoff: datetime, job: JobContext) -> None:
    position = await _last_closed()
    while True:
        query = ListingQuery(
            types=tuple(kind.name for kind in content_types() if "comments" in kind.supports),
            published_until=cutoff,
            ascending=True,
            per_page=_BATCH,
            position=position,
            count=False,
        )
        listing = await list_posts(query, "widget", ext=False)
        if listing.items:
            async with tenant_work():
                await _close(listing.items)
        if listing.next is None:
            return
        position = listing.next
        await job.progress(until=str(position.value))


async def _last_closed() -> ListingPosition | None:
    rows = await execute(
        "SELECT post_id, published_at FROM comments_closed WHERE tenant_id = {tenant}"
        " ORDER BY published_at DESC, post_id DESC LIMIT 1"
    )
    return ListingPosition(rows[0]["published_at"], rows[0]["post_id"]) if rows else None


async def _close(posts: Sequence[PostView]) -> None:
    closed = 0
    for post in posts:
        fresh = await execute(
            "INSERT INTO comments_closed (id, tenant_id, post_id, published_at, closed_at)"
            " VALUES ({}, {tenant}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id",
            new_id(),
            post.id,
            post.published_at,
            now(),
        )
        closed += len(fresh)
    if closed:
        await record("comments.close_old", detail={"threads": closed})
