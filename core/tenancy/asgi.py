"""The outer layer that knows sites: which one is asked, and which of its routes are there.

All routes of all plugins are registered once. Whether one is there for a site is decided here, per
request: the address of a plugin that is off is handed to the site's page handler, exactly as if the
plugin were not installed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.context import Tenant
from core.errors import NotFound, Unavailable
from core.http import host_of
from core.http.asgi import ASGIApp, Message, Receive, Scope, Send
from core.i18n import gettext as _
from core.plugins import current_registry
from core.tenancy.enter import Entering
from core.tenancy.registry import Tenants

__all__ = ["SITE_PREFIX", "TenantASGI", "without_body"]

SITE_PREFIX = "/_site"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_CACHE_LIMIT = 8192
_KEPT = 200
"""Characters of a path that is worth keeping; the next one is longer than any page's or file's (1000 and a date)."""
_LONGEST = 2000
Opt = Mapping[str, Any]
FindRoute = Callable[[str, str], Opt | None]
"""(method, path) -> options of the route that Litestar would choose, None where it would refuse."""


class TenantASGI:
    """Resolve the site, hide what is off, and hand over to the next layer.

    A route with `opt["platform"]` is answered on every host, without a site. The route's options
    are left in `scope["state"]["route_opt"]` for the layers behind, the path as it was asked in
    `scope["state"]["path"]`.

    Args:
        app: The next layer.
        tenants: The registry of sites.
        find: Finds a route before Litestar does.
    """

    def __init__(self, app: ASGIApp, *, tenants: Tenants, find: FindRoute) -> None:
        self._app = app
        self._tenants = tenants
        self._find = find
        self._routes: dict[tuple[str, str], Opt | None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection.

        Raises:
            NotFound: No site answers for this host.
            Unavailable: The site is suspended.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if len(path) > _LONGEST:  # whoever asks for many of them would fill what routers remember
            path = scope["path"] = _nowhere(path)
            scope["raw_path"] = path.encode("ascii")
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
            send = without_body(send)
        # Litestar reads "//admin" as "/admin", while the headers and all else here go by the path as it is
        opt = None if path.startswith(SITE_PREFIX) or "//" in path else self._opt(scope["method"], path)
        state = scope.setdefault("state", {})
        state["path"] = path
        if opt is not None and opt.get("platform"):
            state["route_opt"] = opt
            await self._app(scope, receive, send)
            return
        tenant = self._tenants.by_host(host_of(scope).name)
        if tenant is None:
            raise NotFound(_("There is no site at this address."))
        if tenant.status != "active":
            raise Unavailable(_("This site is suspended for now."), retry_after=3600)
        if opt is None or not _visible(opt, tenant):
            scope["path"] = SITE_PREFIX + path
            scope["raw_path"] = SITE_PREFIX.encode("ascii") + scope.get("raw_path", path.encode("utf-8"))
            opt = self._opt(scope["method"], scope["path"]) or {"capability": "public"}
        state["route_opt"] = opt
        with Entering(tenant):
            await self._app(scope, receive, send)

    def _opt(self, method: str, path: str) -> Opt | None:
        """Look a route up, keeping misses too. A route that only other methods have counts: that is a 405."""
        key = (method, path)
        try:
            return self._routes[key]
        except KeyError:
            pass
        found = self._find(method, path)
        if found is None:
            others = (opt for other in _METHODS if (opt := self._find(other, path)) is not None)
            found = next(({**opt, "refuses": True} for opt in others), None)
        if len(method) + len(path) <= _KEPT:
            if len(self._routes) >= _CACHE_LIMIT:
                self._routes.clear()
            self._routes[key] = found
        return found


def _nowhere(path: str) -> str:
    """Return a short address where nothing is, in the same part of the site: no name begins with a hyphen."""
    first = path.split("/", 2)[1]
    return f"/{first}/-/-" if first in ("admin", "api") else "/-/-"


def _visible(opt: Opt, tenant: Tenant) -> bool:
    plugin = opt.get("plugin")
    return plugin is None or plugin in tenant.enabled or plugin in current_registry().installation


def without_body(send: Send) -> Send:
    """Return a `send` that keeps the headers of an answer and drops its body (HEAD)."""

    async def forward(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return forward
