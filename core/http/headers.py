"""The outermost layer: security headers on every response, whatever made it (WB04, WB06, trap T18)."""

import secrets
from collections.abc import Callable

import uuid_utils

from core.context import REQUEST_ID
from core.http.asgi import ASGIApp, Message, Receive, Scope, Send
from core.http.cookies import COOKIES_KEY
from core.http.csp import REPORT_PATH, CspHosts, admin_policy, site_policy
from core.http.respond import VARY_KEY

__all__ = ["NONCE_KEY", "SecurityHeaders"]

NONCE_KEY = "csp_nonce"
"""Key in `scope["state"]` of the nonce that the admin's templates put on script and style elements."""

Pair = tuple[bytes, bytes]

_ADMIN = "/admin"
_NO_HOSTS = CspHosts()
_MOST_POLICIES = 1000

_ALWAYS: tuple[Pair, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"permissions-policy",
        (
            b"accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), "
            b"geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
        ),
    ),
    (b"reporting-endpoints", b'csp="' + REPORT_PATH.encode("ascii") + b'"'),
    # servers fill this in with their own name where it is missing
    (b"server", b"vitral"),
)
_HSTS: Pair = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_SITE: tuple[Pair, ...] = (*_ALWAYS, (b"referrer-policy", b"strict-origin-when-cross-origin"))
_ADMIN_ONLY: tuple[Pair, ...] = (
    *_ALWAYS,
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
_CSP = b"content-security-policy"
_REQUEST_ID = b"x-request-id"
_FIXED = {
    (False, False): _SITE,
    (False, True): (*_SITE, _HSTS),
    (True, False): _ADMIN_ONLY,
    (True, True): (*_ADMIN_ONLY, _HSTS),
}
_OURS = frozenset({name for pairs in _FIXED.values() for name, _value in pairs} | {_CSP, _REQUEST_ID})


class SecurityHeaders:
    """ASGI layer that completes the headers of each response and names the request.

    A header that the response already has is left as it is: a handler may be stricter, or say that
    its media may be embedded elsewhere. The request's id is a UUID of its own making, never one
    from outside; it is in `core.context.request_id()` and in `X-Request-Id`.

    Args:
        app: The next layer.
        hosts: Returns what plugins and themes of the site add to its policy. It is asked when the
            response starts, so the site is known by then.
    """

    def __init__(self, app: ASGIApp, *, hosts: Callable[[Scope], CspHosts] | None = None) -> None:
        self.app = app
        self.hosts = hosts
        self._site: dict[tuple[int, bool], tuple[CspHosts, tuple[Pair, ...]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        nonce = ""
        if path.startswith(_ADMIN) and path[6:7] in ("", "/"):
            nonce = scope.setdefault("state", {})[NONCE_KEY] = secrets.token_urlsafe(16)
        # the ids of core.ids, without the detour over the standard library's UUID class
        request_id = str(uuid_utils.uuid7())

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._completed(
                    scope, list(message.get("headers", ())), nonce, request_id
                )
            await send(message)

        token = REQUEST_ID.set(request_id)
        try:
            await self.app(scope, receive, complete)
        finally:
            REQUEST_ID.reset(token)

    def _completed(self, scope: Scope, headers: list[Pair], nonce: str, request_id: str) -> list[Pair]:
        https = scope["scheme"] == "https"
        hosts = self.hosts(scope) if self.hosts is not None else _NO_HOSTS
        if nonce:
            wanted = (*_FIXED[True, https], (_CSP, admin_policy(hosts, https, nonce)))
        else:
            wanted = self._site_headers(hosts, https)
        for name, _value in headers:
            if name in _OURS:
                present = {name for name, _value in headers}
                wanted = tuple(pair for pair in wanted if pair[0] not in present)
                headers = [pair for pair in headers if pair[0] != _REQUEST_ID]
                break
        headers += wanted
        headers.append((_REQUEST_ID, request_id.encode("ascii")))
        state = scope.get("state")
        if state:
            if (names := state.get(VARY_KEY)) is not None:
                headers = _with_vary(headers, names)
            if (cookies := state.get(COOKIES_KEY)) is not None:
                headers = [*_for_one(headers), *cookies]
        return headers

    def _site_headers(self, hosts: CspHosts, https: bool) -> tuple[Pair, ...]:
        key = (id(hosts), https)
        known = self._site.get(key)
        if known is not None:
            return known[1]
        if len(self._site) >= _MOST_POLICIES:
            self._site.clear()
        made = (*_FIXED[False, https], (_CSP, site_policy(hosts, https)))
        # kept beside its headers, so that no other object can get its id
        self._site[key] = (hosts, made)
        return made


def _for_one(headers: list[Pair]) -> list[Pair]:
    """Take back that caches may keep an answer: with a cookie it is one browser's, and would end others' sessions."""
    return [
        (name, b"private, no-cache") if name == b"cache-control" and b"public" in value else (name, value)
        for name, value in headers
    ]


def _with_vary(headers: list[Pair], names: set[str]) -> list[Pair]:
    found = {
        part.strip().lower()
        for name, value in headers
        if name == b"vary"
        for part in value.decode().split(",")
    }
    missing = sorted(name for name in names if name.lower() not in found)
    if not missing or "*" in found:
        return headers
    return [*headers, (b"vary", ", ".join(missing).encode("ascii"))]
