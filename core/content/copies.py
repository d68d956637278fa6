"""What somebody is writing and has not saved, kept beside the post: one copy per person and text.

It follows every few seconds of writing, so it replaces itself instead of becoming a revision, and
only its beginning is recorded. It goes with the save that takes it over, or when its writer throws it
away, or after a month.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts import accounts_of, record, require
from core.clock import now
from core.content.revisions import keep_autosave
from core.content.store import load_post
from core.content.tables import PostAutosave
from core.content.types import capabilities_of, known_type
from core.context import current_actor
from core.contract.content import PostData
from core.contract.work import PersonalDataProvider
from core.db import execute, tenant_work
from core.errors import Forbidden, Invalid, VitralError
from core.i18n import gettext as _
from core.ids import new_id
from core.text import has_forbidden

__all__ = [
    "COPIES",
    "Copy",
    "CopyData",
    "drop_copy",
    "forget_copies",
    "keep_copy",
    "new_copies",
    "own_copy",
]

_KEY: Final = re.compile(r"[a-z0-9]{8,32}")
_WRITER: Final = re.compile(r"[a-z0-9]{0,40}")
_LIFE: Final = timedelta(days=30)
_MOST_NEW: Final = 20
_LIST: Final = "id, user_id, place, post_id, post_type, writer, base_version, title, content_format, created_at, updated_at"


class CopyData(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be kept."""

    title: str
    content: str
    content_format: str
    excerpt: str
    fields: Sequence[tuple[str, str]] = ()
    """The whole form, to show it again as it was."""
    choices: Mapping[str, Any] = {}
    """JSON values that a preview shows beside the text."""


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote and did not save."""

    id: UUID
    place: str
    """The post's id, or "new:" with the type and a key of the form."""
    post_id: UUID | None
    post_type: str
    base_version: int | None
    """The version of the post that it was written on; None for a new text."""
    writer: str
    """The window that wrote it last."""
    title: str
    content: str
    """"" in lists, and so is what follows."""
    content_format: str
    excerpt: str
    fields: tuple[tuple[str, str], ...] = ()
    choices: Mapping[str, Any] = {}
    created_at: datetime
    updated_at: datetime

    @property
    def key(self) -> str:
        """The key of the form of a new text."""
        return self.place.rpartition(":")[2]


def place_of_new(post_type: str, key: str) -> str:
    """Return where the copy of a text is kept that was never saved.

    Raises:
        Invalid: The key is none: small letters and digits, 8 to 32.
    """
    if not _KEY.fullmatch(key):
        raise Invalid({"_draft": _("The form came without its key. Reload the page.")})
    return f"new:{post_type}:{key}"


def _own() -> UUID:
    actor = current_actor()
    if actor.kind != "user" or actor.id is None:
        raise Forbidden(_("Only people keep copies of what they write."))
    return actor.id


async def keep_copy(
    data: CopyData,
    *,
    post_id: UUID | None = None,
    new: tuple[str, str] | None = None,
    writer: str = "",
    base_version: int | None = None,
) -> Copy:
    """Keep what the current person is writing, in place of the copy before.

    A copy that another window of the same person wrote is not lost by this: it becomes a revision.

    Args:
        data: What is to be kept.
        post_id: The post that it is the text of.
        new: The type and the form's key of a text that was never saved.
        writer: The window that it comes from.
        base_version: The version that is being edited.

    Raises:
        NotFound: There is no such post here.
        Forbidden: The actor may not edit it, or not write posts of this type.
        Invalid: The text holds characters that nobody can store, or the keys are none.
    """
    user = _own()
    _check(data, writer)
    if post_id is not None:
        post = await load_post(post_id, content=False)
        await require("edit_post", post)
        place, post_type = str(post_id), post.type
    else:
        if new is None:
            raise Invalid({"_draft": _("The form came without its key. Reload the page.")})
        post_type = known_type(new[0]).name
        await require(capabilities_of(post_type).edit)
        place = place_of_new(post_type, new[1])
    before = await _find(user, place)
    if before is not None and post_id is not None and before.writer != writer and _differs(before, data):
        await keep_autosave(await load_post(post_id), _text(before))
    async with tenant_work():
        await _write(user, place, post_id, post_type, writer, base_version, data)
        if before is None:
            await record(
                "post.autosave", resource_type="post", resource_id=post_id, detail={"type": post_type}
            )
            await _forget_most(user)
        return await _kept(user, place)


def _check(data: CopyData, writer: str) -> None:
    texts = (data.title, data.content, data.excerpt, *(value for _name, value in data.fields))
    if any(has_forbidden(text) for text in texts):
        raise Invalid({"content": _("This contains characters that can't be stored.")})
    if not _WRITER.fullmatch(writer) or len(data.content_format) > 20:
        raise Invalid({"content": _("This is not the form of a text.")})


def _differs(before: Copy, data: CopyData) -> bool:
    return (before.title, before.content, before.excerpt) != (data.title, data.content, data.excerpt)


def _text(copy: Copy) -> PostData:
    return PostData(
        title=copy.title,
        content=copy.content,
        content_format=copy.content_format,
        excerpt=copy.excerpt,
    )


async def _write(
    user: UUID,
    place: str,
    post_id: UUID | None,
    post_type: str,
    writer: str,
    base_version: int | None,
    data: CopyData,
) -> None:
    await execute(
        "INSERT INTO post_autosaves (id, tenant_id, user_id, place, post_id, post_type, writer, base_version, title,"
        " content, content_format, excerpt, fields, choices, created_at, updated_at)"
        " VALUES ({}, {tenant}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})"
        " ON CONFLICT (tenant_id, user_id, place) DO UPDATE SET writer = excluded.writer,"
        " base_version = excluded.base_version, title = excluded.title, content = excluded.content,"
        " content_format = excluded.content_format, excerpt = excluded.excerpt, fields = excluded.fields,"
        " choices = excluded.choices, updated_at = excluded.updated_at",
        new_id(),
        user,
        place,
        post_id,
        post_type,
        writer,
        base_version,
        data.title,
        data.content,
        data.content_format,
        data.excerpt,
        json.dumps([list(pair) for pair in data.fields], ensure_ascii=False),
        msgspec.json.encode(dict(data.choices)).decode(),
        now(),
        now(),
    )


async def _kept(user: UUID, place: str) -> Copy:
    found = await _find(user, place)
    if found is None:
        raise VitralError("A copy that was just written is not there.")
    return found


async def _find(user: UUID, place: str) -> Copy | None:
    rows = await execute(
        f"SELECT {_LIST}, content, excerpt, fields, choices FROM post_autosaves"  # noqa: S608  # written here
        " WHERE tenant_id = {tenant} AND user_id = {} AND place = {}",
        user,
        place,
    )
    return _copy(rows[0]) if rows else None


def _copy(row: Mapping[str, Any]) -> Copy:
    return Copy(
        id=row["id"],
        place=row["place"],
        post_id=row["post_id"],
        post_type=row["post_type"],
        base_version=row["base_version"],
        writer=row["writer"],
        title=row["title"],
        content=row.get("content", ""),
        content_format=row["content_format"],
        excerpt=row.get("excerpt", ""),
        fields=tuple((name, value) for name, value in json.loads(row.get("fields", "[]"))),
        choices=json.loads(row.get("choices", "{}")),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


async def own_copy(post_id: UUID | None = None, *, new: tuple[str, str] | None = None) -> Copy | None:
    """Return what the current person wrote and did not save of a post, or of a new text; None if nothing."""
    if current_actor().kind != "user":
        return None
    if post_id is not None:
        return await _find(_own(), str(post_id))
    return await _find(_own(), place_of_new(*new)) if new is not None else None


async def new_copies(post_type: str) -> tuple[Copy, ...]:
    """Return the current person's texts of a type that were never saved, without their content, newest first."""
    rows = await execute(
        f"SELECT {_LIST} FROM post_autosaves WHERE tenant_id = {{tenant}} AND user_id = {{}}"  # noqa: S608  # written here
        " AND post_id IS NULL AND post_type = {} ORDER BY updated_at DESC, id",
        _own(),
        post_type,
    )
    return tuple(_copy(row) for row in rows)


async def drop_copy(post_id: UUID | None = None, *, new: tuple[str, str] | None = None) -> None:
    """Throw the current person's copy of a post, or of a new text, away: it was saved, or is not wanted."""
    if current_actor().kind != "user":
        return
    place = str(post_id) if post_id is not None else ":".join(("new", *(new or ())))
    async with tenant_work():
        await PostAutosave.delete().where(PostAutosave.user_id == _own(), PostAutosave.place == place)


async def _forget_most(user: UUID) -> None:
    """Keep the latest of a person's new texts only."""
    await execute(
        "DELETE FROM post_autosaves WHERE tenant_id = {tenant} AND user_id = {} AND post_id IS NULL AND id IN ("
        " SELECT id FROM post_autosaves WHERE tenant_id = {tenant} AND user_id = {} AND post_id IS NULL"
        " ORDER BY updated_at DESC, id LIMIT 1000 OFFSET {})",
        user,
        user,
        _MOST_NEW,
    )


async def forget_copies() -> None:
    """Delete copies that nobody wrote on for a month, inside the unit in progress."""
    await PostAutosave.delete().where(PostAutosave.updated_at < now() - _LIFE)


async def _find_of(email: str) -> Sequence[UUID]:
    people = await accounts_of(email)
    if not people:
        return ()
    rows = await PostAutosave.select(PostAutosave.id).where(PostAutosave.user_id.is_in(list(people)))
    return [row["id"] for row in rows]


async def _export(ids: Sequence[UUID]) -> Sequence[Mapping[str, Any]]:
    shown = (
        PostAutosave.title,
        PostAutosave.content,
        PostAutosave.excerpt,
        PostAutosave.created_at,
        PostAutosave.updated_at,
    )
    rows = await PostAutosave.select(*shown).where(PostAutosave.id.is_in(list(ids))).order_by(PostAutosave.id)
    return [msgspec.to_builtins(row) for row in rows]


async def _erase(ids: Sequence[UUID]) -> int:
    await PostAutosave.delete().where(PostAutosave.id.is_in(list(ids)))
    return len(ids)


COPIES: Final = PersonalDataProvider(
    name="copies", title="Texts that were not saved", find=_find_of, export=_export, erase=_erase
)
