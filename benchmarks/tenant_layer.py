"""What the tenant layer costs a request: the same inner app with it and without it."""

import asyncio
from time import perf_counter
from typing import Any

from core.context import Tenant
from core.ids import new_id
from core.plugins import use_registry
from core.runtime import load_registry
from core.settings import Settings
from core.tenancy import TenantASGI, Tenants

REPEATS = 20_000


async def _inner(scope: Any, receive: Any, send: Any) -> None:
    return None


async def _receive() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _send(message: Any) -> None:
    return None


async def _time(app: Any) -> float:
    best = float("inf")
    for _ in range(5):
        begin = perf_counter()
        for _ in range(REPEATS):
            scope = {"type": "http", "method": "GET", "path": "/a-post/", "headers": [(b"host", b"a.test")]}
            await app(scope, _receive, _send)
        best = min(best, (perf_counter() - begin) / REPEATS * 1e6)
    return best


async def measure() -> dict[str, float]:
    """Return microseconds per request that the layer adds."""
    registry = load_registry(Settings())
    tenants = Tenants()
    tenant = Tenant(
        id=new_id(),
        slug="a",
        title="A",
        status="active",
        hosts=("a.test",),
        enabled=frozenset(),
        theme="claro",
    )
    tenants.adopt((tenant,), revision=1)
    layer = TenantASGI(_inner, tenants=tenants, find=lambda method, path: {"capability": "public"})
    with use_registry(registry):
        bare, with_layer = await _time(_inner), await _time(layer)
    return {"us per request": with_layer - bare}


if __name__ == "__main__":
    print(asyncio.run(measure()))
