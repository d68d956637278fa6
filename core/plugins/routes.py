"""A plugin's routes: read off its handlers, checked, and marked with whose they are."""

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from litestar import Litestar, Router
from litestar.exceptions import ImproperlyConfiguredException
from litestar.handlers.base import BaseRouteHandler
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.routes.base import BaseRoute

from core.errors import StartError
from core.http import is_written
from core.plugins.manifest import PluginLevel
from core.plugins.names import carries, check_path

__all__ = ["RouteInfo", "check_shapes", "plugin_router", "route_infos"]


class RouteInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One handler at one address."""

    owner: str
    path: str
    shape: str
    """The path with every parameter replaced by {}: what Litestar tells two routes apart by."""
    methods: tuple[str, ...]
    capability: str
    """Needed to use it; "public" asks for none."""
    handler: str


def plugin_router(
    plugin: str, handlers: Sequence[Any], *, first_party: bool, level: PluginLevel = "site"
) -> Router:
    """Return a router of a plugin's handlers, marked with its name, every route of it checked.

    Args:
        plugin: The plugin's name.
        handlers: Litestar route handlers, controllers or routers.
        first_party: Whether it may answer addresses that a standard fixes.
        level: Only a plugin for the whole installation may answer outside of sites (`opt["platform"]`).

    Raises:
        StartError: A route has no capability, another's, an address that is not the plugin's, a
            handler that is not `async def`, or options that would answer for sites where it is off.
    """
    try:
        router = Router("/", route_handlers=handlers, opt={"plugin": plugin}, tags=[f"plugin:{plugin}"])
    except ImproperlyConfiguredException as error:
        raise StartError(f"The plugin “{plugin}” has routes that can't be used: {error.detail}") from error
    for route in router.routes:
        check_path(plugin, route.path, first_party=first_party)
        for handler in _handlers(route):
            _check_handler(plugin, route.path, handler, level)
    return router


def _check_handler(plugin: str, path: str, handler: BaseRouteHandler, level: PluginLevel) -> None:
    where = f"The plugin “{plugin}”: the route {path} ({handler.handler_name})"
    opt = _opt(handler)
    capability = opt.get("capability")
    if not isinstance(capability, str) or not capability:
        raise StartError(
            f"{where} declares no capability.",
            hint='Write opt={"capability": "edit_posts"}, or "public" for everybody.',
        )
    if "." in capability and not carries(plugin, capability):
        raise StartError(
            f"{where} asks for {capability!r}, which is another plugin's.",
            hint=f"Bring your own: {plugin}.something.",
        )
    if opt["plugin"] != plugin:
        raise StartError(f"{where} says that it is another's.", hint='Take "plugin" out of its opt.')
    if opt.get("platform") and level == "site":
        raise StartError(
            f"{where} would answer outside of sites, also where the plugin is off.",
            hint='Take "platform" out of its opt.',
        )
    if not inspect.iscoroutinefunction(inspect.unwrap(handler.fn)):
        raise StartError(
            f"{where} is not async.", hint="Write `async def`: Litestar sends others to a thread."
        )


def _opt(handler: BaseRouteHandler) -> dict[str, Any]:
    """Return a handler's options with those of its controller and routers, before an app resolves them."""
    merged: dict[str, Any] = {}
    for layer in handler.ownership_layers:
        merged.update(layer.opt or {})
    return merged


def _handlers(route: BaseRoute) -> Iterator[BaseRouteHandler]:
    """Yield the handlers that somebody wrote."""
    several = getattr(route, "route_handlers", None)
    for handler in several if several is not None else (getattr(route, "route_handler"),):  # noqa: B009  # per kind
        if is_written(handler):
            yield handler


def route_infos(owner: str, router: Router | Litestar) -> tuple[RouteInfo, ...]:
    """Return what a router answers.

    Args:
        owner: The plugin's name, or "core".
        router: Its router.
    """
    return tuple(
        RouteInfo(
            owner=owner,
            path=route.path,
            shape="/" + "/".join(part if isinstance(part, str) else "{}" for part in route.path_components),
            methods=tuple(sorted(handler.http_methods)) if isinstance(handler, HTTPRouteHandler) else (),
            capability=str(_opt(handler).get("capability", "")),
            handler=handler.handler_name,
        )
        for route in router.routes
        for handler in _handlers(route)
    )


def check_shapes(routes: Mapping[str, Iterable[RouteInfo]]) -> None:
    """Refuse two routes that Litestar would confuse: it keeps the last one and says nothing.

    Args:
        routes: What each owner answers.

    Raises:
        StartError: Two owners answer one shape, one owner spells a shape in two ways, or answers one method
            there twice. Names both.
    """
    taken: dict[str, RouteInfo] = {}
    answered: dict[tuple[str, str], RouteInfo] = {}
    for infos in routes.values():
        for info in infos:
            first = taken.setdefault(info.shape, info)
            if first.owner != info.owner:
                raise StartError(
                    f"Two plugins answer one address: “{first.owner}” at {first.path}"
                    f" and “{info.owner}” at {info.path}.",
                    hint="Uninstall one of them.",
                )
            if first.path != info.path:
                raise StartError(
                    f"“{info.owner}” spells one address in two ways: {first.path} and {info.path}.",
                    hint="Name and type the parameters the same in both.",
                )
            for method in info.methods:
                if (other := answered.setdefault((info.path, method), info)) is not info:
                    raise StartError(
                        f"“{info.owner}” answers {method} {info.path} twice: {other.handler} and {info.handler}.",
                        hint="Take one of them out.",
                    )
