"""Files over the API: `/media`."""

from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import Request, Response, delete, get, patch, post, put
from litestar.params import JSONBody
from msgspec import UNSET, Meta

from core.api.changes import begin_change
from core.api.document import PARAMETERS
from core.api.index import BASE
from core.api.inputs import MediaChanges
from core.api.lookups import id_of
from core.api.names import api_names
from core.api.paging import base_url, page_answer, read_cursor, write_cursor
from core.api.parameters import (
    ListParameters,
    NoParameters,
    Number,
    NumberIn,
    SearchText,
    read_parameters,
)
from core.api.present import whole_url
from core.api.problems import READS, WRITES, may_answer
from core.api.respond import answer, created
from core.api.shapes import MediaOut, MediaPage, RenditionOut
from core.contract.content import ListingPosition
from core.errors import Conflict, Invalid
from core.http import form_of
from core.i18n import gettext as _
from core.media import (
    MAX_UPLOAD,
    MediaData,
    MediaItem,
    MediaPosition,
    MediaQuery,
    delete_media,
    get_item_by_number,
    list_media,
    receive_media,
    replace_media,
    update_media,
)

__all__ = ["media_routes"]

AnyRequest = Request[Any, Any, Any]

_READ: Final = {"capability": "upload_files"}
_BODY_LIMIT: Final = 200_000
_FILE: Final = {"capability": "upload_files", "accepts": ("multipart",), "body_limit": MAX_UPLOAD + 100_000}
_LISTING: Final = "media"


class MediaListParameters(ListParameters, kw_only=True, frozen=True):
    """What a list of files takes."""

    search: SearchText = ""
    kind: Annotated[
        Literal["", "image", "video", "audio", "document"], Meta(description="Only files of this kind.")
    ] = ""
    post: Annotated[NumberIn | None, Meta(description="Number of the post that they were uploaded for.")] = (
        None
    )
    order: Annotated[Literal["created", "title"], Meta(description="What they are ordered by.")] = "created"
    direction: Annotated[Literal["asc", "desc"], Meta(description="Which way.")] = "desc"


def _out(item: MediaItem, base: str) -> MediaOut:
    view = item.view
    return MediaOut(
        id=view.id,
        number=view.number,
        title=view.title,
        url=whole_url(base, view.url),
        mime_type=view.mime_type,
        kind=item.kind,
        size=item.file_size,
        width=view.width,
        height=view.height,
        alt=item.alt_text,
        decorative=view.decorative,
        caption=view.caption,
        description=view.description,
        focal_x=view.focal[0],
        focal_y=view.focal[1],
        access_level=view.access_level,
        filename=item.filename or item.original_filename,
        processing=item.processing,
        renditions=[
            RenditionOut(
                shape=one.shape,
                width=one.width,
                height=one.height,
                mime_type=one.mime_type,
                url=whole_url(base, one.url),
            )
            for one in view.renditions
        ],
        created_at=item.created_at,
        updated_at=item.updated_at,
        version=item.version,
        ext=dict(item.ext),
    )


@get(
    "/",
    opt={**_READ, PARAMETERS: MediaListParameters},
    responses=may_answer(*READS),
    summary="List files",
)
async def list_of_media(request: AnyRequest) -> Response[MediaPage]:
    """List the files of the library that one may see, the newest first unless told otherwise."""
    asked = read_parameters(request, MediaListParameters)
    order = f"{asked.order}:{asked.direction}"
    position = read_cursor(asked.cursor, _LISTING, order)
    found = await list_media(
        MediaQuery(
            search=asked.search,
            kind=asked.kind,
            post_id=await id_of("posts", asked.post) if asked.post is not None else None,
            order=asked.order,
            ascending=asked.direction == "asc",
            per_page=asked.limit,
            position=MediaPosition(position.value, position.id) if position is not None else None,  # type: ignore[arg-type]  # as it was written below
            count=False,
        )
    )
    items = [_out(item, base_url(request)) for item in found.items]
    if found.next is None:
        return answer(request, MediaPage(items=items))
    return page_answer(
        request, items, write_cursor(_LISTING, order, ListingPosition(found.next.value, found.next.id))
    )


@get("/{number:int}", opt=_READ, responses=may_answer(*READS), summary="One file")
async def get_one_file(request: AnyRequest, number: Number) -> Response[MediaOut]:
    """Return what the library knows of a file."""
    read_parameters(request, NoParameters)
    return answer(request, _out(await get_item_by_number(number), base_url(request)))


@post("/", opt=_FILE, responses=may_answer(*WRITES), summary="Upload a file")
async def post_file(request: AnyRequest) -> Response[MediaOut]:
    """Keep a file: `multipart/form-data` with the field `file`. What is said of it follows with PATCH."""
    await begin_change(request, NoParameters)
    upload = form_of(request).file("file")
    if upload is None:
        raise Invalid({"file": _("Choose a file first.")})
    view = await receive_media(upload.file, upload.filename)
    base = base_url(request)
    item = await get_item_by_number(view.number)
    return created(request, _out(item, base), f"{base}{BASE}/media/{view.number}")


@put("/{number:int}/file", opt=_FILE, responses=may_answer(*WRITES), summary="Replace a file")
async def put_file(request: AnyRequest, number: Number) -> Response[MediaOut]:
    """Put another file of the same kind in the place of one: number and address stay."""
    await begin_change(request, NoParameters)
    item = await get_item_by_number(number)
    upload = form_of(request).file("file")
    if upload is None:
        raise Invalid({"file": _("Choose a file first.")})
    await replace_media(item.id, upload.file, upload.filename)
    return answer(request, _out(await get_item_by_number(number), base_url(request)))


@patch(
    "/{number:int}",
    opt={**_READ, "body_limit": _BODY_LIMIT},
    responses=may_answer(*WRITES),
    summary="Describe a file",
)
async def patch_file(request: AnyRequest, number: Number, data: JSONBody[MediaChanges]) -> Response[MediaOut]:
    """Change what is said of a file."""
    await begin_change(request, NoParameters)
    item = await get_item_by_number(number)
    focal: Any = UNSET
    if data.focal_x is not UNSET or data.focal_y is not UNSET:
        focal = (
            item.view.focal[0] if data.focal_x is UNSET else data.focal_x,
            item.view.focal[1] if data.focal_y is UNSET else data.focal_y,
        )
    about = MediaData(
        title=data.title,
        alt=data.alt,
        decorative=data.decorative,
        caption=data.caption,
        description=data.description,
        access_level=data.access_level,
        focal=focal,
        ext=data.ext,
    )
    base = base_url(request)
    try:
        with api_names():
            await update_media(item.id, about, version=data.version)
    except Conflict as error:
        current = msgspec.to_builtins(_out(await get_item_by_number(number), base))
        raise Conflict(
            error.message, hint=error.hint, current=current, yours=msgspec.to_builtins(data)
        ) from None
    return answer(request, _out(await get_item_by_number(number), base))


@delete("/{number:int}", opt=_READ, status_code=204, responses=may_answer(*WRITES), summary="Delete a file")
async def delete_file(request: AnyRequest, number: Number) -> None:
    """Delete a file for good, also where something shows it."""
    await begin_change(request, NoParameters)
    await delete_media((await get_item_by_number(number)).id)


media_routes = [list_of_media, get_one_file, post_file, put_file, patch_file, delete_file]
