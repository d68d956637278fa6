"""A handler that would take fields nobody named stops the start."""

from typing import Annotated, Any

import msgspec
import pytest
from litestar import Litestar, Request, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody, MsgPackBody, URLEncodedBody

from core.errors import StartError
from core.http import require_safe_routes


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    a: int


class Loose(msgspec.Struct):
    a: int


class Holder(msgspec.Struct, forbid_unknown_fields=True):
    inner: list[Annotated[Loose | None, msgspec.Meta()]]


class Tree(msgspec.Struct, forbid_unknown_fields=True):
    children: "list[Tree]" = []
    extra: dict[str, Strict] = {}


@post("/strict")
async def strict(data: JSONBody[Strict]) -> None: ...


@post("/tree")
async def tree(data: JSONBody[list[Tree] | None] = None) -> None: ...


@post("/request")
async def by_request(request: Request[Any, Any, Any]) -> None: ...


@get("/get")
async def reading() -> None: ...


@post("/loose")
async def loose(data: JSONBody[Loose]) -> None: ...


@post("/holder")
async def holder(data: JSONBody[Holder]) -> None: ...


@post("/dict")
async def mapping(data: JSONBody[dict[str, int]]) -> None: ...


@post("/any")
async def anything(data: JSONBody[Any]) -> None: ...


@post("/form")
async def as_form(data: URLEncodedBody[Strict]) -> None: ...


@post("/msgpack")
async def as_msgpack(data: MsgPackBody[Strict]) -> None: ...


async def reader(data: JSONBody[Strict]) -> int:
    return data.a


@post("/dependency", dependencies={"number": Provide(reader)})
async def through_dependency(number: NamedDependency[int]) -> None: ...


def make(*handlers: Any) -> Litestar:
    return Litestar(list(handlers), openapi_config=None, logging_config=None)


def test_safe_routes_pass() -> None:
    require_safe_routes(make(strict, tree, by_request, reading))


@pytest.mark.parametrize(
    ("handler", "says"),
    [
        (loose, "Loose ignores unknown fields"),
        (holder, "Loose ignores unknown fields"),
        (mapping, "no Struct"),
        (anything, "no Struct"),
        (as_form, "takes `data` as"),
        (as_msgpack, "takes `data` as"),
        (through_dependency, "in a dependency"),
    ],
)
def test_unsafe_ones_are_named(handler: Any, says: str) -> None:
    with pytest.raises(StartError) as caught:
        require_safe_routes(make(strict, handler))
    assert says in str(caught.value)
    assert f"/{next(iter(handler.paths)).strip('/')}" in str(caught.value)
    assert "/strict" not in str(caught.value)
