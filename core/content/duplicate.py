"""A draft of one's own, made of a post that is there."""

from typing import Any
from uuid import UUID

from core.accounts import require
from core.content.fields import check_fields
from core.content.revisions import restore_ext, snapshot_ext
from core.content.store import load_post
from core.content.tables import PostMeta
from core.content.types import capabilities_of, taxonomies_of, type_of
from core.content.writing import finish, insert_post
from core.context import current_actor
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import tenant_work
from core.errors import Refused
from core.hooks import after_commit, do_action
from core.i18n import gettext as _
from core.ids import new_id
from hookspecs import content as hooks

__all__ = ["duplicate_post"]


async def duplicate_post(post_id: UUID) -> PostView:
    """Make a draft of the current actor with everything of a post: text, terms, meta, picture, what plugins keep.

    Its title says that it is a copy. It has no address, dates or password of its own yet; comments and
    what else readers brought stay where they are.

    Raises:
        NotFound: There is no such post here.
        Forbidden: The actor may not edit it, or not write posts of its type.
        Refused: It is in the trash, or a plugin said no.
    """
    source = await load_post(post_id)
    await require("edit_post", source)
    kind = type_of(source)
    await require(capabilities_of(kind.name).edit)
    if source.status == "trash":
        raise Refused(_("This post is in the trash."), hint=_("Restore it first."))
    fields = await check_fields(_data(source), None)
    rows = await PostMeta.select(PostMeta.meta_key, PostMeta.meta_value).where(PostMeta.post_id == post_id)
    kept: dict[str, tuple[str, ...]] = {}
    for row in rows:  # private ones too: they belong to what is copied
        kept[row["meta_key"]] = (*kept.get(row["meta_key"], ()), row["meta_value"])
    fields.meta = kept
    new = new_id()
    async with tenant_work():
        ext = await snapshot_ext(post_id)
        await insert_post(fields, id=new)
        await restore_ext(new, {key: value for key, value in ext.items() if value is not None})
        made = await load_post(new)
        await do_action(hooks.on_post_duplicating, made, source)
        detail = {"of": str(post_id)}
        made = await finish(new, None, "post.duplicate", kind="save", detail=detail)
        after_commit(hooks.on_post_duplicated, made, source)
        return made


def _data(source: PostView) -> PostData:
    known = {taxonomy.name for taxonomy in taxonomies_of(type_of(source))} - {"post_format"}
    actor = current_actor()
    more: dict[str, Any] = {} if actor.kind == "user" else {"author_id": source.author.id}
    return PostData(
        type=source.type,
        title=_("{title} (copy)").format(title=source.title[:990]) if source.title else "",
        content=source.content,
        content_format=source.content_format,
        excerpt=source.excerpt,
        parent_id=source.parent_id,
        menu_order=source.menu_order,
        template=source.template,
        format=source.format,
        comment_status=source.comment_status,
        ping_status=source.ping_status,
        featured_media_id=source.featured.id if source.featured is not None else None,
        terms={name: [term.id for term in terms] for name, terms in source.terms.items() if name in known},
        **more,
    )
