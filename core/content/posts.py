"""Posts found, made and changed; and an old text brought back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from core.accounts import decide, require
from core.content.checks import through_gate
from core.content.fields import Fields, check_fields
from core.content.passwords import seal_post_password
from core.content.revisions import RevisionKind, get_revision, keep_autosave
from core.content.store import first_post, load_post, no_such_post
from core.content.types import capabilities_of, known_type
from core.content.unpublish import plan_unpublish
from core.content.writing import finish, hold_post, insert_post, write_columns, write_parts
from core.context import current_actor
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import maybe_work, tenant_work
from core.errors import Conflict, Forbidden, Refused
from core.hooks import apply_filters
from core.i18n import gettext as _
from core.ids import new_id
from core.tenancy import site_settings
from hookspecs import content as hooks

__all__ = [
    "create_post",
    "find_moved",
    "find_post",
    "get_post",
    "get_post_by_number",
    "restore_revision",
    "update_post",
]


async def _readable(post: PostView | None) -> PostView | None:
    if post is None or not (await decide(current_actor(), "read_post", post)).allowed:
        return None
    return post


async def get_post(post_id: UUID, *, edit: bool = False) -> PostView:
    """Return a post that the current actor may see.

    Args:
        post_id: The post.
        edit: For writing: with what a password hides, to those who may edit it.

    Raises:
        NotFound: There is none of this id on the site, or the actor may not know of it.
        Forbidden: The actor may see it, but not edit it.
    """
    return await _get(edit, "posts.id = {}", post_id)


async def get_post_by_number(number: int, *, edit: bool = False) -> PostView:
    """Return a post by its number. See `get_post`."""
    if not 0 < number < 2**63:
        raise no_such_post()
    return await _get(edit, "posts.number = {}", number)


async def _get(edit: bool, where: str, *args: Any) -> PostView:
    post = await first_post(where, *args, unlocked=edit)
    if edit and post is not None:
        try:
            await require("edit_post", post)
        except Forbidden:
            if await _readable(post) is None:  # who may not see it is not told that it is there
                raise no_such_post() from None
            raise
        return post
    found = await _readable(post)
    if found is None:
        raise no_such_post()
    return found


async def find_post(types: str | Sequence[str], path: str, *, parent: UUID | None = None) -> PostView | None:
    """Return the post at an address that the current actor may see; None if there is none.

    Args:
        types: Types to look for, the first one that has it wins.
        path: Slugs from the root of the type, such as "about/team"; for a flat type the slug.
        parent: Given, `path` is the slug of something right below it.
    """
    names = (types,) if isinstance(types, str) else tuple(types)
    marks = ", ".join(["{}"] * len(names))
    order = " ".join(f"WHEN '{name}' THEN {i}" for i, name in enumerate(names) if name.isidentifier())
    where = f"posts.path = {{}} AND posts.post_type IN ({marks}) AND posts.status <> 'trash'"
    args: list[Any] = [path, *names]
    if parent is not None:
        where = f"posts.slug = {{}} AND posts.post_type IN ({marks}) AND posts.parent_id = {{}} AND posts.status <> 'trash'"
        args.append(parent)
    tail = f"ORDER BY CASE posts.post_type {order} ELSE 99 END, posts.status = 'publish' DESC, posts.number"
    return await _readable(await first_post(where, *args, unlocked=False, tail=tail))


async def find_moved(path: str, *, types: Sequence[str] = ("page", "post")) -> PostView | None:
    """Return the published post that once had an address, for a redirect to where it is now.

    Args:
        path: The path as it was asked for, or its last segment.
        types: Types to look for.
    """
    path = path.strip("/")
    marks = ", ".join(["{}"] * len(types))
    where = (
        "posts.status = 'publish' AND posts.id IN (SELECT post_id FROM old_slugs WHERE tenant_id = {tenant}"  # noqa: S608  # written here
        f" AND (path = {{}} OR slug = {{}}) AND post_type IN ({marks}))"
    )
    return await _readable(
        await first_post(
            where,
            path,
            path.rpartition("/")[2],
            *types,
            unlocked=False,
            tail="ORDER BY posts.updated_at DESC",
        )
    )


async def create_post(data: PostData) -> PostView:
    """Make a draft.

    Args:
        data: Its type ("post" unless given) and what is written so far.

    Raises:
        Invalid: Everything that can't be written, by field.
        Forbidden: The actor may not write posts of this type, or in somebody else's name.
        Refused: A plugin said no.
    """
    kind = known_type("post" if data.type is msgspec.UNSET else data.type)
    await require(capabilities_of(kind.name).edit)
    data = await apply_filters(hooks.filter_post_data, data, None)
    fields = await check_fields(data, None)
    if "comment_status" not in fields.columns:
        fields.columns["comment_status"] = _comments(fields)
    post_id = new_id()
    sealed = await seal_post_password(post_id, fields.password) if fields.password else None
    async with tenant_work():
        await insert_post(fields, sealed=sealed, id=post_id)
        made = await finish(post_id, None, "post.create", kind="save")
        await plan_unpublish(made)
        return made


def _comments(fields: Fields) -> str:
    opens = (
        "comments" in fields.kind.supports and fields.kind.name != "page" and site_settings().comments_open
    )
    return "open" if opens else "closed"


async def update_post(post_id: UUID, data: PostData, *, version: int | None) -> PostView:
    """Change a post.

    What is published goes through the content checks again with what is written. If somebody else
    was faster, or a check blocks, nothing is written and the text is kept as a revision of its own.

    Args:
        post_id: The post.
        data: Set fields change, unset ones stay.
        version: The version that was edited; None to write whatever it is now (imports, plugins).

    Raises:
        NotFound: There is no such post here.
        Invalid: Everything that can't be written, by field.
        Conflict: Somebody else changed it first; `current` and `yours` hold both states.
        Forbidden: The actor may not.
        Refused: A finding blocks, or a plugin said no.
    """
    seen = await load_post(post_id)
    await require("edit_post", seen)
    if seen.status == "trash":
        raise Refused(_("This post is in the trash."), hint=_("Restore it before you change it."))
    wanted = data
    data = await apply_filters(hooks.filter_post_data, data, seen)
    fields = await check_fields(data, seen)
    sealed = await seal_post_password(post_id, fields.password) if fields.password else None
    kind: RevisionKind | None = "save" if fields.changes_text else None
    return await _save(seen, wanted, fields, version, action="post.update", kind=kind, sealed=sealed)


async def _save(
    seen: PostView,
    wanted: PostData,
    fields: Fields,
    version: int | None,
    *,
    action: str,
    kind: RevisionKind | None,
    sealed: bytes | None = None,
    ext: dict[str, Any] | None = None,
) -> PostView:
    async def write() -> PostView:
        before = await hold_post(
            seen, "edit_post", version, moves=fields.slug is not None or "parent_id" in fields.columns
        )
        if before.status == "trash":
            raise Refused(_("This post is in the trash."), hint=_("Restore it before you change it."))
        await write_columns(before, fields, sealed=sealed)
        await write_parts(before.id, fields, before)
        detail = {"changed": fields.names()}
        written = await finish(before.id, before, action, kind=kind, ext=ext, detail=detail)
        if written.unpublish_at != before.unpublish_at:
            await plan_unpublish(written)
        return written

    try:
        return await through_gate(seen.id, write)
    except Conflict as error:
        revision = await keep_autosave(seen, wanted)
        current = await load_post(seen.id)
        # inside of a unit of somebody else's it goes with that unit; and nobody wrote what is restored
        keeps = fields.changes_text and kind == "save" and maybe_work() is None
        raise Conflict(
            error.message,
            hint=_("Compare both versions. What you wrote is kept as a revision.") if keeps else error.hint,
            current=_state(current),
            yours={**_yours(wanted), "version": version, "revision": revision},
        ) from error
    except Refused:
        if maybe_work() is None and fields.changes_text:
            await keep_autosave(seen, wanted)
        raise


def _state(post: PostView) -> dict[str, Any]:
    return {
        "title": post.title,
        "content": post.content,
        "content_format": post.content_format,
        "excerpt": post.excerpt,
        "slug": post.slug,
        "status": post.status,
        "version": post.version,
        "updated_at": post.updated_at.isoformat(),
    }


def _yours(data: PostData) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.to_builtins(data)
    values.pop("password", None)
    return values


async def restore_revision(post_id: UUID, number: int, *, version: int | None) -> PostView:
    """Bring the text of a revision back, with what plugins kept then. That is a revision again.

    Args:
        post_id: The post.
        number: The revision's number.
        version: The version that is replaced; None whatever it is.

    Raises:
        NotFound: There is no such post here, or it has no such revision.
        Conflict: Somebody else changed the post first.
        Forbidden: The actor may not.
        Refused: A finding blocks, or a plugin said no.
    """
    seen = await load_post(post_id)
    await require("edit_post", seen)
    old = await get_revision(post_id, number)
    data = PostData(
        title=old.title, content=old.content, content_format=old.content_format, excerpt=old.excerpt
    )
    fields = await check_fields(data, seen)
    snapshots = dict(old.ext) if old.kind != "autosave" else None  # an autosave holds input, not snapshots
    return await _save(
        seen, data, fields, version, action="post.restore_revision", kind="restore", ext=snapshots
    )
