"""What the library does with files beside their form: take them, crop, replace, link, and let them go."""

from datetime import timedelta
from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from core.admin.confirm import confirm_first
from core.admin.flash import flash
from core.admin.media_view import library
from core.admin.shell import AnyRequest, Crumb, go, screen
from core.admin.view_routes import view_handlers
from core.errors import BadRequest, Invalid, NotFound, VitralError
from core.http import form_of, safe_next
from core.i18n import gettext as _
from core.i18n import ngettext
from core.media import (
    MAX_UPLOAD,
    crop_media,
    delete_media,
    get_items,
    media_usages,
    open_whole,
    receive_media,
    replace_media,
    signed_media_url,
)
from core.text import whole_number

__all__ = ["handlers"]

_MANY: Final = {"capability": "upload_files", "accepts": ("multipart",), "body_limit": 3 * MAX_UPLOAD}
_ONE: Final = {**_MANY, "body_limit": MAX_UPLOAD + 100_000}
_FORM: Final = {"capability": "upload_files"}
_MOST: Final = 200
_LIVES: Final = {"10": timedelta(minutes=10), "1440": timedelta(days=1), "10080": timedelta(days=7)}


@post("/admin/media/add", opt=_MANY, include_in_schema=False)
async def add(request: AnyRequest) -> Response[Any]:
    """Keep the files of a form that was sent without a script."""
    files = [upload for name, upload in form_of(request).files if name == "files" and upload.filename]
    if not files:
        flash(request, _("Choose a file first."), "warning")
        return go(request, library.path)
    taken = 0
    number = 0
    for upload in files:
        try:
            number = (await receive_media(upload.file, upload.filename)).number
            taken += 1
        except VitralError as error:
            if error.status >= 500 and error.status != 507:
                raise
            flash(request, f"{upload.filename[:200]}: {_why(error)}", "error")
    if taken:
        flash(
            request,
            ngettext("%(count)d file was uploaded.", "%(count)d files were uploaded.", taken)
            % {"count": taken},
        )
    return go(request, f"{library.path}/{number}" if taken == len(files) == 1 else library.path)


def _why(error: VitralError) -> str:
    return " ".join(error.errors.values()) if isinstance(error, Invalid) else str(error)


@post("/admin/media/delete", opt=_FORM, include_in_schema=False, before_request=confirm_first)
async def delete(request: AnyRequest) -> Response[Any]:
    """Say where files are shown, and delete them once somebody read that."""
    form = form_of(request)
    numbers = list(dict.fromkeys(filter(None, (whole_number(key, digits=18) for key in form.all("ids")))))
    if len(numbers) > _MOST:
        raise BadRequest(_("Choose at most %(most)d entries at a time.") % {"most": _MOST})
    back = safe_next(form.get("_next"), library.path)
    items = await get_items(numbers)
    if not items:
        flash(request, _("Nothing was chosen."), "warning")
        return go(request, back)
    if not form.get("_confirmed"):
        usages = await media_usages([item.view for item in items])
        return await screen(
            request,
            "admin/media/delete.html",
            key=library.menu_key,
            title=ngettext("Delete %(count)d file", "Delete %(count)d files", len(items))
            % {"count": len(items)},
            crumbs=(Crumb(_(library.title), library.path),),
            items=items,
            usages=usages,
            used=sum(bool(usages[item.id]) for item in items),
            back=back,
        )
    gone = 0
    for item in items:
        try:
            await delete_media(item.id)
            gone += 1
        except VitralError as error:
            if error.status >= 500 or error.status == 401:
                raise
            flash(request, f"{library.label(item)}: {error}", "error")
    if gone:
        flash(
            request,
            ngettext("%(count)d file was deleted.", "%(count)d files were deleted.", gone) % {"count": gone},
        )
    return go(request, library.path)


@get("/admin/media/{key:str}/whole", opt=_FORM, include_in_schema=False)
async def whole(key: FromPath[str]) -> Stream:
    """Show a picture as it was before it was cropped, to those who may crop it."""
    file = await open_whole((await library.get(key)).id)
    return Stream(
        file.read(0, file.size),
        media_type=file.mime_type,
        headers={
            "content-length": str(file.size),
            "content-security-policy": "sandbox; default-src 'none'",
            "cache-control": "private, no-store",
        },
    )


@post("/admin/media/{key:str}/crop", opt=_FORM, include_in_schema=False)
async def crop(request: AnyRequest, key: FromPath[str]) -> Response[Any]:
    """Show a part of a picture only, or all of it again."""
    item = await library.get(key)
    form = form_of(request)
    box = None
    if form.get("_action") != "whole":
        left, top, width, height = (
            whole_number(form.get(name)) for name in ("left", "top", "width", "height")
        )
        box = (left, top, width, height)
    try:
        await crop_media(item.id, box)
        flash(
            request,
            _("The picture shows all of itself again.") if box is None else _("The picture was cropped."),
        )
    except Invalid as error:
        flash(request, _why(error), "error")
    return go(request, library.row_path(item))


@post("/admin/media/{key:str}/replace", opt=_ONE, include_in_schema=False)
async def replace(request: AnyRequest, key: FromPath[str]) -> Response[Any]:
    """Put another file in the place of one."""
    item = await library.get(key)
    upload = form_of(request).file("file")
    if upload is None or not upload.filename:
        flash(request, _("Choose a file first."), "warning")
        return go(request, library.row_path(item))
    try:
        await replace_media(item.id, upload.file, upload.filename)
        flash(request, _("The file was replaced. Its address is the same."))
    except VitralError as error:
        if error.status not in (413, 422, 507):
            raise
        flash(request, _why(error), "error")
    return go(request, library.row_path(item))


@post("/admin/media/{key:str}/link", opt=_FORM, include_in_schema=False)
async def link(request: AnyRequest, key: FromPath[str]) -> Response[Any]:
    """Make an address that opens a file for a while."""
    item = await library.get(key)
    life = _LIVES.get(form_of(request).get("life"))
    if life is None or item.remote:
        raise NotFound(_("There is nothing of this name to do here."))
    address = await signed_media_url(item.view, life)
    base = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    return await screen(
        request,
        "admin/media/link.html",
        key=library.menu_key,
        title=_("Link to “%(what)s”") % {"what": library.label(item)},
        crumbs=(Crumb(_(library.title), library.path), Crumb(library.label(item), library.row_path(item))),
        address=base + address,
        back=library.row_path(item),
    )


handlers: list[Any] = [*view_handlers(library), add, delete, whole, crop, replace, link]
