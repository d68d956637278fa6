"""The library: its list as a grid or a table, and the form of one file."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final

from babel.dates import format_date
from msgspec import UNSET, Meta, Struct

from core.admin.pieces import Column, Empty, Filter, Option, Query, Rows
from core.admin.view import AdminView
from core.contract.views import MediaView
from core.errors import NotFound
from core.http import line_of, text_of
from core.i18n import gettext as _
from core.i18n import language
from core.media import (
    KINDS,
    MAX_UPLOAD,
    MOST_COUNTED,
    MediaData,
    MediaItem,
    MediaQuery,
    get_item_by_number,
    level_titles,
    list_media,
    may_change,
    media_months,
    media_room,
    media_usages,
    update_media,
)
from core.text import whole_number

__all__ = ["Library", "MediaForm", "library"]

_KINDS: Final = {"image": "Pictures", "video": "Videos", "audio": "Sound", "document": "Documents"}
_MOST_SHOWN: Final = 10_000


class MediaForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of a file."""

    title: Annotated[str, line_of(255), Meta(title="Title")] = ""
    alt: Annotated[
        str,
        line_of(500),
        Meta(
            title="Alternative text",
            description="What the picture shows, for people who can't see it. It is read out in its place.",
        ),
    ] = ""
    decorative: Annotated[
        bool,
        Meta(
            title="Decorative",
            description="It says nothing that the text beside it does not: readers of screens pass over it.",
        ),
    ] = False
    caption: Annotated[
        str, text_of(10_000), Meta(title="Caption", extra_json_schema={"widget": "textarea"})
    ] = ""
    description: Annotated[
        str, text_of(50_000), Meta(title="Description", extra_json_schema={"widget": "textarea"})
    ] = ""
    access_level: Annotated[str, Meta(title="Who may see it", max_length=20)] = "public"
    focal_x: Annotated[
        int,
        Meta(
            title="Focal point: from the left, in percent",
            description="What must stay in sight where the picture is cropped.",
            ge=0,
            le=100,
            extra_json_schema={"width": "half"},
        ),
    ] = 50
    focal_y: Annotated[
        int,
        Meta(title="Focal point: from above, in percent", ge=0, le=100, extra_json_schema={"width": "half"}),
    ] = 50


async def _kinds() -> Sequence[Option]:
    return [Option(kind, _(_KINDS[kind])) for kind in KINDS]


async def _months() -> Sequence[Option]:
    return [
        Option(f"{month:%Y-%m}", format_date(month, "MMMM y", locale=language().replace("-", "_")))
        for month in await media_months()
    ]


def _month(text: str) -> date | None:
    year, _hyphen, month = text.partition("-")
    found = whole_number(year, digits=4), whole_number(month, digits=2)
    return date(found[0], found[1], 1) if 1000 <= found[0] <= 9998 and 1 <= found[1] <= 12 else None


class Library(AdminView[MediaItem, MediaForm]):
    """Files of the site."""

    name = "media"
    title, singular = "Media", "File"
    capability = "upload_files"
    icon, section, position = "image", "content", 12
    searchable = True
    per_page = 40
    default_sort = "-created"
    filters = (
        Filter(name="kind", title="All kinds", options=_kinds),
        Filter(name="month", title="All months", options=_months),
        Filter(name="view", title="View"),
    )
    columns = (
        Column(name="title", title="File", sort=True, value=lambda row: row.view.title),
        Column(name="created", title="Came in", sort=True, value=lambda row: row.created_at),
    )
    empty = Empty(title="No files yet", text="Drop some here, or choose them with the button above.")
    form = MediaForm
    list_template = "admin/media/library.html"
    rows_template = "admin/media/rows.html"
    form_template = "admin/media/edit.html"

    async def rows(self, query: Query) -> Rows[MediaItem]:
        """Return one page of the library."""
        kind = query.filters.get("kind", "")
        found = await list_media(
            MediaQuery(
                search=query.search,
                kind=kind if kind in KINDS else "",
                month=_month(query.filters.get("month", "")),
                order="title" if query.sort == "title" else "created",
                ascending=not query.descending,
                page=query.page,
                per_page=self.per_page,
            )
        )
        narrowed = bool(query.search or kind or query.filters.get("month"))
        capped = narrowed and found.total > MOST_COUNTED
        most = MOST_COUNTED if capped else min(found.total, _MOST_SHOWN)
        return Rows(found.items, most, capped=capped or found.total > most)

    async def get(self, key: str) -> MediaItem:
        """Return a file by its number."""
        number = whole_number(key, digits=18)
        if not number:
            raise NotFound(_("There is no such file here."))
        return await get_item_by_number(number)

    @property
    def extends(self) -> tuple[str, str]:
        """What plugins keep with files."""
        return "media", ""

    async def kept(self, row: MediaItem) -> tuple[MediaView, Mapping[str, Any]]:
        """Return the file, and what plugins keep with it."""
        return row.view, row.ext

    async def change(self, row: MediaItem, data: MediaForm, version: int | None) -> MediaItem:
        """Change what is said of a file."""
        return await self.change_extended(row, data, {}, version)

    async def change_extended(
        self, row: MediaItem, data: MediaForm, ext: Mapping[str, Any], version: int | None
    ) -> MediaItem:
        """Change what is said of a file, and what plugins keep with it."""
        about = MediaData(
            title=data.title,
            alt=data.alt,
            decorative=data.decorative,
            caption=data.caption,
            description=data.description,
            access_level=data.access_level,
            focal=(data.focal_x, data.focal_y),
            ext=dict(ext) or UNSET,
        )
        await update_media(row.id, about, version=version)
        return await self.get(self.key(row))

    def values(self, row: MediaItem) -> MediaForm:
        """Return the form's values for a file."""
        view = row.view
        return MediaForm(
            title=view.title,
            alt=row.alt_text,
            decorative=view.decorative,
            caption=view.caption,
            description=view.description,
            access_level=view.access_level,
            focal_x=view.focal[0],
            focal_y=view.focal[1],
        )

    def key(self, row: MediaItem) -> str:
        """Return a file's number."""
        return str(row.number)

    def label(self, row: MediaItem) -> str:
        """Return what a file is called."""
        return row.view.title or row.original_filename or _("Untitled")

    async def options(self, field: str) -> Sequence[Option] | None:
        """Return the levels of access."""
        if field != "access_level":
            return None
        return [Option(name, title) for name, title in level_titles().items()]

    async def context(self, row: MediaItem | None) -> dict[str, Any]:
        """Return what the library's own templates show."""
        if row is None:
            return {"room": await media_room(), "limit": MAX_UPLOAD // 1_000_000}
        usages = await media_usages([row.view])
        return {
            "item": row,
            "usages": usages[row.id],
            "changes": await may_change(row),
            "limit": MAX_UPLOAD // 1_000_000,
        }


library = Library()
