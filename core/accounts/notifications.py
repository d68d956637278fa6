"""Notices for people, in the admin and, where wanted, by mail: one call for both."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from core.accounts.links import full_link
from core.accounts.store import account_by_id
from core.accounts.tables import Notice
from core.clock import now
from core.context import current_actor
from core.contract.work import Notification
from core.db import tenant_work
from core.errors import Unauthenticated
from core.hooks import after_commit
from core.http import safe_next
from core.i18n import gettext as _
from core.mail import send
from hookspecs import platform

__all__ = ["NoticeList", "NoticeView", "list_notices", "mark_read", "notify", "unread_count"]

KEEP = timedelta(days=90)


class NoticeView(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as its reader sees it."""

    id: UUID
    kind: str
    title: str
    body: str = ""
    url: str = ""
    created_at: datetime
    read_at: datetime | None = None


class NoticeList(msgspec.Struct, frozen=True, kw_only=True):
    """One page of somebody's notices."""

    items: tuple[NoticeView, ...]
    total: int
    unread: int


async def notify(notification: Notification) -> UUID:
    """Store a notice for a person, inside the unit in progress or one of its own, and mail it if it asks for that.

    Args:
        notification: The notice. Its `url` must be a path of the site.

    Returns:
        The notice's id.

    Raises:
        NotFound: There is nobody of this id on the site.
    """
    account = await account_by_id(notification.user_id)
    url = safe_next(notification.url, "") if notification.url else ""
    async with tenant_work():
        row = Notice(
            user_id=account.id,
            kind=notification.kind[:100],
            title=notification.title[:255],
            body=notification.body,
            url=url[:500],
            created_at=now(),
        )
        await Notice.insert(row)
        if notification.mail and account.status == "active":
            context = {
                "name": account.view.name,
                "title": " ".join(notification.title.split()),
                "body": notification.body,
                "link": full_link(url) if url else "",
            }
            await send("notice", account.email, context, language=account.language)
        after_commit(platform.on_notified, notification)
        notice_id: UUID = row.id
    return notice_id


def _reader() -> UUID:
    actor = current_actor()
    if actor.kind != "user" or actor.id is None:
        raise Unauthenticated(_("Sign in to do this."))
    return actor.id


async def list_notices(*, unread_only: bool = False, page: int = 1, per_page: int = 20) -> NoticeList:
    """Return one page of the current user's notices, the newest first."""
    reader = _reader()
    unread = await unread_count()
    query = Notice.select().where(Notice.user_id == reader)
    if unread_only:
        query = query.where(Notice.read_at.is_null())
    total = unread if unread_only else await Notice.count().where(Notice.user_id == reader)
    rows = (
        await query.order_by(Notice.created_at, ascending=False)
        .order_by(Notice.id, ascending=False)
        .limit(per_page)
        .offset((max(page, 1) - 1) * per_page)
    )
    items = tuple(NoticeView(**{name: row[name] for name in NoticeView.__struct_fields__}) for row in rows)
    return NoticeList(items=items, total=total, unread=unread)


async def unread_count() -> int:
    """Return how many notices the current user has not read."""
    count: int = await Notice.count().where(Notice.user_id == _reader(), Notice.read_at.is_null())
    return count


async def mark_read(ids: Iterable[UUID] | None = None) -> int:
    """Mark the current user's notices as read, all of them unless ids are given; return how many were not."""
    query = Notice.update({Notice.read_at: now()}).where(
        Notice.user_id == _reader(), Notice.read_at.is_null()
    )
    wanted = list(ids) if ids is not None else None
    if wanted is not None and not wanted:
        return 0
    if wanted is not None:
        query = query.where(Notice.id.is_in(wanted))
    async with tenant_work():
        changed: list[dict[str, Any]] = await query.returning(Notice.id)
    return len(changed)


async def forget_old() -> None:
    """Remove notices that were read three months ago, inside the unit in progress."""
    await Notice.delete().where(Notice.read_at < now() - KEEP)
