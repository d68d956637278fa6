"""The page handler of every site: whatever no other route answers, and what a plugin that is off would."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import HttpMethod, Request, Response, get, post, route
from litestar.params import FromPath

from core.accounts import current_visit
from core.content import post_of_link
from core.context import current_actor
from core.contract.pages import Page, PasswordPage, SinglePage
from core.contract.views import PostView
from core.errors import BadRequest, NotFound
from core.hooks import apply_filters, do_action
from core.http import form_of, redirect
from core.http.asgi import asked_path
from core.i18n import gettext as _
from core.site.answers import answer, answer_instead, private_page
from core.site.feeds import feed_of, feed_of_post
from core.site.files import file_routes
from core.site.frames import allow_frames
from core.site.looks import look_routes, trying
from core.site.lookups import FoundFeed, FoundList, FoundPost, Nowhere, look_up, moved_from
from core.site.pages import build_list, build_single, rendered
from core.site.posts import open_post, opened_post
from core.site.previews import previewed, previewed_new
from core.site.redirects import canonical_redirect
from core.site.resolve import Target, resolve
from core.tenancy import SITE_PREFIX
from core.text import whole_number
from hookspecs import site as hooks

__all__ = ["site_routes"]

_PATHS = [SITE_PREFIX, f"{SITE_PREFIX}/{{rest:path}}"]
_OPT = {"capability": "public"}

AnyRequest = Request[Any, Any, Any]


def _query_of(request: AnyRequest) -> dict[str, str]:
    return {name: values[-1] for name, values in request.query_params.dict().items()}


@get(_PATHS, opt=_OPT, include_in_schema=False)
async def show(request: AnyRequest) -> Response[Any]:
    """Answer any address of the site."""
    if "look" not in request.query_params and "wear" not in request.query_params:
        return await _answered(request)
    with await trying(request) as tried:
        response = await _answered(request)
    if tried:
        response.headers["cache-control"] = "private, no-store"
    return response


async def _answered(request: AnyRequest) -> Response[Any]:
    path, query = asked_path(request.scope), _query_of(request)
    if "preview" in query and (draft := query.get("draft", "")):
        post_type, _colon, key = draft.partition(":")
        begun = await previewed_new(post_type, key)
        if begun is None:
            raise NotFound
        return await _single(request, FoundPost(begun, 1, preview=True))
    targets = resolve(path, query)
    try:
        return await _shown(request, path, query, targets)
    except NotFound as error:
        found = await _instead(request, path, targets, once=isinstance(error, Nowhere))
        if found is None:
            await do_action(hooks.on_address_missing, path, _referrer(request))
            raise
        return found


async def _instead(
    request: AnyRequest, path: str, targets: tuple[Target, ...], *, once: bool
) -> Response[Any] | None:
    """Answer where the site has nothing: as a plugin wants it, else with where that went which stood there once."""
    instead = await apply_filters(hooks.filter_missing_address, None, path)
    if instead is not None:
        return answer_instead(request, instead)
    moved = await moved_from(path) if once else None
    if moved is not None and (target := await canonical_redirect(moved, targets, path, _raw_query(request))):
        return redirect(target, 301)
    return None


def _raw_query(request: AnyRequest) -> str:
    return request.scope["query_string"].decode("ascii", "replace")


def _referrer(request: AnyRequest) -> str:
    """Return the host of the page that a link stands on: the rest of its address may say who read it."""
    try:
        return (urlsplit(request.headers.get("referer", "")).hostname or "")[:255]
    except ValueError:
        return ""


async def _shown(
    request: AnyRequest, path: str, query: dict[str, str], targets: tuple[Target, ...]
) -> Response[Any]:
    found = await look_up(targets)
    if "preview" in query and isinstance(found, FoundPost):
        looked_at = await previewed(found.post, whole_number(query.get("revision", "")))
        if looked_at is not None:
            return await _single(request, FoundPost(looked_at, found.part, found.is_front, preview=True))
    if target := await canonical_redirect(found, targets, path, _raw_query(request)):
        if isinstance(found, FoundList) and found.must_hold:
            await build_list(found)  # the right address of something that is not there tells strangers a name
        return redirect(target, 301)
    if isinstance(found, FoundFeed):
        return feed_of_post(request, found, targets[0].feed or "rss")
    if isinstance(found, FoundList):
        if targets[0].feed:
            return await feed_of(request, found, targets[0].feed)
        page = await build_list(found)
        return await _answer(request, page, page.posts)
    return await _single(request, found)


async def _single(request: AnyRequest, found: FoundPost) -> Response[Any]:
    opened = await opened_post(request, found.post)
    page = await build_single(msgspec.structs.replace(found, post=opened))
    personal = found.preview or opened.has_password or opened.status != "publish"
    return await _answer(request, page, [opened], personal=personal)


async def _answer(
    request: AnyRequest, page: Page, posts: Iterable[PostView], *, personal: bool = False
) -> Response[Any]:
    body = await rendered(page)
    allow_frames(request, page)
    if personal or current_actor().kind != "visitor":
        return private_page(body)
    return answer(request, body.encode("utf-8"), changed=_changed(posts))


def _changed(posts: Iterable[PostView]) -> datetime | None:
    return max((shown.updated_at for shown in posts), default=None)


@get("/-/preview/{token:str}", opt=_OPT, include_in_schema=False)
async def preview_by_link(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Show the one post that a link is for to whoever has it; once it is public, lead to where it is."""
    shown = await post_of_link(token)
    if shown.status == "publish" and not shown.has_password:
        return redirect(shown.url, 302)
    part = whole_number(request.query_params.get("part", "")) or 1
    page = await build_single(FoundPost(shown, part, preview=True))
    if isinstance(page, SinglePage):  # its parts are where the link is: their own addresses show nothing yet
        here = asked_path(request.scope)
        links = tuple(
            msgspec.structs.replace(link, url=f"{here}?part={link.number}") for link in page.part_links
        )
        page = msgspec.structs.replace(page, part_links=links)
    answered = private_page(await rendered(page))
    answered.headers |= {"x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer"}
    return answered


@post(
    _PATHS,
    opt={**_OPT, "csrf": "handler", "accepts": ("form", "multipart"), "body_limit": 10_000},
    include_in_schema=False,
    status_code=200,
)
async def open_with_password(request: AnyRequest) -> Response[Any]:
    """Take the password of a protected post; nothing else is posted to a page of the site."""
    path = asked_path(request.scope)
    found = await look_up(resolve(path, _query_of(request)))
    if not isinstance(found, FoundPost) or not found.post.has_password:
        raise NotFound
    if (visit := current_visit()) is not None:
        # the form stands on a page that a cache may keep: visitors have no token, the browser's word decides
        visit.check_sender(visitors_by_origin=True)
    form = form_of(request)
    if "post_password" not in form:
        raise BadRequest(_("The form came without its password."))
    if await open_post(request, found.post, form.get("post_password")):
        return redirect(found.post.url, 303)
    page = await build_single(found)
    if isinstance(page, PasswordPage):
        page = msgspec.structs.replace(page, wrong=True)
    return private_page(await rendered(page), 403)


@route(
    _PATHS,
    http_method=[HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE],
    opt={**_OPT, "csrf": "handler", "absent": True},
    include_in_schema=False,
    status_code=200,
)
async def nothing_to_change() -> None:
    """Answer as for an address that is not there: so a plugin that is off looks, whatever its routes take."""
    raise NotFound


def site_routes() -> list[Any]:
    """Return the routes of rendered pages."""
    return [show, open_with_password, nothing_to_change, preview_by_link, *file_routes(), *look_routes()]
