"""The page handler of every site: whatever no other route answers, and what a plugin that is off would."""

import hashlib
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import File

from core.content import PASSWORD_COOKIE_DAYS, check_post_password, unlock_post
from core.context import current_actor, maybe_tenant
from core.contract.pages import ErrorPage
from core.errors import BadRequest, NotFound
from core.hooks import apply_filters
from core.http import Cookies, CspHosts, Problem, form_of, html, redirect, send_cookie
from core.i18n import gettext as _
from core.mail import current_mail
from core.media import open_media
from core.site.feeds import feed_of
from core.site.hierarchy import candidates
from core.site.lookups import FoundList, FoundMoved, FoundPost, look_up
from core.site.pages import build_list, build_single, current_user, finished, site_view
from core.site.redirects import canonical_redirect
from core.site.resolve import resolve
from core.tenancy import SITE_PREFIX, site_settings
from core.themes import render
from hookspecs import site as hooks

__all__ = ["csp_hosts", "error_page", "site_routes"]

_OPT = {"capability": "public"}
_COOKIE = "post-"


def _path_of(request: Request[Any, Any, Any]) -> str:
    path: str = request.scope["state"].get("path") or request.scope["path"]
    return path


def _query_of(request: Request[Any, Any, Any]) -> dict[str, str]:
    return {name: values[-1] for name, values in request.query_params.dict().items()}


@get([SITE_PREFIX, f"{SITE_PREFIX}/{{rest:path}}"], opt=_OPT, include_in_schema=False)
async def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """Answer any address of the site."""
    path, query = _path_of(request), _query_of(request)
    targets = resolve(path, query)
    found = await look_up(targets, path)
    raw_query = request.scope["query_string"].decode("ascii", "replace")
    preview = "preview" in query and current_actor().kind == "user"
    if not preview and (target := await canonical_redirect(found, targets, path, raw_query)):
        return redirect(target, 301)
    if isinstance(found, FoundMoved):
        raise NotFound
    if isinstance(found, FoundList):
        feed = targets[0].feed
        if feed:
            return await feed_of(found, feed)
        return _answer(request, await _rendered(await build_list(found)))
    opened = await unlock_post(found.post, _cookies().read(request.scope, f"{_COOKIE}{found.post.number}"))
    shown = FoundPost(opened, found.part, found.is_front)
    page = await build_single(shown, preview=preview)
    personal = opened.has_password or opened.status != "publish"
    return _answer(request, await _rendered(page), personal=personal)


@post(
    [SITE_PREFIX, f"{SITE_PREFIX}/{{rest:path}}"],
    opt={**_OPT, "csrf": "origin", "accepts": ("form", "multipart"), "body_limit": 10_000},
    include_in_schema=False,
    status_code=200,
)
async def open_with_password(request: Request[Any, Any, Any]) -> Response[Any]:
    """Take the password of a protected post; nothing else is posted to a page of the site."""
    path = _path_of(request)
    found = await look_up(resolve(path, _query_of(request)), path)
    password = form_of(request).get("post_password")
    if not isinstance(found, FoundPost) or not found.post.has_password:
        raise NotFound
    if password is None:
        raise BadRequest(_("The form came without its password."))
    cookie = await check_post_password(found.post.id, password)
    if cookie is None:
        page = await build_single(found)
        import msgspec

        wrong = msgspec.structs.replace(page, wrong=True) if page.kind == "password" else page
        return html(await _rendered(wrong), 403)
    send_cookie(
        request,
        _cookies().set(
            f"{_COOKIE}{found.post.number}", cookie, max_age=PASSWORD_COOKIE_DAYS * 86_400, same_site="Lax"
        ),
    )
    return redirect(found.post.url, 303)


@get("/media/{number:int}/{name:str}", opt=_OPT, include_in_schema=False)
async def media(number: FromPath[int], name: FromPath[str]) -> File:
    """Hand a file of the library out, to those who may see it."""
    file = await open_media(number)
    if name != file.filename:
        raise NotFound
    inline = file.mime_type.startswith(("image/", "audio/", "video/")) and file.mime_type != "image/svg+xml"
    return File(
        path=file.path,
        filename=file.filename,
        media_type=file.mime_type,
        content_disposition_type="inline" if inline else "attachment",
        etag=None,
        headers={
            "cache-control": "public, max-age=31536000, immutable" if file.public else "private, no-store",
            "content-security-policy": "sandbox; default-src 'none'",
        },
    )


@get("/robots.txt", opt=_OPT, media_type="text/plain", include_in_schema=False)
async def robots_txt() -> str:
    """Tell crawlers where they may go."""
    if not site_settings().search_engines_allowed:
        return "User-agent: *\nDisallow: /\n"
    return "User-agent: *\nDisallow: /admin\nDisallow: /api/\nDisallow: /*?s=\n"


@get("/favicon.ico", opt=_OPT, include_in_schema=False, status_code=204)
async def favicon() -> None:
    """Answer browsers that ask without being told to."""


def site_routes() -> list[Any]:
    """Return the routes of rendered pages."""
    return [show, open_with_password, media, robots_txt, favicon]


def _cookies() -> Cookies:
    return Cookies(https=current_mail().https)


async def _rendered(page: Any) -> str:
    names = await apply_filters(hooks.filter_template_candidates, candidates(page), page)
    return await render(names, page)


def _answer(request: Request[Any, Any, Any], body: str, *, personal: bool = False) -> Response[Any]:
    """Return a page; visitors' may be kept for a moment and asked for again by its digest."""
    if personal or current_actor().kind != "visitor":
        return html(body, headers={"cache-control": "private, no-store"})
    etag = f'"{hashlib.blake2b(body.encode("utf-8"), digest_size=12).hexdigest()}"'
    headers = {"etag": etag, "cache-control": "public, max-age=0, must-revalidate"}
    if request.headers.get("if-none-match") == etag:
        return Response(None, status_code=304, headers=headers)
    return html(body, headers=headers)


async def error_page(request: Request[Any, Any, Any], status: int, problem: Problem) -> str | None:
    """Show an error in the site's theme; None where there is no site to show it for."""
    if maybe_tenant() is None:
        return None
    page = ErrorPage(
        kind="error",
        site=site_view(),
        title=_("This page does not exist") if status == 404 else problem.title,
        document_title=f"{problem.title} – {site_view().title}",
        url="",
        robots="noindex",
        body_classes=(f"error{status}", "error"),
        user=await current_user(),
        status=status,
        message=_("Perhaps it moved, or never was. The search may help.")
        if status == 404
        else problem.detail,
        incident=problem.reference or "",
    )
    return await _rendered(await finished(page))


def csp_hosts(scope: Any) -> CspHosts:
    """Return what the site's pages may load from elsewhere."""
    return CspHosts()
