"""Taking off the site what was to be there until a time: once, however many workers look.

A post with such a time has a job at it, and a periodic job catches what that one missed. The row is
held and asked again before its status changes.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from core.accounts import notify
from core.clock import now
from core.content.fields import Fields
from core.content.sql import lock_row
from core.content.store import load_post
from core.content.types import type_of
from core.content.writing import finish, write_columns
from core.contract.views import PostView
from core.contract.work import JobContext, Notification
from core.db import execute, tenant_read, tenant_work
from core.errors import NotFound, Refused, VitralError
from core.i18n import gettext as _
from core.jobs import enqueue

__all__ = ["UNPUBLISH_JOB", "plan_unpublish", "run_unpublish_due", "unpublish_due"]

log = logging.getLogger("vitral.content")

UNPUBLISH_JOB: Final = "content.unpublish_due"
_BATCH: Final = 200
_LATE: Final = timedelta(minutes=5)


async def plan_unpublish(post: PostView) -> None:
    """Queue the job that takes a post off the site at its time, inside the unit in progress."""
    if post.unpublish_at is not None:
        at = post.unpublish_at
        await enqueue(UNPUBLISH_JOB, run_at=at, dedup=f"{post.id}:{at.isoformat()}")


async def run_unpublish_due(job: JobContext) -> None:
    """Take off the site what is due; the job `content.unpublish_due`."""
    async with tenant_read():
        await unpublish_due()


async def unpublish_due() -> tuple[UUID, ...]:
    """Take the published posts of the site off it whose time is over; their authors are told.

    What a plugin keeps up stays, without the time, and its author is told why. A post that fails in
    another way does not hold up the others.

    Returns:
        The posts that this call took off.

    Raises:
        VitralError: Some failed; says how many. They are still published.
    """
    rows = await execute(
        "SELECT id FROM posts WHERE tenant_id = {tenant} AND unpublish_at IS NOT NULL AND unpublish_at <= {}"
        " AND status = 'publish' ORDER BY unpublish_at, id LIMIT {}",
        now(),
        _BATCH,
    )
    taken: list[UUID] = []
    failed = 0
    for row in rows:
        try:
            if await _take_off(row["id"]):
                taken.append(row["id"])
        except Exception:
            log.exception("The post %s could not be taken off the site.", row["id"])
            failed += 1
    if failed:
        raise VitralError(f"{failed} post(s) could not be taken off the site.", hint="See the log.")
    return tuple(taken)


async def _hold_due(post_id: UUID) -> tuple[PostView, datetime] | None:
    await lock_row("posts", post_id)
    try:
        post = await load_post(post_id)
    except NotFound:
        return None
    if post.status != "publish" or post.unpublish_at is None or post.unpublish_at > now():
        return None
    return post, post.unpublish_at


def _nothing(post: PostView) -> Fields:
    return Fields(kind=type_of(post), columns={}, terms={}, meta={}, ext={})


async def _take_off(post_id: UUID) -> bool:
    try:
        async with tenant_work():
            held = await _hold_due(post_id)
            if held is None:
                return False
            post, due = held
            columns: dict[str, Any] = {"status": post.unpublish_to, "unpublish_at": None}
            await write_columns(post, _nothing(post), **columns)
            late = now() - due
            if late > _LATE:
                log.warning("The post %s was taken off the site %s late.", post_id, late)
            detail = {"scheduled": True, "late_seconds": round(late.total_seconds())}
            taken = await finish(post_id, post, "post.unpublish", detail=detail)
            title = _("“{title}” is off the site").format(title=taken.title[:180])
            await _tell(taken, "content.unpublished", title, _("The time that was set for it is over."))
    except Refused as error:
        await _keep_up(post_id, error)
        return False
    return True


async def _keep_up(post_id: UUID, error: Refused) -> None:
    """Take the time from a post that a plugin keeps on the site, and tell its author."""
    async with tenant_work():
        held = await _hold_due(post_id)
        if held is None:
            return
        post = held[0]
        await write_columns(post, _nothing(post), unpublish_at=None)
        detail = {"plugin": error.plugin, "why": error.message}
        kept = await finish(post_id, post, "post.keep_up", gate=False, detail=detail)
        title = _("“{title}” stays on the site").format(title=kept.title[:180])
        await _tell(kept, "content.kept_up", title, f"{error.message} {error.hint}".strip())


async def _tell(post: PostView, kind: str, title: str, body: str) -> None:
    await notify(
        Notification(
            user_id=post.author.id,
            kind=kind,
            title=title,
            body=body,
            url=f"/admin/posts/{post.number}",
            mail=True,
        )
    )
