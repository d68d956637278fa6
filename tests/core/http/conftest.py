"""A small application with the whole edge around it, as core/app.py puts it together."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar

from core.http import Decode, ErrorAnswers, ProxyHeaders, RouteFinder, SecurityHeaders
from core.i18n import use_language

MakeApp = Callable[..., Litestar]
MakeClient = Callable[..., httpx.AsyncClient]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


@pytest.fixture
def make_app() -> MakeApp:
    def make(
        *handlers: Any, page: Any = None, hosts: Any = None, trusted: tuple[str, ...] = (), outer: Any = None
    ) -> Litestar:
        answers = ErrorAnswers(page)
        app = Litestar(
            route_handlers=list(handlers),
            exception_handlers={Exception: answers.handler},
            openapi_config=None,
            logging_config=None,
        )
        inner: Any = Decode(app.asgi_handler, RouteFinder(app))
        if outer is not None:
            inner = outer(inner)
        layers: Any = SecurityHeaders(ProxyHeaders(answers.wrap(inner), trusted), hosts=hosts)
        app.asgi_handler = layers
        return app

    return make


@pytest.fixture
def edge(make_app: MakeApp) -> MakeClient:
    """Make a client for an application with the given handlers. Exceptions that get out fail the test."""

    def make(*handlers: Any, base: str = "http://site.test", **kwargs: Any) -> httpx.AsyncClient:
        app: Any = make_app(*handlers, **kwargs)
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=base)

    return make
