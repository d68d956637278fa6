"""The steps that every write of a post shares, inside a unit of work."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from core.accounts import record, require, save_extensions
from core.clock import now
from core.content.checks import require_cleared
from core.content.counts import recount_terms
from core.content.embed_fetch import fetch_later
from core.content.fields import Fields
from core.content.references import keep_references
from core.content.render import digest_text
from core.content.revisions import RevisionKind, add_revision, restore_ext
from core.content.slugs import (
    check_parent,
    forget_address,
    free_slug,
    join_path,
    lock_tree,
    move_below,
    parent_path,
    remember_address,
)
from core.content.sql import lock_row
from core.content.stats import count_change
from core.content.store import load_post
from core.content.tables import Post, PostMeta, PostTerm
from core.content.term_places import default_category_id
from core.content.types import content_type
from core.context import current_actor
from core.contract.views import PostView
from core.db import execute, is_unique_violation, next_number, savepoint
from core.errors import Conflict
from core.hooks import after_commit, do_action
from core.i18n import gettext as _
from core.ids import new_id
from core.text import slugify
from hookspecs import content as hooks

__all__ = ["PUBLIC", "finish", "hold_post", "insert_post", "write_columns", "write_parts"]

PUBLIC: Final = ("publish", "future")
"""Statuses that pass the gate."""
_NEED_SLUG: Final = ("publish", "future", "private")
_SLUG_TRIES: Final = 5
_TEXT: Final = frozenset({"title", "content", "content_format", "excerpt", "password_sealed"})


def _editor() -> UUID | None:
    actor = current_actor()
    return actor.id if actor.kind == "user" else None


async def insert_post(fields: Fields, *, sealed: bytes | None = None, **more: Any) -> UUID:
    """Insert a post with its parts; return its id.

    Args:
        fields: What to write.
        sealed: Its password, sealed for the id in `more`.
        more: Values of further columns, `id` among them if it is known already.
    """
    kind = fields.kind
    if kind.hierarchical:
        await lock_tree(kind.name)
    parent_id = fields.columns.get("parent_id")
    await check_parent(kind, None, parent_id)
    values: dict[str, Any] = {
        "id": new_id(),
        "post_type": kind.name,
        "created_at": now(),
        "updated_at": now(),
        "last_editor_id": _editor(),
        **fields.columns,
        **more,
    }
    if sealed is not None:
        values["password_sealed"] = sealed
    values |= await _digested(values)
    if fields.slug is not None:
        values["slug"] = fields.slug or None
    values["number"] = await next_number("posts")
    if not values.get("slug") and values.get("status", "draft") in _NEED_SLUG:
        values["slug"] = _numbered(kind.name, values["number"])

    async def insert(slug: str | None) -> None:
        path = join_path(await parent_path(parent_id), slug)
        await Post.insert(Post(**{**values, "slug": slug, "path": path}))

    await _with_free_slug(fields, values["id"], values.get("slug"), parent_id, insert)
    await write_parts(values["id"], fields, before=None)
    return UUID(str(values["id"]))


async def _digested(values: Mapping[str, Any]) -> dict[str, Any]:
    made = await digest_text(
        values.get("title", ""),
        values.get("content", ""),
        values.get("content_format", "html"),
        values.get("excerpt", ""),
        protected=values.get("password_sealed") is not None,
    )
    return {"summary": made.summary, "has_more": made.has_more, "search_text": made.search_text}


async def _with_free_slug(
    fields: Fields, post_id: UUID, wanted: str | None, parent_id: UUID | None, write: Any
) -> None:
    """Call `write` with a slug that is free; if somebody takes it at the same moment, with the next one."""
    if not wanted:
        await write(None)
        return
    for attempt in range(_SLUG_TRIES):
        slug = await free_slug(wanted, fields.kind, parent_id, but=post_id)
        try:
            async with savepoint():
                await write(slug)
            return
        except Exception as error:
            if not is_unique_violation(error) or attempt == _SLUG_TRIES - 1:
                raise


async def hold_post(seen: PostView, capability: str, version: int | None, *, moves: bool = False) -> PostView:
    """Hold the row of a post until the unit ends, and return the post as it is now.

    Args:
        seen: The post as the right to write it was asked for.
        capability: That right; it is asked for again if the post has changed since.
        version: The version that was edited; None to write whatever it is.
        moves: Whether its address, or what is below it, may change: the tree is then held first.

    Raises:
        Conflict: The version is not the current one any more.
        NotFound: It was deleted meanwhile.
    """
    kind = content_type(seen.type)
    if moves and kind is not None and kind.hierarchical:
        await lock_tree(kind.name)
    await lock_row("posts", seen.id)
    current = await load_post(seen.id)
    if version is not None and current.version != version:
        raise Conflict(
            _("Somebody else changed this post first."),
            hint=_("Look at what it is now, and try again."),
        )
    if current.version != seen.version:
        await require(capability, current)
    return current


async def write_columns(
    before: PostView, fields: Fields, *, sealed: bytes | None = None, **more: Any
) -> None:
    """Update the row of a post, with everything that follows from what is written.

    Args:
        before: The post as it is, its row held by this unit.
        fields: What to write.
        sealed: A new password, sealed.
        more: Values of further columns, such as the status.
    """
    columns = {**fields.columns, **more}
    parent_id = columns.get("parent_id", before.parent_id)
    if "parent_id" in columns and parent_id != before.parent_id:
        await check_parent(fields.kind, before.id, parent_id)
    if fields.password is not None:
        columns["password_sealed"] = sealed
    if columns.keys() & _TEXT:
        columns |= await _redigested(before, columns)
    columns |= {"updated_at": now(), "last_editor_id": _editor()}
    slug = _wanted_slug(before, fields, columns)
    same_place = slug == (before.slug or None) and parent_id == before.parent_id and before.status != "trash"
    if same_place or columns.get("status") == "trash":
        await _update(before, columns)
        return

    async def update(found: str | None) -> None:
        await _update(before, {**columns, "slug": found})

    await _with_free_slug(fields, before.id, slug, parent_id, update)
    await _readdress(before, fields, parent_id)


async def _redigested(before: PostView, columns: Mapping[str, Any]) -> dict[str, Any]:
    now_protected = columns.get("password_sealed", before.has_password or None)
    text = {name: getattr(before, name) for name in ("title", "content", "content_format", "excerpt")}
    return await _digested({**text, **columns, "password_sealed": now_protected or None})


def _wanted_slug(before: PostView, fields: Fields, columns: Mapping[str, Any]) -> str | None:
    """Return the slug to have: the one by hand, the one there is, or for what goes out one from the title."""
    slug = fields.slug if fields.slug is not None else before.slug
    status = columns.get("status", before.status)
    if not slug and status in _NEED_SLUG:
        slug = slugify(columns.get("title", before.title)) or _numbered(before.type, before.number)
    return slug or None


def _numbered(post_type: str, number: int) -> str:
    """Return the slug of something whose title makes none."""
    return f"{post_type.replace('_', '-')}-{number}"


async def _update(before: PostView, columns: Mapping[str, Any]) -> None:
    changes: dict[Any, Any] = {**columns, "version": Post.version + 1}
    await Post.update(changes).where(Post.id == before.id)


async def _readdress(before: PostView, fields: Fields, parent_id: UUID | None) -> None:
    """Write the path that follows from the slug just written, and remember the address before."""
    rows = await execute("SELECT slug, path FROM posts WHERE tenant_id = {tenant} AND id = {}", before.id)
    slug, old = rows[0]["slug"], rows[0]["path"]
    path = join_path(await parent_path(parent_id), slug)
    if path == old:
        return
    if fields.kind.hierarchical:
        await move_below(before.id, path)
        return
    if before.status == "publish" and old:
        await remember_address([(before.id, before.type, old)])
    await Post.update({Post.path: path}).where(Post.id == before.id)
    await forget_address(before.id, path)


async def write_parts(post_id: UUID, fields: Fields, before: PostView | None) -> None:
    """Write terms, meta and what plugins keep with a post."""
    terms = dict(fields.terms)
    if before is None and "category" in fields.kind.taxonomies and not terms.get("category"):
        default = await default_category_id()
        if default is not None:
            terms["category"] = (default,)
    for name, ids in terms.items():
        await _write_terms(post_id, name, ids)
    for key, values in fields.meta.items():
        await PostMeta.delete().where(PostMeta.post_id == post_id, PostMeta.meta_key == key)
        if values:
            await PostMeta.insert(
                *(PostMeta(post_id=post_id, meta_key=key, meta_value=value) for value in values)
            )
    if fields.ext:
        await save_extensions("post", post_id, fields.ext)


async def _write_terms(post_id: UUID, taxonomy: str, ids: Sequence[UUID]) -> None:
    await execute(
        "DELETE FROM post_terms WHERE tenant_id = {tenant} AND post_id = {} AND term_id IN ("
        " SELECT id FROM terms WHERE tenant_id = {tenant} AND taxonomy = {})",
        post_id,
        taxonomy,
    )
    if ids:
        await PostTerm.insert(
            *(PostTerm(post_id=post_id, term_id=term_id, position=i) for i, term_id in enumerate(ids))
        )


def _published_terms(post: PostView | None) -> set[UUID]:
    if post is None or post.status != "publish":
        return set()
    return {term.id for terms in post.terms.values() for term in terms}


async def finish(
    post_id: UUID,
    before: PostView | None,
    action: str,
    *,
    kind: RevisionKind | None = None,
    ext: Mapping[str, Any] | None = None,
    gate: bool = True,
    detail: Mapping[str, Any] | None = None,
) -> PostView:
    """End a write: gate, revision, counts, -ing hooks, record, and -ed hooks once it is committed.

    Args:
        post_id: The post that was written.
        before: It as it was, None for a new one.
        action: What the audit calls this.
        kind: The kind of revision to keep; None for none.
        ext: Snapshots to give back to plugins first.
        gate: Whether what goes out must have been looked at.
        detail: More for the audit.

    Returns:
        The post as written.
    """
    if ext is not None:
        await restore_ext(post_id, ext)
    post = await load_post(post_id)
    if gate and post.status in PUBLIC:
        await require_cleared(post)
    if kind is not None:
        await add_revision(post, kind)
    await fetch_later(await keep_references(post, before))
    count_change(before, post)
    recount_terms(_published_terms(before) ^ _published_terms(post))
    old = before.status if before is not None else ""
    await do_action(hooks.on_post_saving, post, before)
    if post.status != old:
        await do_action(hooks.on_post_status_changing, post, old, post.status)
    await record(
        action,
        resource_type="post",
        resource_id=post_id,
        detail={"type": post.type, **(detail or {})},
        before=_state(before),
        after=_state(post),
    )
    after_commit(hooks.on_post_saved, post, before)
    if post.status != old:
        after_commit(hooks.on_post_status_changed, post, old, post.status)
    return post


def _state(post: PostView | None) -> dict[str, Any] | None:
    if post is None:
        return None
    return {"title": post.title, "status": post.status, "version": post.version, "slug": post.slug}
