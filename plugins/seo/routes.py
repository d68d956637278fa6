"""Screens that are no table: redirects as files, and emptying the list of what was not found."""

from typing import Any, Final

from litestar import Request, Response, get, post

from core.admin import flash, go, screen
from core.errors import BadRequest
from core.http import form_of
from core.i18n import gettext as _
from plugins.seo.missing import forget_all
from plugins.seo.redirect_files import (
    MAX_BYTES,
    ImportedRedirects,
    check_redirects,
    export_csv,
    import_csv,
)
from plugins.seo.redirects import MANAGE

__all__ = ["handlers"]

AnyRequest = Request[Any, Any, Any]
_OPT: Final = {"capability": MANAGE}
_FILE: Final = "/admin/seo/redirects/file"


async def _file(
    request: AnyRequest, *, status: int = 200, problem: str = "", report: ImportedRedirects | None = None
) -> Response[str]:
    wants_check = request.query_params.get("check") == "1"
    said = ""
    if report is not None:
        said = _("{added} added, {changed} changed, {same} as they were.").format(
            added=report.added, changed=report.changed, same=report.same
        )
        if report.troubles:
            said += " " + _("{count} could not be taken:").format(count=len(report.troubles))
    return await screen(
        request,
        "seo/admin/file.html",
        key="seo.redirects",
        title=_("Redirects as a file"),
        status=status,
        problem=problem,
        report=report,
        said=said,
        troubles=await check_redirects() if wants_check else None,
    )


@get(_FILE, opt=_OPT, include_in_schema=False)
async def file_screen(request: AnyRequest) -> Response[str]:
    """Show how redirects come in and go out as a file."""
    return await _file(request)


@post(
    _FILE,
    opt={**_OPT, "accepts": ("multipart",), "body_limit": MAX_BYTES + 100_000},
    include_in_schema=False,
)
async def take_file(request: AnyRequest) -> Response[str]:
    """Take redirects from a file."""
    upload = form_of(request).file("file")
    if upload is None:
        return await _file(request, status=422, problem=_("Choose a file first."))
    try:
        report = await import_csv(await upload.read())
    except BadRequest as error:
        return await _file(request, status=422, problem=str(error))
    return await _file(request, report=report)


@get("/admin/seo/redirects/csv", opt=_OPT, include_in_schema=False)
async def give_file(request: AnyRequest) -> Response[str]:
    """Hand all redirects out as a file."""
    return Response(
        await export_csv(),
        media_type="text/csv",
        headers={
            "content-disposition": 'attachment; filename="redirects.csv"',
            "cache-control": "private, no-store",
        },
    )


@post("/admin/seo/missing/empty", opt=_OPT, include_in_schema=False)
async def empty_missing(request: AnyRequest) -> Response[Any]:
    """Empty the list of what was not found."""
    await forget_all()
    flash(request, _("The list is empty."))
    return go(request, "/admin/seo/missing")


handlers = [file_screen, take_file, give_file, empty_missing]
