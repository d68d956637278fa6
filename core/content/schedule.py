"""Work of the job worker: publishing what is due.

A scheduled post has a job at its time, and a periodic job catches what that one missed. Any number
of workers may run either: the row is held and its status asked again before it is published, so each
post goes out once.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from core.accounts import notify
from core.clock import now
from core.content.checks import through_gate
from core.content.fields import Fields
from core.content.sql import lock_row
from core.content.store import load_post
from core.content.tables import Post
from core.content.types import type_of
from core.content.writing import finish, write_columns
from core.contract.views import PostView
from core.contract.work import JobContext, Notification
from core.db import execute, tenant_read, tenant_work
from core.errors import NotFound, Refused, VitralError
from core.i18n import gettext as _

__all__ = ["overdue_since", "publish_due", "run_publish_due"]

log = logging.getLogger("vitral.content")
_BATCH: Final = 200
_LATE: Final = timedelta(minutes=5)


class _NotDue(Exception):
    """Somebody else published the post, or took it back. Undoes nothing, there is nothing yet."""


async def run_publish_due(job: JobContext) -> None:
    """Publish what is due on the site; the job `content.publish_due`."""
    async with tenant_read():
        await publish_due()


async def publish_due() -> tuple[UUID, ...]:
    """Publish the scheduled posts of the site whose time has come.

    What a check or a plugin keeps back becomes pending, and its author is told. A post that fails in
    another way does not hold up the others.

    Returns:
        The posts that this call published.

    Raises:
        VitralError: Some failed; says how many. They are still scheduled.
    """
    rows = await execute(
        "SELECT id FROM posts WHERE tenant_id = {tenant} AND status = 'future' AND scheduled_at <= {}"
        " ORDER BY scheduled_at, id LIMIT {}",
        now(),
        _BATCH,
    )
    published: list[UUID] = []
    failed = 0
    for row in rows:
        try:
            if await _publish(row["id"]):
                published.append(row["id"])
        except Exception:
            log.exception("The scheduled post %s could not be published.", row["id"])
            failed += 1
    if failed:
        raise VitralError(f"{failed} scheduled post(s) could not be published.", hint="See the log.")
    return tuple(published)


async def _hold_due(post_id: UUID) -> tuple[PostView, datetime]:
    await lock_row("posts", post_id)
    try:
        post = await load_post(post_id)
    except NotFound:
        raise _NotDue from None
    if post.status != "future" or post.scheduled_at is None or post.scheduled_at > now():
        raise _NotDue
    return post, post.scheduled_at


def _nothing(post: PostView) -> Fields:
    return Fields(kind=type_of(post), columns={}, terms={}, meta={}, ext={})


async def _publish(post_id: UUID) -> bool:
    async def write() -> PostView:
        post, due = await _hold_due(post_id)
        await write_columns(post, _nothing(post), status="publish", published_at=due, scheduled_at=None)
        late = now() - due
        if late > _LATE:
            log.warning("The post %s was published %s late.", post_id, late)
        detail = {"scheduled": True, "late_seconds": round(late.total_seconds())}
        return await finish(post_id, post, "post.publish", detail=detail)

    try:
        await through_gate(post_id, write)
    except _NotDue:
        return False
    except Refused as error:
        await _hold_back(post_id, error)
        return False
    return True


async def _hold_back(post_id: UUID, error: Refused) -> None:
    """Make a post pending that may not go out, and tell its author why."""
    try:
        async with tenant_work():
            post, _due = await _hold_due(post_id)
            await write_columns(post, _nothing(post), status="pending", scheduled_at=None)
            rules = [finding.rule for finding in error.findings]
            detail: dict[str, Any] = {"plugin": error.plugin, "rules": rules, "why": error.message}
            held = await finish(post_id, post, "post.hold_back", detail=detail)
            await notify(
                Notification(
                    user_id=held.author.id,
                    kind="content.held_back",
                    title=_("“{title}” was not published").format(title=held.title[:180]),
                    body=f"{error.message} {error.hint}".strip(),
                    url=f"/admin/posts/{held.number}",
                    mail=True,
                )
            )
    except _NotDue:
        return


async def overdue_since() -> datetime | None:
    """Return since when the site's longest-waiting scheduled post is due, None if none is. For health checks."""
    rows = await (
        Post.select(Post.scheduled_at)
        .where(Post.status == "future", Post.scheduled_at <= now())
        .order_by(Post.scheduled_at)
        .limit(1)
    )
    return rows[0]["scheduled_at"] if rows else None
