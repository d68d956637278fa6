"""The trash, and what is deleted from it for good: after its days, or because somebody empties it."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts import record, require
from core.clock import now
from core.content.copies import forget_copies
from core.content.lifecycle import delete_post, purge_post
from core.content.locks import forget_locks
from core.content.preview_links import forget_links
from core.content.types import capabilities_of, known_type
from core.contract.views import PostView
from core.contract.work import JobContext
from core.db import execute, tenant_read, tenant_work
from core.errors import Forbidden, NotFound, Refused
from core.jobs import enqueue
from core.tenancy import site_settings

__all__ = ["EMPTY_JOB", "Emptied", "empty_trash", "purge_at", "purge_trash", "run_empty", "run_purge"]

log = logging.getLogger("vitral.content")

EMPTY_JOB: Final = "content.empty_trash"
_BATCH: Final = 200
_AT_ONCE: Final = 50


class Emptied(msgspec.Struct, frozen=True, kw_only=True):
    """How emptying the trash went."""

    deleted: int
    kept: tuple[str, ...]
    """Why something stayed, one sentence each."""
    later: bool
    """There is more, which a job deletes."""


async def run_purge(job: JobContext) -> None:
    """Delete what was in the trash for long enough; the job `content.purge_trash`."""
    async with tenant_read():
        await purge_trash(job.progress)


async def run_empty(job: JobContext) -> None:
    """Delete what was in the trash when somebody emptied it; the job `content.empty_trash`."""
    before = datetime.fromisoformat(job.payload["before"])
    async with tenant_read():
        await _delete_all(before, purge_post, job.payload["type"], progress=job.progress)


def purge_at(post: PostView) -> datetime | None:
    """Return when a post in the trash is deleted for good, None if it is not by itself."""
    days = site_settings().trash_days
    return post.deleted_at + timedelta(days=days) if days and post.deleted_at is not None else None


async def purge_trash(progress: Callable[..., Awaitable[None]] | None = None) -> int:
    """Delete for good what has been in the trash for as long as the site's settings say; return how many.

    Each post goes in a unit of its own, so a run that is stopped goes on where it was; one that a
    plugin keeps does not hold up the others. With `trash_days` 0 nothing goes.
    """
    days = site_settings().trash_days
    removed = 0
    if days:
        removed = (await _delete_all(now() - timedelta(days=days), purge_post, progress=progress)).deleted
    async with tenant_work():
        await _forget_days()
        await forget_copies()
        await forget_locks()
        await forget_links()
    return removed


async def empty_trash(post_type: str) -> Emptied:
    """Delete everything of a type that is in the trash now: the first entries at once, the rest by a job.

    Raises:
        Forbidden: The actor may not delete what others wrote.
    """
    kind = known_type(post_type)
    await require(capabilities_of(kind.name).delete_others)
    before = now()
    first = await _delete_all(before, delete_post, kind.name, most=_AT_ONCE)
    async with tenant_work():
        if first.later:
            # several times in a row is one job each: what they have in common is deleted once
            await enqueue(EMPTY_JOB, {"type": kind.name, "before": before.isoformat()})
        await record("post.empty_trash", detail={"type": kind.name, "deleted": first.deleted})
    return first


async def _delete_all(
    before: datetime,
    delete: Callable[[UUID], Awaitable[None]],
    post_type: str = "",
    *,
    most: int = 0,
    progress: Callable[..., Awaitable[None]] | None = None,
) -> Emptied:
    """Delete what went to the trash before a moment, oldest first, and go past what has to stay."""
    removed, kept, after = 0, [], _Place(datetime.min.replace(tzinfo=before.tzinfo), UUID(int=0))
    while rows := await _next(before, after, post_type, min(most or _BATCH, _BATCH)):
        for row in rows:
            after = _Place(row["deleted_at"], row["id"])
            try:
                await delete(row["id"])
                removed += 1
            except NotFound:
                continue
            except (Refused, Forbidden) as error:
                kept.append(f"{row['title']}: {error}")
                await _record_kept(row["id"], error)
        if progress is not None:
            await progress(deleted=removed)
        if most:
            break
    later = bool(most and rows and await _next(before, after, post_type, 1))
    return Emptied(deleted=removed, kept=tuple(kept), later=later)


class _Place(msgspec.Struct, frozen=True):
    deleted_at: datetime
    id: UUID


async def _next(before: datetime, after: _Place, post_type: str, most: int) -> list[dict[str, Any]]:
    of_type = " AND post_type = {}" if post_type else ""
    return await execute(
        "SELECT id, title, deleted_at FROM posts WHERE tenant_id = {tenant} AND status = 'trash'"  # noqa: S608  # written here
        " AND deleted_at IS NOT NULL AND deleted_at <= {} AND (deleted_at > {} OR (deleted_at = {} AND id > {}))"
        f"{of_type} ORDER BY deleted_at, id LIMIT {{}}",
        before,
        after.deleted_at,
        after.deleted_at,
        after.id,
        *((post_type,) if post_type else ()),
        most,
    )


async def _record_kept(post_id: UUID, error: Refused | Forbidden) -> None:
    log.warning("The post %s stays in the trash: %s", post_id, error)
    async with tenant_work():
        detail = {"plugin": getattr(error, "plugin", ""), "why": error.message}
        await record(
            "post.purge", resource_type="post", resource_id=post_id, detail=detail, outcome="refused"
        )


async def _forget_days() -> None:
    """Remove the counters of days that nobody asks for any more and that count nothing."""
    await execute(
        "DELETE FROM dashboard_stats WHERE tenant_id = {tenant} AND value = 0 AND name >= 'made.' AND name < 'made/'"
    )
