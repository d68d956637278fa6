"""What a site answers beside pages: files of the library and robots.txt."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import File, Stream

from core.hooks import apply_filters
from core.media import MediaFile, open_media
from core.site.answers import answer
from core.site.ranges import Unsatisfiable, wanted_range
from core.tenancy import site_settings
from hookspecs import site as hooks

__all__ = ["file_routes"]

AnyRequest = Request[Any, Any, Any]

_OPT = {"capability": "public"}
_YEAR = 31_536_000
_SOON = 300
_SHOWN = ("image/", "audio/", "video/")


@get("/media/{number:int}/{name:str}", opt=_OPT, include_in_schema=False)
async def media(request: AnyRequest, number: FromPath[int], name: FromPath[str]) -> Response[Any]:
    """Hand a file of the library out, whole or the part that is asked for, to those who may see it."""
    file = await open_media(number, name, request.query_params.get("s", ""))
    headers = _media_headers(file)
    etag = headers.get("etag", "")
    if etag and request.headers.get("if-none-match") == etag:
        return Response(None, status_code=304, headers=headers)
    asked = request.headers.get("range", "")
    if request.headers.get("if-range", etag) != etag:
        asked = ""
    try:
        part = wanted_range(asked, file.size)
    except Unsatisfiable:
        return Response(None, status_code=416, headers={**headers, "content-range": f"bytes */{file.size}"})
    inline = file.mime_type.startswith(_SHOWN) and file.mime_type != "image/svg+xml"
    if part is None and file.path is not None:
        return File(
            path=file.path,
            filename=file.filename,
            media_type=file.mime_type,
            content_disposition_type="inline" if inline else "attachment",
            headers=headers,
        )
    first, last = part or (0, file.size - 1)
    headers |= {
        "content-length": str(last - first + 1),
        "content-disposition": f'{"inline" if inline else "attachment"}; filename="{file.filename}"',
    }
    if part is not None:
        headers["content-range"] = f"bytes {first}-{last}/{file.size}"
    return Stream(
        file.read(first, last - first + 1),
        status_code=206 if part is not None else 200,
        media_type=file.mime_type,
        headers=headers,
    )


def _media_headers(file: MediaFile) -> dict[str, str]:
    headers = {"accept-ranges": "bytes", "content-security-policy": "sandbox; default-src 'none'"}
    if not file.public:
        return {**headers, "cache-control": "private, no-store"}
    return {
        **headers,
        "etag": f'"{file.digest}"',
        # a file may be replaced at its address; a rendition's address changes with what it shows
        "cache-control": f"public, max-age={_YEAR}, immutable" if file.fixed else f"public, max-age={_SOON}",
        # feed readers and other sites may show what everybody may see
        "cross-origin-resource-policy": "cross-origin",
    }


@get("/robots.txt", opt=_OPT, include_in_schema=False)
async def robots_txt(request: AnyRequest) -> Response[Any]:
    """Tell crawlers where they may go."""
    lines = ["User-agent: *"]
    allowed = site_settings().search_engines_allowed
    if allowed:
        lines += ["Disallow: /admin", "Disallow: /api/", "Disallow: /*?s=", "Disallow: /search/"]
    else:
        lines.append("Disallow: /")
    text = await apply_filters(hooks.filter_robots_txt, "\n".join(lines) + "\n", allowed)
    return answer(request, text.encode("utf-8"), media_type="text/plain")


def file_routes() -> list[Any]:
    """Return the routes of what is no page."""
    return [media, robots_txt]
