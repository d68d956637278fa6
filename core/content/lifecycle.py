"""From draft to published, to the trash and back, and gone for good."""

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from core.accounts import decide, extensions_of, record, require
from core.clock import is_showable, now
from core.content.checks import through_gate
from core.content.counts import recount_terms
from core.content.fields import Fields
from core.content.slugs import free_slug, join_path, lock_tree, move_below, parent_path
from core.content.sql import lock_row
from core.content.stats import count_change
from core.content.store import load_post
from core.content.tables import Post
from core.content.types import capabilities_of, type_of
from core.content.writing import finish, hold_post, write_columns
from core.context import current_actor
from core.contract.views import PostStatus, PostView
from core.db import execute, tenant_work
from core.errors import Conflict, Invalid, NotFound
from core.hooks import after_commit, do_action
from core.i18n import gettext as _
from core.jobs import enqueue
from hookspecs import content as hooks

__all__ = ["PUBLISH_JOB", "StatusWanted", "change_status", "delete_post", "purge_post", "set_status"]

StatusWanted = Literal["draft", "pending", "future", "publish", "private", "trash", "restore"]

PUBLISH_JOB: Final = "content.publish_due"
_ACTIONS: Final = {
    "draft": "post.withdraw",
    "pending": "post.submit",
    "future": "post.schedule",
    "publish": "post.publish",
    "private": "post.make_private",
    "trash": "post.trash",
    "restore": "post.restore",
}


async def change_status(
    post_id: UUID, status: StatusWanted, *, version: int | None = None, at: datetime | None = None
) -> PostView:
    """Give a post another status.

    Args:
        post_id: The post.
        status: The status, or "restore" to take it out of the trash.
        version: The version that was looked at; None whatever it is.
        at: When it is (or was) published. In the future it makes "publish" a "future".

    Returns:
        The post as it is now. To ask for the status it has changes nothing.

    Raises:
        NotFound: There is no such post here.
        Invalid: No such status, or a time that does not fit it; under "status" or "at".
        Conflict: Somebody else changed the post first, or it is in the trash.
        Forbidden: The actor may not.
        Refused: A finding blocks, or a plugin said no.
    """
    seen = await load_post(post_id)
    wanted = _resolve(status, at)
    await _require_right(seen, wanted)

    async def write() -> PostView:
        right = "delete_post" if wanted in ("trash", "restore") else "edit_post"
        before = await hold_post(seen, right, version, moves=True)
        return await set_status(before, wanted, at)

    return await through_gate(post_id, write)


def _resolve(status: str, at: datetime | None) -> str:
    if status not in _ACTIONS:
        raise Invalid({"status": _("There is no status “{name}”.").format(name=status)})
    if at is not None and at.tzinfo is None:
        raise Invalid({"at": _("Say the time with its zone.")})
    if at is not None and not is_showable(at):
        raise Invalid({"at": _("This moment is out of range.")})
    later = at is not None and at > now()
    if status == "future" and not later:
        raise Invalid({"at": _("Choose a time that is still to come.")})
    return "future" if status == "publish" and later else status


async def _require_right(post: PostView, wanted: str) -> None:
    if wanted in ("trash", "restore"):
        await require("delete_post", post)
        return
    await require("edit_post", post)
    if wanted in ("publish", "future", "private"):
        await require(capabilities_of(post.type).publish)


async def set_status(before: PostView, wanted: str, at: datetime | None = None, **detail: Any) -> PostView:
    """Write a status inside the unit in progress, which holds the post's row. No rights are asked here."""
    if before.status == "trash" and wanted not in ("restore", "trash"):
        raise Conflict(_("This post is in the trash."), hint=_("Restore it first."))
    if wanted == "restore":
        return await _restore(before)
    same_time = at is None or at == (before.scheduled_at if wanted == "future" else before.published_at)
    if before.status == wanted and same_time:
        return before
    columns = _columns(before, wanted, at)
    _require_stay(before, wanted, columns)
    await write_columns(before, _nothing(before), **columns)
    if wanted == "future":
        await _plan(before.id, columns["scheduled_at"])
    return await finish(before.id, before, _ACTIONS[wanted], detail=detail)


def _nothing(post: PostView) -> Fields:
    return Fields(kind=type_of(post), columns={}, terms={}, meta={}, ext={})


def _require_stay(before: PostView, wanted: str, columns: dict[str, Any]) -> None:
    """Refuse to put something on the site that was to be off it by then."""
    if before.unpublish_at is None or wanted not in ("publish", "future"):
        return
    if before.unpublish_at <= max(columns["scheduled_at"] or now(), now()):
        raise Invalid(
            {"unpublish_at": _("The time at which it goes off the site has passed: change or remove it.")}
        )


def _columns(before: PostView, wanted: str, at: datetime | None) -> dict[str, Any]:
    columns: dict[str, Any] = {"status": wanted, "scheduled_at": None}
    match wanted:
        case "trash":
            actor = current_actor()
            columns |= {
                "status_before": before.status,
                "deleted_at": now(),
                "deleted_by": actor.id if actor.kind == "user" else None,
                "scheduled_at": before.scheduled_at,
            }
        case "future":
            columns["scheduled_at"] = at
        case "publish" | "private":
            shown_before = before.published_at is not None and before.published_at <= now()
            columns["published_at"] = at or (before.published_at if shown_before else now())
    return columns


async def _plan(post_id: UUID, at: datetime) -> None:
    await enqueue(PUBLISH_JOB, run_at=at, dedup=f"{post_id}:{at.isoformat()}")


async def _restore(before: PostView) -> PostView:
    if before.status != "trash":
        raise Conflict(_("This post is not in the trash."))
    status: PostStatus = before.status_before or "draft"
    if status == "future" and (before.scheduled_at is None or before.scheduled_at <= now()):
        status = "draft"
    if status in ("publish", "future", "private"):
        may_publish = (await decide(current_actor(), capabilities_of(before.type).publish)).allowed
        status = status if may_publish else "draft"
    columns: dict[str, Any] = {"status": status, "status_before": "", "deleted_at": None, "deleted_by": None}
    if before.parent_id is not None and not await _has_parent(before):
        columns["parent_id"] = None
    await write_columns(before, _nothing(before), **columns)
    if status == "future" and before.scheduled_at is not None:
        await _plan(before.id, before.scheduled_at)
    return await finish(before.id, before, _ACTIONS["restore"])


async def _has_parent(post: PostView) -> bool:
    rows = await execute(
        "SELECT 1 AS one FROM posts WHERE tenant_id = {tenant} AND id = {} AND status <> 'trash'",
        post.parent_id,
    )
    return bool(rows)


async def delete_post(post_id: UUID) -> None:
    """Delete a post for good, with its revisions, meta and what plugins keep with it. Pages below it move up.

    Raises:
        NotFound: There is no such post here.
        Forbidden: The actor may not.
        Refused: A plugin said no.
    """
    await _delete(post_id, purging=False)


async def purge_post(post_id: UUID) -> None:
    """Delete a post for good because its time in the trash is over; `on_post_purging` may keep it. See `delete_post`."""
    await _delete(post_id, purging=True)


async def _delete(post_id: UUID, *, purging: bool) -> None:
    seen = await load_post(post_id)
    await require("delete_post", seen)
    async with tenant_work():
        kind = type_of(seen)
        if kind.hierarchical:
            await lock_tree(kind.name)
        await lock_row("posts", post_id)
        post = await load_post(post_id)
        if purging:
            if post.status != "trash":
                raise NotFound(_("This post is not in the trash."))  # somebody restored it meanwhile
            await do_action(hooks.on_post_purging, post)
        await do_action(hooks.on_post_deleting, post)
        for extension in extensions_of("post"):
            await extension.erase(post_id)
        await _move_children_up(post)
        await execute("UPDATE media SET post_id = NULL WHERE tenant_id = {tenant} AND post_id = {}", post_id)
        if post.status == "publish":
            recount_terms({term.id for terms in post.terms.values() for term in terms})
        await Post.delete().where(Post.id == post_id)
        count_change(post, None)
        await record(
            "post.purge" if purging else "post.delete",
            resource_type="post",
            resource_id=post_id,
            before={"title": post.title, "status": post.status, "type": post.type, "slug": post.slug},
        )
        after_commit(hooks.on_post_deleted, post)


async def _move_children_up(post: PostView) -> None:
    children = await Post.select(Post.id, Post.slug).where(Post.parent_id == post.id)
    if not children:
        return
    kind, above = type_of(post), await parent_path(post.parent_id)
    for child in children:
        slug = (
            await free_slug(child["slug"], kind, post.parent_id, but=child["id"]) if child["slug"] else None
        )
        changes: dict[Any, Any] = {"parent_id": post.parent_id, "slug": slug}
        await Post.update(changes).where(Post.id == child["id"])
        await move_below(child["id"], join_path(above, slug))
