"""Every address that is answered, with the right it takes and whose it is."""

from collections.abc import Iterator

import msgspec
from litestar.handlers.http_handlers import HTTPRouteHandler

from core.tenancy import SITE_PREFIX
from generators.installation import Installation
from generators.markdown import code, first_line, page_of, table

__all__ = ["page"]

_INTRO = """`public` asks for no right; the handler may still ask for one about the thing in question. HEAD is
answered wherever GET is. A plugin's addresses exist only on sites where it is enabled: elsewhere they are 404, as
if nobody had written them. `platform` marks what is answered on every host, whether it is a site's or not. Files
under `/static/` are served before routes are looked at."""


class _Row(msgspec.Struct, frozen=True, order=True):
    path: str
    methods: str
    capability: str
    owner: str
    meaning: str


def page(installation: Installation) -> str:
    """Return the page of all routes."""
    rows = sorted(set(_rows(installation)))
    kinds: dict[str, list[_Row]] = {"The site": [], "The admin": [], "The API": []}
    for row in rows:
        head = row.path.split("/")[1]
        kinds[{"admin": "The admin", "api": "The API"}.get(head, "The site")].append(row)
    blocks = [_INTRO]
    for title, some in ((title, some) for title, some in kinds.items() if some):
        lines = [(code(r.path), r.methods, code(r.capability), r.owner, r.meaning) for r in some]
        blocks += [f"## {title}", table(("address", "methods", "capability", "of", "what it does"), lines)]
    return page_of("Routes", *blocks)


def _rows(installation: Installation) -> Iterator[_Row]:
    for route in installation.app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if not isinstance(handler, HTTPRouteHandler) or handler.fn.__module__.startswith("litestar."):
                continue
            owner = str(handler.opt.get("plugin", "core")) + (
                ", platform" if handler.opt.get("platform") else ""
            )
            yield _Row(
                path=route.path.removeprefix(SITE_PREFIX) or "/",
                methods=" ".join(sorted(handler.http_methods - {"HEAD", "OPTIONS"})),
                capability=str(handler.opt.get("capability", "")),
                owner=owner,
                meaning=first_line(handler.fn.__doc__),
            )
