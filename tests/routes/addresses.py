"""Every route of an application as a real address: what stands in the place of each parameter."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from core.tenancy import SITE_PREFIX

__all__ = ["Address", "address_of", "addresses", "parameters_of"]

_PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")


class Address(NamedTuple):
    """One method of one route."""

    method: str
    path: str
    """As Litestar writes it, with its parameters."""
    capability: str
    plugin: str
    """Whose it is, "core" for ours."""

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"{self.method} {self.path}"

    @property
    def is_api(self) -> bool:
        """Whether it answers programs."""
        return self.path.startswith("/api/")


def addresses(app: Litestar) -> list[Address]:
    """Return every method of every route that somebody wrote, in the order of their paths.

    Pages of the site itself are below a prefix that nobody can ask for from outside; they are left out
    here and asked for by the addresses that the site gives them.
    """
    found = []
    for route in app.routes:
        if route.path.startswith(SITE_PREFIX):
            continue
        for handler in getattr(route, "route_handlers", ()):
            if not isinstance(handler, HTTPRouteHandler) or handler.fn.__module__.startswith("litestar."):
                continue
            capability, plugin = (
                str(handler.opt.get("capability", "")),
                str(handler.opt.get("plugin", "core")),
            )
            found += [
                Address(str(getattr(method, "value", method)), route.path, capability, plugin)
                for method in handler.http_methods
                if method not in ("HEAD", "OPTIONS")
            ]
    return sorted(found, key=lambda address: (address.path, address.method))


def parameters_of(path: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, kind and the fixed part before it for each parameter of a path.

    `/admin/posts/{number:int}` has one: ("number", "int", "posts").
    """
    before = ""
    for part in path.strip("/").split("/"):
        found = _PARAMETER.fullmatch(part)
        if found is None:
            before = part
        else:
            yield found[1], found[2] or "str", before


def address_of(path: str, values: Mapping[tuple[str, str], str]) -> str:
    """Return `path` with a value for each parameter.

    Args:
        path: As Litestar writes it.
        values: What stands there, by the fixed part before it and its name.

    Raises:
        KeyError: Nobody said what stands there.
    """
    made = path
    for name, kind, before in parameters_of(path):
        written = f"{{{name}:{kind}}}"
        written = written if written in made else f"{{{name}}}"
        made = made.replace(written, values[before, name].lstrip("/"), 1)
    return made
