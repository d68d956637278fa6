"""Taking files into the library."""

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import UUID

import msgspec

from core.accounts import record, require, save_extensions
from core.context import current_actor
from core.contract.views import MediaView
from core.db import next_number, tally, tenant_work
from core.errors import Forbidden, Invalid
from core.hooks import after_commit, do_action
from core.http import check_text
from core.i18n import gettext as _
from core.ids import new_id
from core.jobs import enqueue
from core.media.described import MediaData, described, words_of
from core.media.keeping import keep_files, raised_level
from core.media.quota import check_quota
from core.media.renditions import RENDITIONS_JOB
from core.media.staging import Staged, staged
from core.media.tables import Media
from core.media.views import media_view
from core.text import slugify
from hookspecs import media as hooks

__all__ = ["RemoteMedia", "create_media", "create_remote_media", "receive_media"]


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


async def create_media(
    data: bytes, filename: str, about: MediaData | None = None, *, uploaded_by_id: UUID | None = None
) -> MediaView:
    """Keep bytes in the library, as `receive_media` does with a file."""
    return await receive_media(io.BytesIO(data), filename, about, uploaded_by_id=uploaded_by_id)


async def receive_media(
    file: IO[bytes],
    filename: str,
    about: MediaData | None = None,
    *,
    uploaded_by_id: UUID | None = None,
    post_id: UUID | None = None,
) -> MediaView:
    """Keep an uploaded file in the library.

    Pictures are decoded to the last pixel in a capped process and written anew, upright and without
    metadata; their renditions follow in a job.

    Args:
        file: It, open for reading.
        filename: What it is called where it comes from; only the address is made from it.
        about: Title, alternative text and so on; the title is made from the name if none is given.
        uploaded_by_id: Whose it is, where the shell or a job acts for somebody.
        post_id: The post that it was uploaded for.

    Raises:
        Forbidden: The actor may not upload.
        TooLarge: It has too many bytes.
        Invalid: It is damaged, has too many pixels, is of no kind that is taken, or what is said of it
            can't be stored.
        TookTooMuch: It needs more memory or time than a file may take.
        Refused: The site's room is used up, or a plugin said no.
        StorageFull: The disk is full.
    """
    await require("upload_files")
    about = about or MediaData()
    uploader = _uploader(uploaded_by_id if current_actor().kind in ("cli", "job") else None)
    values = described(about)
    media_id = new_id()
    async with staged(file, filename) as found:
        await check_quota(found.size)
        async with keep_files(found, media_id) as kept:
            row = {
                **_named(filename, values, found),
                **values,
                **kept.columns,
                "uploaded_by_id": uploader,
                "post_id": post_id,
            }
            row["access_level"] = raised_level(row.get("access_level", "public"), found)
            async with tenant_work():
                number = await next_number(
                    "media"
                )  # held until the end, so that two can't share what is left
                await check_quota(kept.bytes)
                view = await insert_row(media_id, number, row, "media.create", about)
                if found.keep is not None:
                    await found.keep(view, found.data)
                if row["processing"] == "waiting":
                    await enqueue(RENDITIONS_JOB, {"id": str(media_id)}, dedup=str(media_id))
            return view


def _named(filename: str, values: Mapping[str, Any], found: Staged) -> dict[str, Any]:
    stem = PurePosixPath(filename.replace("\\", "/")).stem[:200]
    slug = slugify(values.get("title") or stem, limit=180) or "file"
    return {
        "title": values.get("title") or (stem if check_text(stem, "line") is None else slug),
        "slug": slug,
        "filename": f"{slug}.{found.extension}",
        "original_filename": filename[:255] if check_text(filename[:255], "line") is None else slug,
    }


def _uploader(given: UUID | None = None) -> UUID:
    uploader = given or current_actor().id
    if uploader is None:
        raise Forbidden(_("A file belongs to the person who brings it, and nobody is signed in."))
    return uploader


async def insert_row(
    media_id: UUID, number: int, row: Mapping[str, Any], action: str, about: MediaData
) -> MediaView:
    """Write a new file's row inside the unit in progress, and tell those who listen."""
    given = {name: value for name, value in row.items() if value is not None}
    media = Media(id=media_id, number=number, search_text=words_of(dict(row)), **given)
    await Media.insert(media)
    tally({"media": 1, "media.bytes": media.stored_bytes})
    view = media_view(media.to_dict())
    if isinstance(about.ext, dict):
        await save_extensions("media", media_id, about.ext)
    await do_action(hooks.on_media_saving, view, None)
    await record(
        action,
        resource_type="media",
        resource_id=media_id,
        after={"type": media.mime_type, "bytes": media.file_size},
    )
    after_commit(hooks.on_media_saved, view, None)
    return view


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
        "created_at": data.created_at,
    }
    async with tenant_work():
        return await insert_row(new_id(), await next_number("media"), row, "media.import", MediaData())
