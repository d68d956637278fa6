"""Wires everything: the layers around Litestar, the routes of the three faces and of every plugin.

The layers, outermost first: security headers, answers for errors, proxy headers, static files, the
installation's parts, the site, the site's answers for errors, decoding, access; then Litestar.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Router, get

from core.accounts import AccessASGI, require_known_rights
from core.admin import add_plugin_screens, admin_error_page, admin_routes
from core.api import api_routes, openapi_config
from core.context import VISITOR, acting, maybe_tenant
from core.db import Database, OutsideUnit, platform_execute, platform_read, tenant_read, unit_tenant
from core.hooks import CORE, use_plan
from core.http import (
    Decode,
    ErrorAnswers,
    Problem,
    ProxyHeaders,
    RouteFinder,
    SecurityHeaders,
    report_route,
    require_safe_routes,
)
from core.http.asgi import Receive, Scope, Send, is_admin
from core.http.static import StaticFiles
from core.jobs import Worker
from core.plugins import Plugin, route_infos
from core.runtime import Runtime, build_runtime
from core.settings import Settings
from core.site import csp_hosts, error_page, site_routes
from core.tenancy import TenantASGI
from core.themes import static_mounts

__all__ = ["create_app", "runtime_of"]

log = logging.getLogger("vitral")


def create_app(
    settings: Settings, *, plugins: Sequence[Plugin] = (), database: Database | None = None
) -> Litestar:
    """Return the application for an installation.

    Args:
        settings: The installation's settings.
        plugins: Plugins beside the installed ones (tests, development).
        database: Use this one instead of opening what the settings name.

    Raises:
        StartError: Something is set up in a way that must not be served; the message says what.
    """
    runtime = build_runtime(settings, plugins=plugins, database=database)
    return _assemble(runtime)


def runtime_of(app: Litestar) -> Runtime:
    """Return the parts of a running application."""
    runtime: Runtime = app.state.runtime
    return runtime


def _assemble(runtime: Runtime) -> Litestar:
    registry = runtime.registry
    answers = ErrorAnswers(_error_page)
    ours = Router("/", route_handlers=[*_platform_routes(), *admin_routes(), *api_routes(), *site_routes()])
    add_plugin_screens(registry)
    app = Litestar(
        route_handlers=[ours, *registry.routers(route_infos(CORE, ours))],
        exception_handlers={Exception: answers.handler},
        openapi_config=openapi_config(),
        lifespan=[_lifespan],
        request_max_body_size=None,  # the decode layer counts, per route
        debug=False,
        logging_config=None,  # the process decides, not the app: see core/logs.py
    )
    app.state.runtime = runtime
    require_safe_routes(app)
    require_known_rights(app, registry.plan(frozenset(registry.plugins)))
    app.asgi_handler = _layers(app, runtime, answers)
    return app


def _layers(app: Litestar, runtime: Runtime, answers: ErrorAnswers) -> Any:
    """Return the way of a request from the socket to Litestar."""
    finder = RouteFinder(app)

    def find(method: str, path: str) -> Mapping[str, Any] | None:
        handler = finder({"method": method, "path": path})
        return handler.opt if handler is not None else None

    inner: Any = AccessASGI(app.asgi_handler, https=runtime.settings.https)
    inner = answers.wrap(Decode(inner, finder))
    inner = TenantASGI(inner, tenants=runtime.tenants, find=find)
    platform_plan = runtime.registry.platform_plan

    async def with_parts(scope: Scope, receive: Receive, send: Send) -> None:
        with runtime.active(), acting(None, VISITOR), use_plan(platform_plan()):
            await inner(scope, receive, send)

    outer: Any = StaticFiles(with_parts, static_mounts(runtime.themes, runtime.registry))
    outer = ProxyHeaders(answers.wrap(outer), runtime.settings.trusted_proxies)
    return SecurityHeaders(outer, hosts=csp_hosts)


async def _error_page(request: Request[Any, Any, Any], status: int, problem: Problem) -> Any:
    """Show errors in the admin's frame or in the site's theme, whichever was asked; None where there is no site.

    Errors of the layers outside of access come without a unit of work; their page gets one of its own.
    """
    if maybe_tenant() is None:  # an unknown host, or a suspended site
        return None
    page = admin_error_page if is_admin(request.scope) else error_page
    async with AsyncExitStack() as stack:
        if not _in_unit():
            await stack.enter_async_context(tenant_read())
        return await page(request, status, problem)


def _in_unit() -> bool:
    try:
        unit_tenant()
    except OutsideUnit:
        return False
    return True


@asynccontextmanager
async def _lifespan(app: Litestar) -> AsyncIterator[None]:
    """Open the database, check it, learn the sites, and run what runs beside requests."""
    runtime = runtime_of(app)
    with runtime.active(), acting(None, VISITOR):
        await runtime.database.start()
        await runtime.check()
        await runtime.tenants.refresh()
        beside = [asyncio.ensure_future(runtime.tenants.poll())]
        worker = Worker() if runtime.settings.worker else None
        if worker is not None:
            beside.append(asyncio.ensure_future(worker.run()))
        try:
            yield
        finally:
            if worker is not None:
                worker.stop()
                await beside.pop()
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await runtime.database.stop()


def _platform_routes() -> list[Any]:
    """Return what is answered on every host, whether it is a site's or not."""
    opt = {"capability": "public", "platform": True}

    @get("/healthz", opt=opt, sync_to_thread=None)
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @get("/readyz", opt=opt, sync_to_thread=None)
    async def readyz() -> dict[str, str]:
        """The database answers, too."""
        async with platform_read():
            await platform_execute("SELECT 1 AS one")
        return {"status": "ready"}

    return [healthz, readyz, report_route()]
