"""The request as accounts see it: where it comes from, and which session it belongs to."""

from contextvars import ContextVar
from urllib.parse import parse_qsl

from core.accounts.keys import DEVICE_LIFE, anonymous_token, digest, is_anonymous_token, make_csrf, same_csrf
from core.accounts.sessions import SessionView
from core.ambient import Using
from core.http import (
    TOKEN_FIELD,
    Cookies,
    check_unsafe,
    client_address,
    form_of,
    host_of,
    network_of,
    send_cookie,
    vary_on,
)
from core.http.asgi import Scope
from core.http.cookies import SameSite

__all__ = ["DEVICE_COOKIE", "SESSION_COOKIE", "Visit", "current_visit", "form_token", "use_visit"]

SESSION_COOKIE = "sid"
DEVICE_COOKIE = "device"
_ENOUGH = 1800
"""Seconds that a form which is shown now must be good for."""


class Visit:
    """One request, from the session's point of view.

    Args:
        scope: The request; its client address already corrected by `ProxyHeaders`.
        cookies: How this installation sets cookies.
    """

    def __init__(self, scope: Scope, cookies: Cookies) -> None:
        self._scope = scope
        self._cookies = cookies
        self.address = client_address(scope)
        self.network = network_of(self.address)
        self.session: SessionView | None = None
        self.strict = False
        """Whether the session's cookie stays at home on links from other sites: so it is for administrators."""
        self.token = cookies.read(scope, SESSION_COOKIE) or ""
        """The session cookie as the browser sent it, or as it was set since; "" for none."""

    @property
    def agent(self) -> str:
        """What the browser calls itself, cut to 200 characters."""
        for name, value in self._scope["headers"]:
            if name == b"user-agent":
                return "".join(ch for ch in value.decode("latin-1") if ch.isprintable())[:200]
        return ""

    def parameter(self, name: str) -> str:
        """Return a parameter of the address (`?reply=3`), the last of this name; "" if there is none.

        For parts of pages that plugins bring: a handler has its request.
        """
        pairs = parse_qsl(self._scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        return next((value for key, value in reversed(pairs) if key == name), "")

    @property
    def device(self) -> str:
        """The device cookie, "" for none."""
        return self._cookies.read(self._scope, DEVICE_COOKIE) or ""

    @property
    def has_session(self) -> bool:
        """Whether there is a session that a form can be bound to, an anonymous one included."""
        return self.session is not None or is_anonymous_token(self.token)

    def csrf_token(self) -> str:
        """Return a token for the forms of this page, bound to its session.

        A visitor without a session gets an anonymous one: a signed cookie that lasts two hours and
        leaves no trace in the database.
        """
        if self.session is None and not is_anonymous_token(self.token, seconds=_ENOUGH):
            self._set(anonymous_token(), "Lax")
        return make_csrf(digest(self.token))

    def checks(self, token: str) -> bool:
        """Tell whether a form token belongs to this request's session."""
        return self.has_session and same_csrf(token, digest(self.token))

    def check_sender(self, *, visitors_by_origin: bool = False) -> None:
        """Refuse a request that changes something and doesn't come from a page of this site.

        Args:
            visitors_by_origin: Whether who is not signed in needs no form token, for forms on pages that
                a cache may keep: then the browser's word about the origin decides.

        Raises:
            Forbidden: It comes from another site, or without a token of this session.
        """
        scope = self._scope
        vary_on(scope, "Sec-Fetch-Site", "Origin")
        by_origin = visitors_by_origin and self.session is None
        check_unsafe(
            scope,
            host_of(scope),
            check_token=None if by_origin else self.checks,
            field=form_of(scope).get(TOKEN_FIELD),
        )

    def keep_session(self, token: str, session: SessionView | None = None) -> None:
        """Have the browser keep a new session token; until it closes, or the session is over.

        Args:
            token: The token.
            session: The session it stands for, if that is another one than before.
        """
        self.session = session or self.session
        self._set(token, "Strict" if self.strict else "Lax")

    def forget(self) -> None:
        """Have the browser drop its session."""
        self.session = None
        self.token = ""
        send_cookie(self._scope, self._cookies.delete(SESSION_COOKIE))

    def keep_device(self, token: str) -> None:
        """Have the browser keep a device token."""
        life = int(DEVICE_LIFE.total_seconds())
        send_cookie(self._scope, self._cookies.set(DEVICE_COOKIE, token, same_site="Strict", max_age=life))

    def clear_site_data(self) -> None:
        """Have the browser drop what it stored of this site's pages."""
        send_cookie(self._scope, (b"clear-site-data", b'"cache", "storage"'))

    def _set(self, value: str, same_site: SameSite) -> None:
        self.token = value
        send_cookie(self._scope, self._cookies.set(SESSION_COOKIE, value, same_site=same_site))


_visit: ContextVar[Visit | None] = ContextVar("vitral_visit", default=None)


def current_visit() -> Visit | None:
    """Return the request being answered, None in the shell and in jobs."""
    return _visit.get()


def use_visit(visit: Visit) -> Using[Visit | None]:
    """Answer `visit` inside the block."""
    return Using(_visit, visit)


def form_token() -> str:
    """Return the CSRF token for forms of this page; "" outside a request.

    Templates put it into `<input name="_csrf">` and into htmx's `hx-headers` as `X-CSRF-Token`. A
    page that shows one must not be kept by a shared cache.
    """
    visit = _visit.get()
    return visit.csrf_token() if visit is not None else ""
