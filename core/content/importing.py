"""Writing what comes from another site: with its own dates and status, and without the gate.

What was published there stays published; it meets the checks with its next edit here. Whoever
imports needs the right `import`, and every item is recorded.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from core.accounts import require
from core.clock import now
from core.content.fields import check_fields
from core.content.lifecycle import PUBLISH_JOB
from core.content.passwords import seal_post_password
from core.content.render import digest_text
from core.content.slugs import check_parent, join_path, lock_tree, move_below, parent_path, remember_address
from core.content.store import load_post
from core.content.tables import Post
from core.content.types import known_type, type_of
from core.content.writing import finish, insert_post, write_parts
from core.contract.content import PostData
from core.contract.views import PostStatus, PostView
from core.db import tenant_work
from core.errors import Invalid
from core.i18n import gettext as _
from core.ids import new_id
from core.jobs import enqueue
from core.text import slugify

__all__ = ["ImportedPost", "amend_import", "import_post"]


class ImportedPost(msgspec.Struct, kw_only=True):
    """A post of another site."""

    data: PostData
    """Type, author and what is written. An address that is taken here gets a number."""
    status: PostStatus = "draft"
    published_at: datetime | None = None
    scheduled_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    guid: str = ""
    old_paths: Sequence[str] = ()
    """Paths it had there, that this site should redirect from."""


async def import_post(item: ImportedPost) -> PostView:
    """Make a post of another site's. Parent and image may follow with `amend_import`, once they are here.

    Raises:
        Invalid: Everything that can't be written, by field.
        Forbidden: The actor may not import.
        Refused: A plugin said no.
    """
    await require("import")
    if item.data.type is UNSET:
        item.data.type = "post"
    kind = known_type(item.data.type)
    fields = await check_fields(item.data, None)
    if item.status in ("publish", "future", "private") and not fields.slug:
        fields.slug = slugify(fields.columns.get("title", ""))
    post_id = new_id()
    sealed = await seal_post_password(post_id, fields.password) if fields.password else None
    made = item.created_at or item.published_at or now()
    more: dict[str, Any] = {
        "id": post_id,
        "status": item.status,
        "published_at": item.published_at or (made if item.status in ("publish", "private") else None),
        "scheduled_at": item.scheduled_at if item.status == "future" else None,
        "created_at": min(made, now()),  # what is scheduled was not written in the future
        "updated_at": min(item.updated_at or made, now()),
        "guid": item.guid[:500],
    }
    if item.status == "trash":
        more |= {"status_before": "draft", "deleted_at": now()}
    if item.status == "future" and item.scheduled_at is None:
        raise Invalid({"scheduled_at": _("A scheduled post needs its time.")})
    async with tenant_work():
        await insert_post(fields, sealed=sealed, **more)
        await remember_address((post_id, kind.name, path.strip("/")) for path in item.old_paths)
        if item.status == "future" and item.scheduled_at is not None:
            await enqueue(
                PUBLISH_JOB, run_at=item.scheduled_at, dedup=f"{post_id}:{item.scheduled_at.isoformat()}"
            )
        return await finish(post_id, None, "post.import", kind="import", gate=False)


async def amend_import(
    post_id: UUID,
    *,
    parent_id: UUID | UnsetType | None = UNSET,
    featured_media_id: UUID | UnsetType | None = UNSET,
    content: str | UnsetType = UNSET,
    meta: dict[str, tuple[str, ...]] | UnsetType = UNSET,
) -> PostView:
    """Complete an imported post with what was not here yet. Its dates stay, and no revision is made.

    Raises:
        NotFound: There is no such post here.
        Invalid: A value can't be written, by field.
        Forbidden: The actor may not import.
    """
    await require("import")
    seen = await load_post(post_id)
    data = PostData(parent_id=parent_id, featured_media_id=featured_media_id, content=content, meta=meta)
    fields = await check_fields(data, seen)
    kind = type_of(seen)
    async with tenant_work():
        if kind.hierarchical:
            await lock_tree(kind.name)
        before = await load_post(post_id)
        changes: dict[Any, Any] = dict(fields.columns)
        if parent_id is not UNSET:
            await check_parent(kind, post_id, parent_id)
        if "content" in changes:
            made = await digest_text(
                before.title,
                changes["content"],
                before.content_format,
                before.excerpt,
                protected=before.has_password,
            )
            changes |= {"summary": made.summary, "has_more": made.has_more, "search_text": made.search_text}
        if changes:
            await Post.update(changes).where(Post.id == post_id)
        if parent_id is not UNSET and before.slug:
            await move_below(post_id, join_path(await parent_path(parent_id), before.slug))
        await write_parts(post_id, fields, before)
        return await finish(post_id, before, "post.import", gate=False, detail={"changed": fields.names()})
