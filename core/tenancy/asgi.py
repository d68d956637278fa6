"""The outer layer that knows sites: which one is asked, and which of its routes are there.

All routes of all plugins are registered once. Whether one is there for a site is decided here, per
request: the address of a plugin that is off is handed to the site's page handler, exactly as if the
plugin were not installed.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.enums import ScopeType
from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from core.context import Tenant
from core.tenancy.enter import enter
from core.tenancy.registry import Tenants

__all__ = ["SITE_PREFIX", "TenantASGI", "without_body"]

SITE_PREFIX = "/_site"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_CACHE_LIMIT = 8192
Lookup = Callable[[str, str], dict[str, Any] | None]
Refuse = Callable[[Scope, Receive, Send, int], Awaitable[None]]


class TenantASGI:
    """Resolve the site, hide what is off, and hand over to the next layer.

    Args:
        app: The next layer.
        tenants: The registry of sites.
        host_of: Reads the host of a request; None when it has none, or two.
        routing: Litestar's router, once the app is built.
        refuse: Answers with a plain page for a status, where no site's theme can.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        tenants: Tenants,
        host_of: Callable[[Scope], str | None],
        routing: Callable[[], Any],
        refuse: Refuse,
    ) -> None:
        self._app = app
        self._tenants = tenants
        self._host_of = host_of
        self._routing = routing
        self._refuse = refuse
        self._routes: dict[tuple[str, str], dict[str, Any] | None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        method: str = scope["method"]
        if method == "HEAD":
            scope["method"] = method = "GET"  # type: ignore[typeddict-item]  # litestar types it as an enum
            send = without_body(send)
        opt = None if path.startswith(SITE_PREFIX) else self._opt(method, path)
        state = scope.setdefault("state", {})
        state["path"] = path
        if opt is not None and opt.get("platform"):
            state["route_opt"] = opt
            await self._app(scope, receive, send)
            return
        host = self._host_of(scope)
        tenant = self._tenants.by_host(host) if host else None
        if tenant is None:
            await self._refuse(scope, receive, send, 404)
            return
        if tenant.status != "active":
            await self._refuse(scope, receive, send, 503)
            return
        if opt is None or not _visible(opt, tenant):
            scope["path"] = SITE_PREFIX + path
            scope["raw_path"] = scope["path"].encode("utf-8")
            opt = self._opt(method, scope["path"]) or {"capability": "public"}
        state["route_opt"] = opt
        with enter(tenant):
            await self._app(scope, receive, send)

    def _opt(self, method: str, path: str) -> dict[str, Any] | None:
        """Return the options of the route that would answer, None if none would. Misses are kept too."""
        key = (method, path)
        try:
            return self._routes[key]
        except KeyError:
            pass
        found = self._find(method, path)
        if len(self._routes) >= _CACHE_LIMIT:
            self._routes.clear()
        self._routes[key] = found
        return found

    def _find(self, method: str, path: str) -> dict[str, Any] | None:
        router = self._routing()
        try:
            return dict(router.handle_routing(path=path, method=method)[1].opt)
        except NotFoundException:
            return None
        except MethodNotAllowedException:
            # Another method would be answered: Litestar says 405, but only where the plugin is on.
            for other in _METHODS:
                try:
                    return dict(router.handle_routing(path=path, method=other)[1].opt)
                except (NotFoundException, MethodNotAllowedException):
                    continue
            return None


def _visible(opt: dict[str, Any], tenant: Tenant) -> bool:
    plugin = opt.get("plugin")
    return plugin is None or plugin in tenant.enabled


def without_body(send: Send) -> Send:
    """Return a `send` that keeps the headers of an answer and drops its body."""

    async def forward(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return forward
