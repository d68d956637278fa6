"""Files as values, in batches."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from core.contract.views import MediaView
from core.db import execute
from core.media.addresses import media_url
from core.media.renditions import rendition_views

__all__ = [
    "MEDIA_COLUMNS",
    "MediaItem",
    "item_columns",
    "joined_media_view",
    "media_item",
    "media_view",
    "media_views",
    "media_views_by_number",
]

_COLUMNS: Final = (
    "id",
    "number",
    "title",
    "filename",
    "file_path",
    "source_url",
    "mime_type",
    "alt_text",
    "decorative",
    "caption",
    "description",
    "width",
    "height",
    "focal_x",
    "focal_y",
    "renditions",
    "access_level",
)
_ITEM: Final = (
    "original_filename",
    "file_size",
    "stored_bytes",
    "attachment_type",
    "processing",
    "crop",
    "intake",
    "encryption_status",
    "post_id",
    "uploaded_by_id",
    "created_at",
    "updated_at",
    "version",
)
_PREFIX: Final = "media_"
_CHUNK: Final = 500

MEDIA_COLUMNS: Final = ", ".join(f"media.{name} AS {_PREFIX}{name}" for name in _COLUMNS)
"""What a query that joins `media` selects for `joined_media_view`."""


class MediaItem(msgspec.Struct, frozen=True, kw_only=True):
    """A file as those who look after the library see it."""

    view: MediaView
    alt_text: str
    """As written, also where it is decorative."""
    filename: str
    """The last part of its address; "" for one that lies elsewhere."""
    original_filename: str
    kind: str
    """image, video, audio or document."""
    file_size: int
    stored_bytes: int
    processing: str
    crop: tuple[int, int, int, int] | None
    intake: str
    sealed: bool
    remote: bool
    """Its bytes lie elsewhere: it came with an import that did not fetch them."""
    access_level: str
    post_id: UUID | None
    uploaded_by_id: UUID
    uploaded_by: str
    """Name of whose it is."""
    created_at: datetime
    updated_at: datetime
    version: int
    ext: Mapping[str, Any] = {}
    """What plugins keep with it, by their names; only where one file is asked for."""

    @property
    def id(self) -> UUID:
        """Its id."""
        return self.view.id

    @property
    def number(self) -> int:
        """Its number."""
        return self.view.number

    @property
    def thumb(self) -> str:
        """Address of a small square picture of it, "" if there is none."""
        square = self.view.rendition("square", 320)
        if square is not None:
            return square.url
        return self.view.url if self.kind == "image" and not self.sealed else ""


def item_columns() -> str:
    """Return what a query on `media`, with `users` joined, selects for `media_item`."""
    own = ", ".join(f"media.{name}" for name in (*_COLUMNS, *_ITEM))
    return f"{own}, users.display_name AS uploader_name, users.username AS uploader_login"


def media_view(row: Mapping[str, Any], prefix: str = "") -> MediaView:
    """Return a row of `media` as a view."""
    number, filename = row[prefix + "number"], row[prefix + "filename"]
    return MediaView(
        id=row[prefix + "id"],
        number=number,
        title=row[prefix + "title"],
        url=media_url(number, filename, row[prefix + "file_path"], row[prefix + "source_url"]),
        mime_type=row[prefix + "mime_type"],
        alt="" if row[prefix + "decorative"] else row[prefix + "alt_text"],
        decorative=bool(row[prefix + "decorative"]),
        caption=row[prefix + "caption"],
        description=row[prefix + "description"],
        width=row[prefix + "width"],
        height=row[prefix + "height"],
        focal=(row[prefix + "focal_x"], row[prefix + "focal_y"]),
        renditions=rendition_views(number, filename, row[prefix + "renditions"]),
        access_level=row[prefix + "access_level"],
    )


def media_item(row: Mapping[str, Any]) -> MediaItem:
    """Return a row of `item_columns` as an item."""
    crop = msgspec.json.decode(row["crop"], type=tuple[int, int, int, int]) if row["crop"] else None
    return MediaItem(
        view=media_view(row),
        alt_text=row["alt_text"],
        filename=row["filename"] if row["file_path"] else "",
        original_filename=row["original_filename"],
        kind=row["attachment_type"],
        file_size=row["file_size"],
        stored_bytes=row["stored_bytes"],
        processing=row["processing"],
        crop=crop,
        intake=row["intake"],
        sealed=row["encryption_status"] == "sealed",
        remote=not row["file_path"],
        access_level=row["access_level"],
        post_id=row["post_id"],
        uploaded_by_id=row["uploaded_by_id"],
        uploaded_by=row["uploader_name"] or row["uploader_login"] or "",
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )


def joined_media_view(row: Mapping[str, Any]) -> MediaView | None:
    """Return the file of a row that has `MEDIA_COLUMNS`, None if it has no file."""
    return None if row[_PREFIX + "id"] is None else media_view(row, _PREFIX)


async def media_views(ids: Iterable[UUID]) -> dict[UUID, MediaView]:
    """Return files by id: one query, however many. Unknown ids are left out."""
    return {view.id: view for view in await _load("id", ids)}


async def media_views_by_number(numbers: Iterable[int]) -> dict[int, MediaView]:
    """Return files by number: one query, however many. Unknown numbers are left out."""
    return {view.number: view for view in await _load("number", numbers)}


async def _load(column: str, values: Iterable[Any]) -> list[MediaView]:
    wanted = list(dict.fromkeys(values))
    found: list[MediaView] = []
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        marks = ", ".join(["{}"] * len(chunk))
        rows = await execute(
            f"SELECT {', '.join(_COLUMNS)} FROM media"  # noqa: S608  # names that stand above
            f" WHERE tenant_id = {{tenant}} AND {column} IN ({marks})",
            *chunk,
        )
        found += [media_view(row) for row in rows]
    return found
