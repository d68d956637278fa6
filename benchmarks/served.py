"""Requests a second from the server, one worker: an article page, and a constant page from the bare framework."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from litestar import Litestar

from benchmarks.article import bare_app, make_site
from benchmarks.start import VITRAL, free_port, serving
from core.app import runtime_of
from core.settings import Settings

CONNECTIONS = 16
SECONDS = 4.0
_SIZE = "BENCH_SIZE"


def bare() -> Litestar:
    """Return the bare application; the server makes it, in a process of its own."""
    return bare_app(int(os.environ[_SIZE]))


class _Client(asyncio.Protocol):
    """Asks for the same page again as soon as an answer is complete, on one connection."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._missing = 0
        self.count = 0
        self.size = 0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self._missing == 0:
            head, _, _body = data.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode("latin-1"))
            self.size = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            self._missing = len(head) + 4 + self.size
        self._missing -= len(data)
        if self._missing == 0:
            self.count += 1
            self._transport.write(self._request)


async def _rate(port: int, host: str, path: str) -> tuple[float, int]:
    """Return answers a second over all connections, and the size of one."""
    request = f"GET {path} HTTP/1.1\r\nhost: {host}\r\naccept: text/html\r\n\r\n".encode()
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: _Client(request), "127.0.0.1", port) for _ in range(CONNECTIONS)
    ]
    await asyncio.sleep(1)  # templates compiled, statements kept
    clients = [client for _transport, client in made]
    before, begin = sum(client.count for client in clients), perf_counter()
    await asyncio.sleep(SECONDS)
    rate = (sum(client.count for client in clients) - before) / (perf_counter() - begin)
    for transport, _client in made:
        transport.close()
    return rate, clients[0].size


async def measure() -> dict[str, float]:
    """Return answers a second of both, and their ratio."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        app = await make_site(Settings(database_url=url, var=folder, sites=folder, worker=False))
        await runtime_of(app).database.stop()
        environment = {
            **os.environ,
            "VITRAL_VAR": folder,
            "VITRAL_SITES": folder,
            "VITRAL_DATABASE_URL": url,
            "VITRAL_PORT": str(port),
            "VITRAL_RELOAD_TEMPLATES": "false",
        }
        ready = f"http://127.0.0.1:{port}/readyz"
        with serving([VITRAL, "serve", "--no-worker"], environment, ready):
            article, size = await _rate(port, "bench.test", "/texto-3/")
        granian = str(Path(sys.executable).with_name("granian"))
        options = ["--interface", "asgi", "--loop", "uvloop", "--port", str(port), "--factory", "--no-ws"]
        with serving(
            [granian, *options, "benchmarks.served:bare"], {**environment, _SIZE: str(size)}, ready[:-6]
        ):
            constant, _size = await _rate(port, "bench.test", "/")
    return {
        "article, requests/s": article,
        "constant page of the same size, requests/s": constant,
        "ratio": article / constant,
    }
