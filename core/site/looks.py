"""How the site looks: its style sheets, logo and icons, and pages that somebody only tries another look on."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath
from markupsafe import escape

from core.accounts import decide
from core.context import Tenant, current_actor, current_tenant
from core.errors import NotFound
from core.i18n import gettext as _
from core.site.answers import answer, private_page
from core.sites import edited_look, look_file
from core.tenancy import enter, site_settings
from core.themes import (
    CUSTOM_PATH,
    FILES_PATH,
    ICON_SIZES,
    TOKENS_PATH,
    current_themes,
    custom_css,
    custom_url,
    font_preloads,
    look,
    site_tokens,
    theme_file,
    tokens_css,
    tokens_url,
)

__all__ = ["head_links", "look_routes", "trying", "trying_bar"]

AnyRequest = Request[Any, Any, Any]

_OPT = {"capability": "public"}
_YEAR = 31_536_000
_DAY = 86_400
_DRAFT: Final = "look"
_THEME: Final = "wear"
_MANIFEST: Final = "/-/site.webmanifest"


async def _tried(request: AnyRequest) -> Tenant | None:
    """Return the site as it would look, None for those who just read it.

    `?look=draft` is the draft of its look, `?wear=<theme>` another theme; only who may change the one or
    the other sees it, everybody else gets the site as it is.
    """
    query = request.query_params
    if (_DRAFT not in query and _THEME not in query) or current_actor().kind != "user":
        return None
    tenant, said = current_tenant(), []
    values = msgspec.structs.replace(look())
    if query.get(_DRAFT) == "draft" and (await decide(current_actor(), "edit_theme_options")).allowed:
        values = (await edited_look()).values
        said.append(f"{_DRAFT}=draft")
    theme = query.get(_THEME, "")
    if theme and (await decide(current_actor(), "switch_themes")).allowed:
        tenant = msgspec.structs.replace(tenant, theme=current_themes().known(theme).name)
        said.append(f"{_THEME}={theme}")
    if not said:
        return None
    values = msgspec.structs.replace(values, trying="&".join(said))
    return msgspec.structs.replace(tenant, settings={**tenant.settings, "look": msgspec.to_builtins(values)})


@contextmanager
def _entered(tenant: Tenant | None) -> Iterator[bool]:
    if tenant is None:
        yield False
        return
    with enter(tenant):
        yield True


async def trying(request: AnyRequest) -> Any:
    """Return a block in which the site looks as the request asks for: `with await trying(request) as tried:`.

    `tried` tells whether it is another look than everybody's, which no cache may keep.
    """
    return _entered(await _tried(request))


async def _sheet(request: AnyRequest, url: Any, css: Any) -> Response[Any]:
    with await trying(request) as tried:
        text, address = css(), url()
    if tried:
        return private_page(text, media_type="text/css")
    asked = request.scope["query_string"].decode("ascii", "replace")
    current = bool(address) and address.partition("?")[2] == asked
    return answer(request, text.encode("utf-8"), media_type="text/css", max_age=_YEAR if current else 0)


@get(TOKENS_PATH, opt=_OPT, include_in_schema=False)
async def tokens(request: AnyRequest) -> Response[Any]:
    """Answer with the design tokens of the site as a style sheet."""
    return await _sheet(request, tokens_url, tokens_css)


@get(CUSTOM_PATH, opt=_OPT, include_in_schema=False)
async def custom(request: AnyRequest) -> Response[Any]:
    """Answer with the site's own style sheet; an empty one where it has none."""
    return await _sheet(request, custom_url, custom_css)


@get(f"{FILES_PATH}{{name:str}}", opt=_OPT, include_in_schema=False)
async def picture(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Answer with a picture of the site's logos and icons."""
    found = await look_file(name)
    return answer(request, found.data, media_type=found.mime_type, max_age=_YEAR)


@get(_MANIFEST, opt=_OPT, include_in_schema=False)
async def manifest(request: AnyRequest) -> Response[Any]:
    """Tell telephones what the site is called and which icon it has."""
    own, site, tokens = look(), site_settings(), site_tokens()
    if own.icon is None:
        raise NotFound
    title = site.title or current_tenant().title
    values: dict[str, Any] = {
        "name": title,
        "short_name": title if len(title) <= 12 else title.split()[0],
        "lang": site.language,
        "start_url": "/",
        "display": "browser",
        "icons": [
            {"src": own.icon.url(size), "sizes": f"{size}x{size}", "type": "image/png"}
            for size in ICON_SIZES
            if size >= 192
        ],
    }
    if ground := tokens.get("ground", ""):
        values |= {"background_color": ground, "theme_color": tokens.get("surface", ground)}
    body = msgspec.json.encode(values)
    return answer(request, body, media_type="application/manifest+json", max_age=_DAY)


@get("/favicon.ico", opt=_OPT, include_in_schema=False)
async def favicon(request: AnyRequest) -> Response[Any]:
    """Answer browsers that ask for an icon without being told to: with the site's, else its theme's."""
    if (icon := look().icon) is not None:
        name = icon.url(ICON_SIZES[0]).removeprefix(FILES_PATH)
        found = await look_file(name)
        return answer(request, found.data, media_type=found.mime_type, max_age=_DAY)
    for name in ("favicon.ico", "favicon.svg", "favicon.png"):
        file = theme_file(name)
        if file is not None:
            media_type = mimetypes.guess_type(name)[0] or "image/x-icon"
            return answer(request, file[1].read_bytes(), media_type=media_type, max_age=_DAY)
    return Response(None, status_code=204, headers={"cache-control": f"public, max-age={_DAY}"})


def head_links() -> list[str]:
    """Return what every page's head says about the look: icons, packed faces, the site's own style sheet."""
    own = look()
    links = [
        f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{url}">'
        for url in font_preloads()
    ]
    if (icon := own.icon) is not None:
        links += [
            f'<link rel="icon" type="image/png" sizes="32x32" href="{icon.url(32)}">',
            f'<link rel="icon" type="image/png" sizes="192x192" href="{icon.url(192)}">',
            f'<link rel="apple-touch-icon" href="{icon.url(180)}">',
            f'<link rel="manifest" href="{_MANIFEST}">',
        ]
    if url := custom_url():
        links.append(f'<link rel="stylesheet" href="{escape(url)}" id="site-css">')
    return links


def trying_bar() -> str:
    """Return the line that says that a page only tries another look; "" where it does not."""
    if not look().trying:
        return ""
    return f'<p class="preview-bar" role="status">{escape(_("You are trying another look: nobody else sees it."))}</p>'


def look_routes() -> list[Any]:
    """Return the routes of how the site looks."""
    return [tokens, custom, picture, manifest, favicon]
