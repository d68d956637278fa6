"""Keeping files, describing them, and letting them go."""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any, Final
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from core.accounts import record, require
from core.clock import now
from core.context import current_actor, current_tenant
from core.contract.views import MediaView
from core.db import execute, next_number, tally, tenant_work
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.http import check_text
from core.i18n import gettext as _
from core.media.access import known_levels
from core.media.folder import current_media
from core.media.inspect import MAX_BYTES, Inspected, inspect_file
from core.media.tables import Media
from core.media.views import MediaItem, item_columns, media_item, media_view
from core.text import search_text, slugify

__all__ = [
    "MAX_UPLOAD",
    "MediaData",
    "RemoteMedia",
    "create_media",
    "create_remote_media",
    "delete_media",
    "get_item",
    "get_media",
    "receive_media",
    "update_media",
]

MAX_UPLOAD: Final = MAX_BYTES
_LIMITS = {"title": 255, "alt": 500, "caption": 10_000, "description": 50_000}
_COLUMNS = {
    "title": Media.title,
    "alt": Media.alt_text,
    "caption": Media.caption,
    "description": Media.description,
    "access_level": Media.access_level,
}


class MediaData(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a file: set fields change, unset ones stay. All of it is plain text."""

    title: str | UnsetType = UNSET
    alt: str | UnsetType = UNSET
    caption: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    access_level: str | UnsetType = UNSET


class RemoteMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an import that lies elsewhere for now."""

    source_url: str
    mime_type: str = ""
    title: str = ""
    slug: str = ""
    alt: str = ""
    caption: str = ""
    description: str = ""
    uploaded_by_id: UUID | None = None
    post_id: UUID | None = None
    created_at: datetime | None = None
    width: int | None = None
    height: int | None = None


def _values(data: MediaData) -> dict[str, str]:
    values = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}
    errors: dict[str, str] = {}
    for name, limit in _LIMITS.items():
        text = values.get(name, "")
        wrong = check_text(text, "line" if name in ("title", "alt") else "text")
        if wrong is None and len(text) > limit:
            wrong = _("This is longer than {limit} characters.").format(limit=limit)
        if wrong is not None:
            errors[name] = wrong
    if values.get("access_level", "public") not in known_levels():
        errors["access_level"] = _("There is no such level of access: {known}.").format(
            known=", ".join(known_levels())
        )
    if errors:
        raise Invalid(errors)
    return values


def _uploader(given: UUID | None = None) -> UUID:
    uploader = given or current_actor().id
    if uploader is None:
        raise Forbidden(_("A file belongs to the person who brings it, and nobody is signed in."))
    return uploader


async def receive_media(
    file: IO[bytes], filename: str, about: MediaData | None = None, *, uploaded_by_id: UUID | None = None
) -> MediaView:
    """Keep an uploaded file in the library, as `create_media` does.

    Args:
        file: It, open for reading.
        filename: What it is called where it comes from; only the address is made from it.
        about: Title, alternative text and so on.
        uploaded_by_id: Whose it is, where the shell or a job acts for somebody.

    Raises:
        Forbidden: The actor may not upload.
        TooLarge: It has too many bytes or pixels.
        Invalid: It is damaged, of no kind that is taken, or what is said of it can't be stored.
    """
    data = await asyncio.to_thread(file.read, MAX_UPLOAD + 1)
    return await create_media(data, filename, about, uploaded_by_id=uploaded_by_id)


async def get_item(media_id: UUID) -> MediaItem:
    """Return a file as those who look after the library see it.

    Raises:
        NotFound: There is none on this site.
    """
    await require("upload_files")
    rows = await execute(
        f"SELECT {item_columns()} FROM media"  # noqa: S608  # names that stand in this room
        " LEFT JOIN users ON users.tenant_id = media.tenant_id AND users.id = media.uploaded_by_id"
        " WHERE media.tenant_id = {tenant} AND media.id = {}",
        media_id,
    )
    if not rows:
        raise NotFound(_("There is no such file here."))
    return media_item(rows[0])


async def create_media(
    data: bytes, filename: str, about: MediaData | None = None, *, uploaded_by_id: UUID | None = None
) -> MediaView:
    """Keep a file in the library.

    Args:
        data: Its bytes.
        filename: What it is called where it comes from; only the address is made from it.
        about: Title, alternative text and so on; the title is made from the name if none is given.
        uploaded_by_id: Whose it is, where the shell or a job acts for somebody.

    Raises:
        Forbidden: The actor may not upload.
        TooLarge: It has too many bytes or pixels.
        Invalid: It is damaged, of no kind that is taken, or what is said of it can't be stored.
    """
    await require("upload_files")
    uploader = _uploader(uploaded_by_id if current_actor().kind in ("cli", "job") else None)
    values = _values(about or MediaData())
    found = await asyncio.to_thread(inspect_file, data)
    stem = PurePosixPath(filename.replace("\\", "/")).stem[:200]
    slug = slugify(values.get("title") or stem, limit=180) or "file"
    folder, tenant = current_media(), current_tenant().id
    path = await asyncio.to_thread(folder.write, tenant, data, found.extension)
    row = {
        "title": values.get("title") or (stem if check_text(stem, "line") is None else slug),
        "slug": slug,
        "filename": f"{slug}.{found.extension}",
        "original_filename": filename[:255] if check_text(filename[:255], "line") is None else slug,
        "file_size": len(data),
        "file_path": path,
        "digest": hashlib.sha256(data).hexdigest(),
        "alt_text": values.get("alt", ""),
        "caption": values.get("caption", ""),
        "description": values.get("description", ""),
        "access_level": values.get("access_level", "public"),
        "uploaded_by_id": uploader,
        **_kind(found),
    }
    try:
        return await _insert(row, "media.create")
    except BaseException:
        folder.remove(tenant, path)
        raise


def _kind(found: Inspected) -> dict[str, Any]:
    return {
        "mime_type": found.mime_type,
        "attachment_type": found.kind,
        "width": found.width,
        "height": found.height,
    }


async def create_remote_media(data: RemoteMedia) -> MediaView:
    """Take a file of an import into the library without its bytes: views lead to where it lies.

    Raises:
        Forbidden: The actor may not import.
        Invalid: The address is no http or https address, or is too long.
    """
    await require("import")
    if not data.source_url.startswith(("http://", "https://")) or len(data.source_url) > 1000:
        raise Invalid(
            {"source_url": _("This is no address of a file: {url}").format(url=data.source_url[:200])}
        )
    name = PurePosixPath(data.source_url.partition("?")[0]).name[:255]
    major = data.mime_type.partition("/")[0]
    row: dict[str, Any] = {
        "title": data.title[:255],
        "slug": slugify(data.slug or name) or "file",
        "filename": name,
        "original_filename": name,
        "mime_type": data.mime_type[:100],
        "source_url": data.source_url,
        "alt_text": data.alt[:500],
        "caption": data.caption,
        "description": data.description,
        "attachment_type": major if major in ("image", "video", "audio") else "document",
        "width": data.width,
        "height": data.height,
        "post_id": data.post_id,
        "uploaded_by_id": _uploader(data.uploaded_by_id),
    }
    if data.created_at is not None:
        row["created_at"] = data.created_at
    return await _insert(row, "media.import")


async def _insert(row: Mapping[str, Any], action: str) -> MediaView:
    words = ("title", "original_filename", "alt_text", "caption", "description")
    async with tenant_work():
        media = Media(
            number=await next_number("media"), search_text=search_text(*(row[name] for name in words)), **row
        )
        await Media.insert(media)
        tally({"media": 1})
        await record(
            action,
            resource_type="media",
            resource_id=media.id,
            after={"type": media.mime_type, "bytes": media.file_size},
        )
        return media_view(media.to_dict())


async def get_media(media_id: UUID) -> dict[str, Any]:
    """Return everything that the library knows of a file, for its edit screen.

    Raises:
        NotFound: There is none on this site.
    """
    await require("upload_files")
    return await _row(media_id)


async def _row(media_id: UUID) -> dict[str, Any]:
    rows = await Media.select().where(Media.id == media_id)
    if not rows:
        raise NotFound(_("There is no such file here."))
    return rows[0]


async def _require_own(row: Mapping[str, Any]) -> None:
    await require("upload_files")
    if row["uploaded_by_id"] != current_actor().id:
        await require("edit_others_posts")


async def update_media(media_id: UUID, data: MediaData, *, version: int | None = None) -> MediaView:
    """Change what is said of a file.

    Raises:
        NotFound: There is none on this site.
        Forbidden: It is somebody else's, and the actor may not edit what others brought.
        Invalid: A value can't be stored.
        Conflict: Somebody else changed it first.
    """
    row = await _row(media_id)
    await _require_own(row)
    values = _values(data)
    async with tenant_work():
        query = Media.update(
            {
                **{_COLUMNS[name]: value for name, value in values.items()},
                Media.updated_at: now(),
                Media.version: Media.version + 1,
            }
        ).where(Media.id == media_id)
        if version is not None:
            query = query.where(Media.version == version)
        written = await query.returning(*Media.all_columns())
        if not written:
            raise Conflict(
                _("Somebody else changed this file's description first."), current=row, yours=values
            )
        await record(
            "media.update", resource_type="media", resource_id=media_id, detail={"changed": sorted(values)}
        )
    return media_view(written[0])


async def delete_media(media_id: UUID) -> None:
    """Delete a file. Posts that show it as their image go on without one.

    Raises:
        NotFound: There is none on this site.
        Forbidden: It is somebody else's, and the actor may not edit what others brought.
    """
    row = await _row(media_id)
    await _require_own(row)
    folder, tenant = current_media(), current_tenant().id
    async with tenant_work() as work:
        await Media.delete().where(Media.id == media_id)
        tally({"media": -1})
        await record("media.delete", resource_type="media", resource_id=media_id)

        async def remove() -> None:
            if row["file_path"]:
                await asyncio.to_thread(folder.remove, tenant, row["file_path"])

        work.after_commit(remove)
