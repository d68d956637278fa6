"""What the test kit promises to tests: one context, no network, a server that keeps its roles apart."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from typing import Any

import httpx
import pytest

from tests.kit.loop import is_here

_who: ContextVar[str] = ContextVar("kit_who", default="nobody")
_seen: list[str] = []


@pytest.fixture
async def somebody() -> AsyncIterator[str]:
    token = _who.set("somebody")
    yield "a value"
    _seen.append(_who.get())
    _who.reset(token)  # raises in any other context


@pytest.fixture
async def later(somebody: str) -> str:
    return f"{somebody} for {_who.get()}"


async def test_fixtures_and_test_share_a_context(somebody: str, later: str) -> None:
    assert later == "a value for somebody"
    assert _who.get() == "somebody"
    _who.set("changed by the test")


async def test_the_clean_up_saw_what_the_test_set() -> None:
    assert _seen == ["changed by the test"]
    assert _who.get() == "nobody"


@pytest.mark.parametrize("number", [1, 2])
async def test_parameters_reach_async_tests(number: int) -> None:
    assert number in (1, 2)


async def test_a_raising_async_test_fails() -> None:
    with pytest.raises(ZeroDivisionError):
        await asyncio.sleep(0)
        _ = 1 / 0


async def _by_a_stream() -> None:
    await asyncio.open_connection("192.0.2.1", 80)


async def _by_a_datagram() -> None:
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=("192.0.2.1", 53))


async def _by_a_socket() -> None:
    with socket.socket() as plain:
        plain.settimeout(0.2)
        plain.connect(("192.0.2.1", 80))


async def _by_a_socket_in_the_loop() -> None:
    with socket.socket() as plain:
        plain.setblocking(False)
        await asyncio.get_running_loop().sock_connect(plain, ("192.0.2.1", 80))


@pytest.mark.parametrize("attempt", [_by_a_stream, _by_a_datagram, _by_a_socket, _by_a_socket_in_the_loop])
async def test_no_test_reaches_the_outside(attempt: Callable[[], Any]) -> None:
    with pytest.raises(AssertionError, match="tried to reach 192"):
        await asyncio.wait_for(attempt(), 2)


async def test_an_http_client_does_not_reach_the_outside() -> None:
    blocked = pytest.RaisesExc(AssertionError, match="tried to reach 192")
    async with httpx.AsyncClient() as client:
        with pytest.RaisesGroup(blocked, flatten_subgroups=True):
            await client.get("http://192.0.2.1/")


async def test_names_of_the_outside_are_unknown() -> None:
    with pytest.raises(socket.gaierror):
        await asyncio.get_running_loop().getaddrinfo("www.example.org", 443)


async def test_this_machine_is_reached() -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("localhost", port, family=socket.AF_INET)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("clinica.localhost", True),
        (None, True),
        (b"localhost", True),
        ("localhost.example.org", False),
        ("192.168.0.1", False),
        ("10.0.0.1", False),
    ],
)
def test_what_counts_as_this_machine(host: object, here: bool) -> None:
    assert is_here(host) is here
