"""Files as values, in batches."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from core.contract.views import MediaView
from core.db import execute

__all__ = [
    "MEDIA_COLUMNS",
    "joined_media_view",
    "media_url",
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
    "caption",
    "description",
    "width",
    "height",
)
_PREFIX: Final = "media_"
_CHUNK: Final = 500

MEDIA_COLUMNS: Final = ", ".join(f"media.{name} AS {_PREFIX}{name}" for name in _COLUMNS)
"""What a query that joins `media` selects for `joined_media_view`."""


def media_url(number: int, filename: str, file_path: str, source_url: str) -> str:
    """Return the address of a file: ours, or where it lies."""
    return f"/media/{number}/{filename}" if file_path else source_url


def media_view(row: Mapping[str, Any], prefix: str = "") -> MediaView:
    """Return a row of `media` as a view."""
    return MediaView(
        id=row[prefix + "id"],
        number=row[prefix + "number"],
        title=row[prefix + "title"],
        url=media_url(
            row[prefix + "number"],
            row[prefix + "filename"],
            row[prefix + "file_path"],
            row[prefix + "source_url"],
        ),
        mime_type=row[prefix + "mime_type"],
        alt=row[prefix + "alt_text"],
        caption=row[prefix + "caption"],
        description=row[prefix + "description"],
        width=row[prefix + "width"],
        height=row[prefix + "height"],
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
