"""Every text that was saved, with who saved it; and getting one back."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from core.accounts import extensions_of, record, require, user_views
from core.clock import now
from core.content.sql import lock_row
from core.content.store import load_post
from core.content.tables import PostRevision
from core.context import current_actor
from core.contract.content import PostData
from core.contract.views import PostView, UserView
from core.db import execute, tenant_work
from core.errors import NotFound
from core.i18n import gettext as _
from core.tenancy import site_settings

__all__ = [
    "Revision",
    "RevisionKind",
    "add_revision",
    "get_revision",
    "keep_autosave",
    "restore_ext",
    "revisions",
    "snapshot_ext",
]

RevisionKind = Literal["save", "autosave", "restore", "import"]
_AUTOSAVES: Final = 10
_TEXT: Final = ("title", "content", "content_format", "excerpt")


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a post as it was saved once."""

    id: UUID
    post_id: UUID
    number: int
    """Counts from 1 within the post."""
    kind: RevisionKind
    author: UserView | None
    """Who saved it; None for the shell and jobs."""
    title: str
    content: str
    """"" in lists."""
    content_format: str
    excerpt: str
    ext: Mapping[str, Any] = {}
    """What plugins kept with the post then, by plugin. Empty in lists."""
    created_at: datetime


async def snapshot_ext(post_id: UUID) -> dict[str, Any]:
    """Return what plugins keep with a post as JSON values, by plugin, inside the unit in progress."""
    return {
        extension.key: await extension.snapshot(post_id)
        for extension in extensions_of("post")
        if extension.of_content
    }


async def restore_ext(post_id: UUID, kept: Mapping[str, Any]) -> None:
    """Give snapshots back to the plugins that are enabled, inside the unit in progress."""
    for extension in extensions_of("post"):
        if extension.key in kept:
            await extension.restore(post_id, kept[extension.key])


def _digest(text: Mapping[str, str], ext: str) -> str:
    parts = [text[name] for name in _TEXT]
    return hashlib.sha256(json.dumps([*parts, ext], ensure_ascii=True).encode()).hexdigest()


async def add_revision(post: PostView, kind: RevisionKind) -> None:
    """Keep the text of a post as it is now, inside the unit in progress that holds the post's row.

    What is the same as the revision before is not kept again.
    """
    ext = json.dumps(await snapshot_ext(post.id), ensure_ascii=False, sort_keys=True)
    text = {name: getattr(post, name) for name in _TEXT}
    digest = _digest(text, ext)
    rows = await execute(
        "SELECT number, digest FROM post_revisions WHERE tenant_id = {tenant} AND post_id = {}"
        " AND kind <> 'autosave' ORDER BY number DESC LIMIT 1",
        post.id,
    )
    if rows and rows[0]["digest"] == digest and kind == "save":
        return
    await _insert(post.id, text, ext, digest, kind)
    await _prune(post.id)


async def _insert(post_id: UUID, text: Mapping[str, str], ext: str, digest: str, kind: RevisionKind) -> int:
    rows = await execute(
        "SELECT coalesce(max(number), 0) + 1 AS next FROM post_revisions WHERE tenant_id = {tenant} AND post_id = {}",
        post_id,
    )
    number = int(rows[0]["next"])
    await PostRevision.insert(
        PostRevision(
            post_id=post_id,
            number=number,
            author_id=current_actor().id if current_actor().kind == "user" else None,
            kind=kind,
            ext=ext,
            digest=digest,
            created_at=now(),
            **text,
        )
    )
    return number


async def _prune(post_id: UUID) -> None:
    keep = site_settings().revisions_kept
    if keep:
        await execute(
            "DELETE FROM post_revisions WHERE tenant_id = {tenant} AND post_id = {} AND kind <> 'autosave' AND number <= ("
            " SELECT number FROM post_revisions WHERE tenant_id = {tenant} AND post_id = {} AND kind <> 'autosave'"
            " ORDER BY number DESC LIMIT 1 OFFSET {})",
            post_id,
            post_id,
            keep,
        )


async def _prune_autosaves(post_id: UUID) -> None:
    """Keep the latest texts that a person could not save; they must not become a pile."""
    await execute(
        "DELETE FROM post_revisions WHERE tenant_id = {tenant} AND post_id = {} AND kind = 'autosave'"
        " AND author_id = {} AND number <= (SELECT number FROM post_revisions WHERE tenant_id = {tenant}"
        " AND post_id = {} AND kind = 'autosave' AND author_id = {} ORDER BY number DESC LIMIT 1 OFFSET {})",
        post_id,
        current_actor().id,
        post_id,
        current_actor().id,
        _AUTOSAVES,
    )


def _text_of(post: PostView, data: PostData) -> dict[str, str]:
    text = {}
    for name in _TEXT:
        value = getattr(data, name)
        text[name] = getattr(post, name) if value is msgspec.UNSET else value
    return text


async def keep_autosave(post: PostView, data: PostData) -> int:
    """Keep text that could not be saved, in a unit of its own, so that nobody's work is lost.

    Args:
        post: The post as it is.
        data: What somebody wanted to write.

    Returns:
        The number of the revision.
    """
    text = _text_of(post, data)
    ext = json.dumps({} if data.ext is msgspec.UNSET else dict(data.ext), default=str, ensure_ascii=False)
    async with tenant_work():
        await lock_row("posts", post.id)
        number = await _insert(post.id, text, ext, _digest(text, ext), "autosave")
        await _prune_autosaves(post.id)
        await record("post.autosave", resource_type="post", resource_id=post.id, detail={"revision": number})
    return number


async def revisions(post_id: UUID) -> tuple[Revision, ...]:
    """Return the revisions of a post without their content, newest first.

    Raises:
        NotFound: There is no such post here.
        Forbidden: The actor may not edit it.
    """
    await require("edit_post", await load_post(post_id, content=False))
    rows = await execute(
        "SELECT id, post_id, number, kind, author_id, title, content_format, excerpt, created_at FROM post_revisions"
        " WHERE tenant_id = {tenant} AND post_id = {} ORDER BY number DESC",
        post_id,
    )
    return await _views(rows)


async def get_revision(post_id: UUID, number: int) -> Revision:
    """Return a revision of a post, with its content.

    Raises:
        NotFound: There is no such post here, or it has no such revision.
        Forbidden: The actor may not edit the post.
    """
    await require("edit_post", await load_post(post_id, content=False))
    rows = await execute(
        "SELECT id, post_id, number, kind, author_id, title, content, content_format, excerpt, ext, created_at"
        " FROM post_revisions WHERE tenant_id = {tenant} AND post_id = {} AND number = {}",
        post_id,
        number,
    )
    if not rows:
        raise NotFound(_("This post has no revision {number}.").format(number=number))
    return (await _views(rows))[0]


async def _views(rows: list[dict[str, Any]]) -> tuple[Revision, ...]:
    people = await user_views(row["author_id"] for row in rows if row["author_id"] is not None)
    return tuple(
        Revision(
            id=row["id"],
            post_id=row["post_id"],
            number=row["number"],
            kind=row["kind"],
            author=people.get(row["author_id"]),
            title=row["title"],
            content=row.get("content", ""),
            content_format=row["content_format"],
            excerpt=row["excerpt"],
            ext=json.loads(row.get("ext", "{}")),
            created_at=row["created_at"],
        )
        for row in rows
    )
