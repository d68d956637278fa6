"""The OpenAPI document: made by Litestar from the handlers, completed here, and cut to what a site has."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from litestar import Litestar, Request, Response, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types.internal_types import PathParameterDefinition

from core.accounts import require
from core.api.problems import READS, may_answer
from core.api.respond import answer
from core.context import current_tenant
from core.plugins import current_registry

__all__ = ["PARAMETERS", "document_of", "openapi_config", "openapi_route"]

PARAMETERS: Final = "parameters"
"""Key of a handler's `opt`: the Struct that its query parameters are read into."""

_TAG: Final = "plugin:"
_REF: Final = "#/components/schemas/"
_ABOUT: Final = """
Posts, pages, terms and people of this site. See `docs/how-to/use-the-api.md`.

Whoever asks without saying who he is sees what is published. Errors are problem details (RFC 9457).
Lists go on with a cursor: follow `next` until it is null.
"""
_SCHEMES: Final = {
    "token": SecurityScheme(
        type="http",
        scheme="bearer",
        bearer_format="cms_api_...",
        description="An API token, made in the admin under one's own profile. It can do what both its scopes and its owner may.",
    ),
    "session": SecurityScheme(
        type="apiKey",
        name="sid",
        security_scheme_in="cookie",
        description="The session of somebody who is signed in. Changes need the header X-CSRF-Token, too.",
    ),
}


class _Unserved(Router):
    """Takes the routes that Litestar would serve its document at, and drops them.

    They would show every site what all plugins of the installation can do, and ask nobody who he is.
    """

    def register(self, value: Any) -> list[Any]:
        """Register nothing."""
        return []


def _operation_id(
    handler: HTTPRouteHandler, method: Any, components: list[str | PathParameterDefinition]
) -> str:
    parts = [part.name if isinstance(part, PathParameterDefinition) else part for part in components]
    words = [
        str(getattr(method, "value", method)).lower(),
        *(part for part in parts if part not in ("api", "v1")),
    ]
    return "_".join("".join(ch if ch.isalnum() else "_" for ch in word) for word in words if word)


def openapi_config() -> OpenAPIConfig:
    """Return how Litestar is to describe the API. It serves nothing itself: `openapi_route` does."""
    return OpenAPIConfig(
        title="Vitral",
        version="1",
        description=_ABOUT.strip(),
        components=Components(security_schemes=dict(_SCHEMES)),
        security=[{"token": []}, {"session": []}, {}],
        use_handler_docstrings=True,
        operation_id_creator=_operation_id,
        openapi_router=_Unserved("/", route_handlers=[]),
    )


@get(
    "/openapi.json",
    opt={"capability": "public"},
    responses=may_answer(*READS),
    summary="This document",
    tags=["index"],
)
async def openapi_route(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """Describe the API as it is on this site, with the routes of the plugins that are enabled.

    In production it is for people who are signed in.
    """
    if request.app.state.runtime.settings.production:
        await require("read")
    active = current_registry().active(current_tenant().enabled)
    return answer(request, document_of(request.app, frozenset(active)))


def document_of(app: Litestar, active: frozenset[str]) -> Mapping[str, Any]:
    """Return the document for a site where these plugins are on. It is made once per set of plugins."""
    made: dict[frozenset[str], Mapping[str, Any]] = app.state.setdefault("api_documents", {})
    if active not in made:
        made[active] = _make(app, active)
    return made[active]


def _make(app: Litestar, active: frozenset[str]) -> Mapping[str, Any]:
    whole = app.openapi_schema.to_schema()
    handlers = {
        (route.path_format or "/", method.lower()): handler
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods
    }
    schemas: dict[str, Any] = dict(whole.get("components", {}).get("schemas", {}))
    paths: dict[str, Any] = {}
    for path, item in whole["paths"].items():
        if not path.startswith("/api/"):
            continue
        kept = {
            method: _completed(path, operation, handlers.get((path, method)), schemas)
            for method, operation in item.items()
            if _is_there(operation, active)
        }
        if kept:
            paths[path] = kept
    components = {
        **whole.get("components", {}),
        "schemas": {name: schemas[name] for name in sorted(_needed(paths, schemas))},
    }
    return {**whole, "paths": paths, "components": components}


def _is_there(operation: Mapping[str, Any], active: frozenset[str]) -> bool:
    tags = [tag for tag in operation.get("tags", ()) if tag.startswith(_TAG)]
    return all(tag.removeprefix(_TAG) in active for tag in tags)


def _completed(
    path: str, operation: Mapping[str, Any], handler: HTTPRouteHandler | None, schemas: dict[str, Any]
) -> dict[str, Any]:
    """Add the parameters that a handler takes without naming them in its signature."""
    parameters = list(operation.get("parameters", ()))
    named = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
    for part in path.split("/"):
        name = part[1:-1] if part.startswith("{") else ""
        if name and name not in named:
            schema = {"type": "string", "pattern": "^[a-z0-9_]{1,60}$"}
            parameters.append({"name": name, "in": "path", "required": True, "schema": schema})
    model = handler.opt.get(PARAMETERS) if handler is not None else None
    if model is not None:
        parameters += _query_parameters(model, schemas)
    return {**operation, "parameters": parameters} if parameters else dict(operation)


def _query_parameters(model: type[msgspec.Struct], schemas: dict[str, Any]) -> Iterator[dict[str, Any]]:
    _refs, components = msgspec.json.schema_components([model], ref_template=_REF + "{name}")
    described = components.pop(model.__name__)
    schemas.update(components)
    for name, schema in described["properties"].items():
        parameter = {"name": name, "in": "query", "required": name in described.get("required", ())}
        if "description" in schema:
            parameter["description"] = schema["description"]
        if schema.get("type") == "array":
            parameter |= {"style": "form", "explode": False}
        yield {**parameter, "schema": schema}


def _needed(paths: Mapping[str, Any], schemas: Mapping[str, Any]) -> set[str]:
    """Return the names of the schemas that the paths refer to, directly or not."""
    found: set[str] = set()
    waiting = set(_references(paths))
    while waiting:
        name = waiting.pop()
        if name in schemas and name not in found:
            found.add(name)
            waiting.update(_references(schemas[name]))
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield reference.removeprefix(_REF)
        for child in node.values():
            yield from _references(child)
    elif isinstance(node, list | tuple):
        for child in node:
            yield from _references(child)
