"""What the picker of files asks for: its dialog, what it shows, and uploading from within it."""

from typing import Any, Final

from litestar import Response, get, post
from msgspec import Struct

from core.admin.shell import AnyRequest, part
from core.errors import Invalid
from core.http import form_of
from core.i18n import gettext as _
from core.media import KINDS, MAX_UPLOAD, MediaItem, MediaQuery, get_item, list_media, receive_media
from core.text import whole_number

__all__ = ["PickerItem", "handlers", "picker_item"]

_PER_PAGE: Final = 40


class PickerItem(Struct, frozen=True, kw_only=True):
    """A file as scripts of the admin know it."""

    number: int
    title: str
    alt: str
    url: str
    thumb: str
    """Address of a small picture of it, "" if there is none."""
    mime_type: str
    width: int | None
    height: int | None
    filename: str


class PickerPage(Struct, frozen=True, kw_only=True):
    """What the picker shows."""

    items: tuple[PickerItem, ...]
    more: bool
    """There is another page."""


def picker_item(item: MediaItem) -> PickerItem:
    """Return a file as scripts of the admin know it."""
    view = item.view
    return PickerItem(
        number=view.number,
        title=view.title,
        alt=view.alt,
        url=view.url,
        thumb=item.thumb,
        mime_type=view.mime_type,
        width=view.width,
        height=view.height,
        filename=item.filename or item.original_filename,
    )


@get("/admin/media/choose", opt={"capability": "upload_files"}, include_in_schema=False)
async def choose(request: AnyRequest) -> PickerPage:
    """Answer with a page of the library as JSON."""
    given = request.query_params
    kind = given.get("kind", "")
    query = MediaQuery(
        search=given.get("q", "").strip()[:200],
        kind=kind if kind in KINDS else "",
        page=min(max(whole_number(given.get("page", "")), 1), 200),
        per_page=_PER_PAGE,
        count=False,
    )
    found = await list_media(query)
    return PickerPage(items=tuple(picker_item(item) for item in found.items), more=found.next is not None)


@get("/admin/media/picker", opt={"capability": "upload_files"}, include_in_schema=False)
async def picker(request: AnyRequest) -> Response[str]:
    """Answer with the dialog, which scripts put into the page when it is first needed."""
    return await part(request, "admin/media/picker.html", limit=MAX_UPLOAD // 1_000_000)


@post(
    "/admin/media/upload",
    opt={"capability": "upload_files", "accepts": ("multipart",), "body_limit": MAX_UPLOAD + 100_000},
    include_in_schema=False,
)
async def upload(request: AnyRequest) -> PickerItem:
    """Keep a file, and answer with it as JSON."""
    given = form_of(request).file("file")
    if given is None:
        raise Invalid({"file": _("Choose a file first.")})
    view = await receive_media(given.file, given.filename)
    return picker_item(await get_item(view.id))


handlers: list[Any] = [choose, picker, upload]
