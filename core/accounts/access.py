"""The layer between the site and the handlers: who is it, did he send this himself, and may he go on?"""

import html as markup
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Request
from litestar.response.base import ASGIResponse

from core.accounts.decide import decide
from core.accounts.events import collect_refusals, keep_late, refused
from core.accounts.limits import bucket_name, limit
from core.accounts.links import LOGIN
from core.accounts.matrix import ADMIN_CAPABILITIES
from core.accounts.sessions import find_session, touch_session
from core.accounts.signals import use_signals
from core.accounts.tokens import find_token
from core.accounts.visit import Visit, use_visit
from core.clock import now
from core.context import VISITOR, Actor, as_actor
from core.contract.accounts import Decision
from core.db import tenant_read
from core.errors import Forbidden, NotFound, StepUp, Unauthenticated
from core.http import (
    SAFE_METHODS,
    Cookies,
    safe_next,
    wants_problem,
)
from core.http.asgi import ASGIApp, Receive, Scope, Send, asked_path, is_admin
from core.i18n import gettext as _
from core.i18n import use_language

__all__ = ["PUBLIC", "AccessASGI"]

PUBLIC = "public"
_BEARER = b"bearer "
_BAD_TOKENS = (60, 60)
"""Tokens that are worth nothing, which one network may send in so many seconds."""


class AccessASGI:
    """Find the actor, refuse forged requests, decide on the route's capability; then hand over.

    It stands behind `TenantASGI` and `Decode` and goes by the route's options, which the former left in
    `scope["state"]["route_opt"]`:

    - `capability`: what it takes; "public" asks for nothing, but still knows who it is.
    - `auth`: "token" takes API tokens only and looks at no cookie.
    - `csrf`: False, together with `auth="token"`, asks for no form token; "origin" asks visitors for none,
      for forms on pages that a cache may keep: there the browser's word about the origin decides;
      "handler" leaves the check to the page handler, which first has to see whether anything is there.
    - `refuses`: nothing here takes the method, so Litestar will answer 405 and nothing can change.

    A page asked for without a cookie does not touch the database.

    Args:
        app: The next layer, in the end Litestar.
        https: Whether browsers reach the installation over https.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._cookies = Cookies(https=https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection.

        Raises:
            Unauthenticated: Nobody is signed in, and the route needs somebody.
            StepUp: A policy wants a factor first.
            Forbidden: The request was forged, or the actor may not.
            NotFound: The route says nothing about who may use it.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        opt: Mapping[str, Any] = scope["state"].get("route_opt") or {}
        if opt.get("platform"):
            await self._platform(opt, scope, receive, send)
            return
        late: list[Any] = []
        try:
            with collect_refusals() as late:
                async with tenant_read():
                    await self._enter(opt, scope, receive, send)
        finally:
            await keep_late(late)

    async def _platform(self, opt: Mapping[str, Any], scope: Scope, receive: Receive, send: Send) -> None:
        # nobody signs in to the platform over HTTP: what is not for everybody is not there
        if opt.get("capability") != PUBLIC:
            raise NotFound(_("There is nothing at this address."))
        await self._app(scope, receive, send)

    async def _enter(self, opt: Mapping[str, Any], scope: Scope, receive: Receive, send: Send) -> None:
        visit = Visit(scope, self._cookies)
        actor, language = await self._identify(visit, opt, scope)
        with ExitStack() as stack:
            stack.enter_context(use_visit(visit))
            stack.enter_context(as_actor(actor))
            stack.enter_context(use_signals(_signals(visit, scope)))
            if language and is_admin(scope):
                stack.enter_context(use_language(language))
            # decided first: somebody whose session is over is told that, not that the request was forged
            answer = await self._decide(actor, opt, scope)
            if answer is None:
                self._check_origin(visit, actor, opt, scope)
            await (answer or self._app)(scope, receive, send)

    async def _identify(self, visit: Visit, opt: Mapping[str, Any], scope: Scope) -> tuple[Actor, str]:
        bearer = _bearer(scope)
        if bearer is not None:
            actor = await find_token(bearer)
            if actor is None:
                if visit.network:
                    await limit(bucket_name("api-token:network", visit.network), *_BAD_TOKENS)
                raise Unauthenticated(
                    _("This API token is unknown, has run out or was revoked."), hint=_("Make a new one.")
                )
            return actor, ""
        if opt.get("auth") == "token" or not visit.token or "." in visit.token:
            return VISITOR, ""
        found = await find_session(visit.token)
        if found is None:
            visit.forget()  # never adopted, whatever it is (trap T1)
            return VISITOR, ""
        visit.session = found.session
        visit.strict = bool(found.actor.capabilities & ADMIN_CAPABILITIES)
        await touch_session(found.session)
        return found.actor, found.language

    def _check_origin(self, visit: Visit, actor: Actor, opt: Mapping[str, Any], scope: Scope) -> None:
        if scope["method"] in SAFE_METHODS or actor.scopes is not None:
            return
        if opt.get("csrf") is False and opt.get("auth") == "token":
            return  # without a token there is only a visitor here
        if opt.get("csrf") == "handler" or opt.get("refuses"):
            return
        visit.check_sender(visitors_by_origin=opt.get("csrf") == "origin")

    async def _decide(self, actor: Actor, opt: Mapping[str, Any], scope: Scope) -> ASGIApp | None:
        """Return None to go on, or a response to give instead."""
        capability = opt.get("capability")
        if capability == PUBLIC:
            return None
        if not isinstance(capability, str) or not capability:
            # the start check lets no such route through
            raise NotFound(_("There is nothing at this address."))
        decision = await decide(actor, capability)
        if decision.allowed:
            return None
        if actor.kind == "visitor":
            return _ask_to_sign_in(scope)
        if decision.outcome == "step_up":
            raise StepUp(" ".join(decision.reasons) or _("Confirm that it is you."))
        await _refuse(capability, decision)
        return None


async def _refuse(capability: str, decision: Decision) -> None:
    await refused(capability, None, decision)
    raise Forbidden(_("You may not do this."), hint=" ".join(decision.reasons), reasons=decision.reasons)


def _bearer(scope: Scope) -> str | None:
    """Return the API token of a request, None if it brings none.

    Raises:
        Unauthenticated: It brings credentials of another kind, or several.
    """
    found = [value for name, value in scope["headers"] if name == b"authorization"]
    if not found:
        return None
    if len(found) > 1 or found[0][: len(_BEARER)].lower() != _BEARER:
        raise Unauthenticated(
            _("Only API tokens are taken here."), hint=_("Send “Authorization: Bearer cms_api_...”.")
        )
    value: str = found[0][len(_BEARER) :].decode("latin-1").strip()
    return value


def _signals(visit: Visit, scope: Scope) -> dict[str, Any]:
    found: dict[str, Any] = {
        "network": visit.network,
        "address": visit.address,
        "agent": visit.agent,
        "method": scope["method"],
        "path": asked_path(scope),
    }
    if visit.session is not None:
        at = now()
        found["session_age"] = (at - visit.session.created_at).total_seconds()
        found["factor_age"] = (at - visit.session.authenticated_at).total_seconds()
    return found


def _ask_to_sign_in(scope: Scope) -> ASGIApp:
    """Return the answer to somebody unknown: the sign-in page for people, a 401 for programs.

    Raises:
        Unauthenticated: For programs, and where a form would be lost by a redirect.
    """
    request: Request[Any, Any, Any] = Request(scope)
    if wants_problem(request):
        raise Unauthenticated(_("This needs somebody who is signed in."))
    if request.headers.get("hx-request") == "true":
        # htmx follows this header whatever the status, and loads the page as a whole
        return _empty(401, {"hx-redirect": _login_for(_page_of(request))})
    if scope["method"] != "GET":
        raise Unauthenticated(
            _("Your session is over, so nothing was changed."), hint=_("Sign in and try again.")
        )
    query = scope.get("query_string", b"").decode("latin-1")
    here = quote(asked_path(scope), safe="/%:@!$&'()*+,;=~-._") + (f"?{query}" if query else "")
    if request.headers.get("sec-fetch-site") == "cross-site":
        return _come_again(here)
    return _empty(302, {"location": _login_for(here)})


def _page_of(request: Request[Any, Any, Any]) -> str:
    """Return path and query of the page that htmx asks from, "" if what it says is no address."""
    try:
        page = urlsplit(request.headers.get("hx-current-url", ""))
    except ValueError:
        return ""
    return page.path + (f"?{page.query}" if page.query else "")


def _login_for(path: str) -> str:
    target = safe_next(path, "")
    return f"{LOGIN}?next={quote(target, safe='/')}" if target else LOGIN


def _empty(status: int, headers: dict[str, str]) -> ASGIApp:
    return ASGIResponse(
        status_code=status, headers={**headers, "cache-control": "no-store"}, media_type="text/plain"
    )


def _come_again(path: str) -> ASGIApp:
    """Return a page that asks for itself.

    Administrators' cookies are Strict: a link in a mail comes without them. Asked again from a page of
    the site itself, the browser sends them; somebody without any is then led to the sign-in page.
    """
    target = markup.escape(safe_next(path))
    body = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>…</title>'
        f'<meta http-equiv="refresh" content="0;url={target}"><a href="{target}">{markup.escape(_("Go on"))}</a>'
    )
    return ASGIResponse(
        body=body.encode("utf-8"),
        headers={"cache-control": "no-store"},
        media_type="text/html; charset=utf-8",
        status_code=200,
    )
