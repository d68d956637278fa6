"""What is around every screen, and the answers that handlers give: a screen, a part of one, a way on."""

import json
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from litestar import Request, Response

from core.accounts import form_token, unread_count
from core.admin.flash import Toast, keep_toasts, take_toasts
from core.admin.menu import NavSection, build_menu, holds
from core.admin.words import many
from core.context import current_actor, maybe_tenant
from core.contract.admin import Notice
from core.hooks import apply_filters
from core.http import Cookies, html, redirect
from core.http.asgi import asked_path
from core.http.headers import NONCE_KEY
from core.i18n import LANGUAGES, gettext, language
from core.tenancy import site_settings
from core.themes import render_admin
from hookspecs import admin

__all__ = [
    "APPEARANCE",
    "AnyRequest",
    "Crumb",
    "Shell",
    "bare",
    "go",
    "initials_of",
    "part",
    "screen",
    "tone_of",
]

AnyRequest = Request[Any, Any, Any]

APPEARANCE: Final = "appearance"
"""Cookie of the person's choice between light and dark."""
_APPEARANCES: Final = ("auto", "light", "dark")

_HTMX: Final = json.dumps(
    {
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "includeIndicatorStyles": False,
        "scrollIntoViewOnBoost": False,
        "defaultSwapStyle": "outerHTML",
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            # errors come as parts that say where they belong
            {"code": "[45]..", "swap": True, "error": True},
        ],
    }
)
"""htmx, locked down (security control WB05); `inlineScriptNonce` stays empty on purpose."""


class Crumb(msgspec.Struct, frozen=True):
    """A step of the way to a screen."""

    title: str
    url: str = ""


class Shell(msgspec.Struct, frozen=True, kw_only=True):
    """What the frame of a screen needs. Parts get one without menu, toasts and notices."""

    key: str = ""
    language: str
    languages: dict[str, str]
    appearance: str
    csrf: str
    nonce: str
    path: str
    htmx: str = _HTMX
    site_title: str = ""
    user_name: str = ""
    initials: str = ""
    tone: int = 1
    menu: tuple[NavSection, ...] = ()
    crumbs: tuple[Crumb, ...] = ()
    unread: int = 0
    toasts: tuple[Toast, ...] = ()
    notices: tuple[Notice, ...] = ()

    @staticmethod
    def initials_of(name: str) -> str:
        """Return the letters that stand for a person."""
        return initials_of(name)

    @staticmethod
    def tone_of(name: str) -> int:
        """Return the colour that stands for a person."""
        return tone_of(name)

    @staticmethod
    def say(text: str) -> str:
        """Return a text that code declares in the reader's language; percent signs in it are just that."""
        return gettext(text)

    @staticmethod
    def many(text: str) -> str:
        """Return a state as the name of a list of what is in it."""
        return many(text)

    def may(self, capability: str) -> bool:
        """Tell whether to show what takes this capability."""
        return holds(capability)


def initials_of(name: str) -> str:
    """Return the letters that stand for a person: of the first and the last word of the name."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def tone_of(name: str) -> int:
    """Return a colour for a person, 1 to 5, always the same for a name."""
    return sum(map(ord, name)) % 5 + 1


def _bare(request: AnyRequest, key: str) -> dict[str, Any]:
    state: dict[str, Any] = request.scope["state"]
    wanted = Cookies(https=request.scope["scheme"] == "https").read(request.scope, APPEARANCE)
    actor = current_actor()
    return {
        "key": key,
        "language": language(),
        "languages": LANGUAGES,
        "appearance": wanted if wanted in _APPEARANCES else "auto",
        "csrf": form_token(),
        "nonce": state.get(NONCE_KEY, ""),
        "path": asked_path(request.scope),
        "site_title": (site_settings().title or "Vitral") if maybe_tenant() is not None else "Vitral",
        "user_name": actor.name if actor.kind == "user" else "",
        "initials": initials_of(actor.name),
        "tone": tone_of(actor.name),
    }


async def _whole(request: AnyRequest, key: str, crumbs: Sequence[Crumb], notices: Sequence[Notice]) -> Shell:
    signed_in = current_actor().kind == "user"
    return Shell(
        **_bare(request, key),
        crumbs=tuple(crumbs),
        menu=await build_menu(key) if signed_in else (),
        unread=await unread_count() if signed_in else 0,
        notices=await apply_filters(admin.filter_admin_notices, tuple(notices), key),
        toasts=take_toasts(request),
    )


async def screen(
    request: AnyRequest,
    template: str,
    *,
    key: str,
    title: str,
    crumbs: Sequence[Crumb] = (),
    notices: Sequence[Notice] = (),
    status: int = 200,
    **context: Any,
) -> Response[str]:
    """Answer with a whole screen.

    Args:
        request: The request.
        template: A template that extends `admin/desk.html`.
        key: Key of the menu entry that is lit.
        title: The heading, already translated.
        crumbs: The way here; the title is added as its end.
        notices: Lines above the screen.
        status: HTTP status: 422 for a form that needs correcting.
        context: What else the template gets.
    """
    shell = await _whole(request, key, (*crumbs, Crumb(title)), notices)
    body = await render_admin(template, {"shell": shell, "title": title, "site": _site(), **context})
    return html(body, status)


def _site() -> Any:
    return site_settings() if maybe_tenant() is not None else None


async def part(
    request: AnyRequest,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> Response[str]:
    """Answer with the part of a screen that changes, for htmx. Toasts come along and find their place."""
    shell = Shell(**_bare(request, ""), toasts=take_toasts(request))
    body = await render_admin(template, {"shell": shell, "site": _site(), **context})
    if shell.toasts:
        body += await render_admin("admin/parts/toasts.html", {"shell": shell, "swap": True})
    return html(body, status, headers)


async def bare(
    request: AnyRequest, template: str, *, title: str, status: int = 200, **context: Any
) -> Response[str]:
    """Answer with a screen that asks the database nothing: sign-in, errors."""
    shell = Shell(**_bare(request, ""), toasts=take_toasts(request))
    body = await render_admin(template, {"shell": shell, "title": title, "site": _site(), **context})
    return html(body, status)


def go(request: AnyRequest, path: str) -> Response[None]:
    """Send the browser on to a path of the admin, with the messages of this request."""
    keep_toasts(request)
    return redirect(path, request=request)
