"""Who is writing at a post: shown to others, so that two do not write past each other.

The writing screen holds the lock and gives a sign of life; without one it is over after two minutes.
Somebody else may take it over, which the person before is told. The version that every save names
stays the wall behind it: a lock keeps nobody out who does not know of it, such as a program.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts import notify, record, require, user_views
from core.clock import now
from core.content.sql import any_of
from core.content.store import load_post
from core.content.tables import PostLock
from core.context import current_actor
from core.contract.views import UserView
from core.contract.work import Notification
from core.db import execute, tenant_work
from core.errors import Conflict, Forbidden, Invalid, VitralError
from core.i18n import gettext as _
from core.ids import new_id

__all__ = [
    "EditLock",
    "forget_locks",
    "hold_lock",
    "lock_of",
    "locks_of",
    "release_lock",
    "require_free",
    "take_lock",
]

LIFE: Final = timedelta(seconds=120)
_HOLDER: Final = re.compile(r"[a-z0-9]{8,40}")


class EditLock(msgspec.Struct, frozen=True, kw_only=True):
    """Who is writing at a post."""

    post_id: UUID
    user: UserView
    holder: str
    """The window that the person writes in."""
    taken_at: datetime
    beat_at: datetime

    @property
    def own(self) -> bool:
        """Whether it is the current person, in whatever window."""
        return self.user.id == current_actor().id


def _me() -> UUID:
    actor = current_actor()
    if actor.kind != "user" or actor.id is None:
        raise Forbidden(_("Only people write at a post."))
    return actor.id


def _check(holder: str) -> None:
    if not _HOLDER.fullmatch(holder):
        raise Invalid({"_window": _("The form came without its key. Reload the page.")})


async def hold_lock(post_id: UUID, holder: str) -> EditLock:
    """Begin to write at a post, or say that one still does. Who else is at it keeps it.

    Args:
        post_id: The post.
        holder: The window, small letters and digits.

    Returns:
        The lock: the current person's, or that of who is there already.

    Raises:
        NotFound: There is no such post here.
        Forbidden: The actor may not edit it.
    """
    return await _hold(post_id, holder, take=False)


async def take_lock(post_id: UUID, holder: str) -> EditLock:
    """Take a post over from whoever is writing at it, who is told. What that person wrote stays his copy.

    Raises:
        NotFound: There is no such post here.
        Forbidden: The actor may not edit it.
    """
    return await _hold(post_id, holder, take=True)


async def _hold(post_id: UUID, holder: str, *, take: bool) -> EditLock:
    _check(holder)
    me, at = _me(), now()
    post = await load_post(post_id, content=False, ext=False)
    await require("edit_post", post)
    async with tenant_work():
        before = await lock_of(post_id)
        await execute(
            "INSERT INTO post_locks (id, tenant_id, post_id, user_id, holder, taken_at, beat_at)"
            " VALUES ({}, {tenant}, {}, {}, {}, {}, {}) ON CONFLICT (tenant_id, post_id) DO UPDATE SET"
            " taken_at = CASE WHEN post_locks.user_id = excluded.user_id AND post_locks.beat_at >= {}"
            " THEN post_locks.taken_at ELSE excluded.taken_at END,"
            " user_id = excluded.user_id, holder = excluded.holder, beat_at = excluded.beat_at"
            " WHERE post_locks.user_id = excluded.user_id OR post_locks.beat_at < {} OR {} = 1",
            new_id(),
            post_id,
            me,
            holder,
            at,
            at,
            at - LIFE,
            at - LIFE,
            int(take),
        )
        if take and before is not None and before.user.id != me:
            await record(
                "post.take_over",
                resource_type="post",
                resource_id=post_id,
                detail={"from": str(before.user.id)},
            )
            await notify(
                Notification(
                    user_id=before.user.id,
                    kind="content.taken_over",
                    title=_("{name} writes at “{title}” now").format(
                        name=current_actor().name, title=post.title[:150]
                    ),
                    body=_("What you had written is kept as your copy, and offered when you open it."),
                    url=f"/admin/posts/{post.number}",
                )
            )
        found = await lock_of(post_id)
    if found is None:
        raise VitralError("A lock that was just written is not there.")
    return found


async def release_lock(post_id: UUID, holder: str) -> None:
    """Stop writing at a post in a window; what another window holds stays."""
    _check(holder)
    async with tenant_work():
        await PostLock.delete().where(
            PostLock.post_id == post_id, PostLock.user_id == _me(), PostLock.holder == holder
        )


async def lock_of(post_id: UUID) -> EditLock | None:
    """Return who is writing at a post, None if nobody is."""
    return (await locks_of((post_id,))).get(post_id)


async def locks_of(post_ids: Collection[UUID]) -> Mapping[UUID, EditLock]:
    """Return who is writing at which of these posts; for lists."""
    if not post_ids:
        return {}
    condition, args = any_of("post_id", post_ids)
    rows: list[dict[str, Any]] = await execute(
        "SELECT post_id, user_id, holder, taken_at, beat_at FROM post_locks"  # noqa: S608  # written here
        f" WHERE tenant_id = {{tenant}} AND beat_at >= {{}} AND {condition}",
        now() - LIFE,
        *args,
    )
    people = await user_views(row["user_id"] for row in rows) if rows else {}
    return {
        row["post_id"]: EditLock(
            post_id=row["post_id"],
            user=people[row["user_id"]],
            holder=row["holder"],
            taken_at=row["taken_at"],
            beat_at=row["beat_at"],
        )
        for row in rows
        if row["user_id"] in people
    }


async def require_free(post_id: UUID) -> None:
    """Let the current person change a post, unless somebody else is writing at it.

    Raises:
        Conflict: Somebody is; says who.
    """
    lock = await lock_of(post_id)
    if lock is not None and not lock.own:
        raise Conflict(
            _("{name} is writing at this now.").format(name=lock.user.name),
            hint=_("Wait, or open it and take it over."),
        )


async def forget_locks() -> None:
    """Delete locks that are over, inside the unit in progress."""
    await PostLock.delete().where(PostLock.beat_at < now() - LIFE)
