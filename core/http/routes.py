"""What each route takes as a body, read off its handler, and the refusal to start if that is unsafe."""

from collections.abc import Iterable
from typing import Any, NamedTuple, get_args

from litestar import HttpMethod, Litestar
from litestar.enums import RequestEncodingType
from litestar.exceptions import LitestarException
from litestar.handlers import BaseRouteHandler
from litestar.params import BodyKwarg
from litestar.utils import normalize_path
from msgspec import structs

from core.errors import StartError
from core.http.asgi import Scope
from core.http.convert import is_struct, parts_of, unwrap

__all__ = [
    "FORM",
    "JSON",
    "MULTIPART",
    "BodyRule",
    "RouteFinder",
    "is_written",
    "require_safe_routes",
    "rule_of",
]

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

DEFAULT_LIMIT = 1_000_000
_SHORT = {"json": JSON, "form": FORM, "multipart": MULTIPART}


class BodyRule(NamedTuple):
    """What one route takes: media types, bytes, and the type that a JSON body has to be."""

    accepts: frozenset[str]
    limit: int
    model: Any = None
    required: bool = False


class RouteFinder:
    """Finds the handler that Litestar will choose, before it does.

    Args:
        app: The application whose routes count.
    """

    def __init__(self, app: Litestar) -> None:
        self._route = app.asgi_router.handle_routing

    def __call__(self, scope: Scope) -> BaseRouteHandler | None:
        """Return the handler for a request, or None where nobody wrote one: the answer is 404 or 405."""
        handler = self._find(scope["path"], scope.get("root_path", ""), scope.get("method"))
        return handler if handler is not None and is_written(handler) else None

    def allowed(self, scope: Scope) -> str:
        """Return the methods that are taken at a request's address, as the header `Allow` lists them.

        A handler with `opt["absent"]` takes none: it answers as if it were not there.
        """
        path, root = scope["path"], scope.get("root_path", "")
        found = {method: self._find(path, root, method) for method in HttpMethod}
        return ", ".join(
            sorted(
                m
                for m, handler in found.items()
                if handler and is_written(handler) and "absent" not in handler.opt
            )
        )

    def _find(self, path: str, root: str, method: str | None) -> BaseRouteHandler | None:
        if root:
            path = path.split(root, maxsplit=1)[-1]
        try:
            return self._route(path=normalize_path(path), method=method)[1]
        except LitestarException:
            return None


def is_written(handler: BaseRouteHandler) -> bool:
    """Tell whether somebody wrote a handler; Litestar adds one for OPTIONS to every address."""
    return not handler.fn.__module__.startswith("litestar.")


def rule_of(handler: BaseRouteHandler, *, api: bool) -> BodyRule:
    """Read off a handler what it takes as a body.

    `opt={"accepts": ("json",), "body_limit": 50_000}` says it outright; `accepts` holds "json",
    "form", "multipart" or whole media types, which arrive unread. Otherwise a `data` parameter
    means JSON, and a handler without one takes forms on a page and JSON in the API.

    Args:
        handler: Any Litestar route handler.
        api: Whether its path lies under /api/.
    """
    opt = handler.opt
    limit = int(opt.get("body_limit", DEFAULT_LIMIT))
    data = handler.parsed_data_field
    model = data.annotation if data is not None else None
    required = data is not None and not data.is_optional and not data.has_default
    if (declared := opt.get("accepts")) is not None:
        names: Iterable[str] = (declared,) if isinstance(declared, str) else declared
        accepts = frozenset(_SHORT.get(name, name.lower()) for name in names)
        return BodyRule(accepts, limit, model if JSON in accepts else None, required)
    if data is not None:
        return BodyRule(frozenset({JSON}), limit, model, required)
    if not hasattr(handler, "http_methods"):
        return BodyRule(frozenset(), limit)
    return BodyRule(frozenset({JSON}) if api else frozenset({FORM, MULTIPART}), limit)


def require_safe_routes(app: Litestar) -> None:
    """Refuse to start while a handler would take fields that nobody named.

    Raises:
        StartError: Lists every handler whose `data` is no Struct, whose Structs ignore unknown
            fields, or which leaves the decoding to Litestar.
    """
    found: list[str] = []
    for route in app.routes:
        for handler, model in getattr(route, "route_handler_map", {}).values():
            if "data" in model.expected_reserved_kwargs and handler.parsed_data_field is None:
                found.append(f"{route.path} ({handler}): takes `data` in a dependency")
            found += _unsafe(route.path, handler)
    if found:
        raise StartError(
            "Some routes take a body that is not checked field by field:\n  "
            + "\n  ".join(sorted(set(found))),
            hint="Declare msgspec Structs with forbid_unknown_fields=True; read forms with read_form().",
        )


def _unsafe(path: str, handler: BaseRouteHandler) -> list[str]:
    data = handler.parsed_data_field
    if data is None:
        return []
    where = f"{path} ({handler})"
    declared = data.kwarg_definition
    if isinstance(declared, BodyKwarg) and declared.media_type not in (RequestEncodingType.JSON, JSON):
        return [f"{where}: takes `data` as {declared.media_type}"]
    if getattr(handler, "resolve_data_dto", lambda: None)() is not None:
        return [f"{where}: takes `data` through a DTO"]
    problems = [
        f"{where}: `data` is {part!r}, which is no Struct"
        for part in _leaves(data.annotation)
        if not is_struct(part)
    ]
    for model in _structs_in(data.annotation, set()):
        if not model.__struct_config__.forbid_unknown_fields:
            problems.append(f"{where}: {model.__qualname__} ignores unknown fields")
    return problems


def _leaves(annotation: Any) -> list[Any]:
    """Return the types at the top of a body: a union's parts, a list's entries."""
    found: list[Any] = []
    for part in parts_of(annotation):
        inner, _metas = unwrap(part)
        args = get_args(inner)
        found += _leaves(args[0]) if args and not is_struct(inner) and len(args) == 1 else [inner]
    return found


def _structs_in(annotation: Any, seen: set[Any]) -> set[Any]:
    inner, _metas = unwrap(annotation)
    if is_struct(inner):
        if inner not in seen:
            seen.add(inner)
            for field in structs.fields(inner):
                _structs_in(field.type, seen)
    else:
        for part in get_args(inner):
            _structs_in(part, seen)
    return seen
