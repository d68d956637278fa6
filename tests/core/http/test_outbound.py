"""SS01, SS02: against real sockets on loopback, which only these tests' own `allowed` lets through."""

import asyncio
import io
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from core.http import Outbound, OutboundFailed, OutboundRefused, is_public
from core.http import outbound as outbound_module

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nX-Some: thing\r\n\r\nhello"


def says(raw: bytes) -> Answer:
    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)

    return answer


def sends_to(location: str, status: int = 302) -> Answer:
    return says(f"HTTP/1.1 {status} X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())


class Server:
    """A fake server: one answer per path, every request kept."""

    def __init__(self) -> None:
        self.port = 0
        self.seen: list[bytes] = []
        self.answers: dict[str, Answer] = {}

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            length = [line for line in request.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            if length:
                request += await reader.readexactly(int(length[0].split(b":")[1]))
            self.seen.append(request)
            await self.answers.get(request.split(b" ")[1].decode(), says(PAGE))(request, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, or the test is over
        finally:
            writer.close()


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    fake = Server()
    server = await asyncio.start_server(fake.handle, "127.0.0.1", 0)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        server.close()


def loopback(address: str) -> bool:
    return address == "127.0.0.1" or is_public(address)


def answering(*answers: Sequence[str] | Exception) -> Any:
    """A resolver that gives each answer in turn, the last one for ever, and remembers what it was asked."""
    left = list(answers)
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    resolve.asked = asked  # type: ignore[attr-defined]
    return resolve


def client(server: Server, **kwargs: Any) -> Outbound:
    kwargs = {"ports": (server.port,), "allowed": loopback, "resolver": answering(["127.0.0.1"]), **kwargs}
    return Outbound(**kwargs)


async def test_a_page_is_fetched_with_the_name_in_host_and_no_cookies() -> None:
    async with serving() as server:
        found = await client(server).get(
            f"http://example.org:{server.port}/a?b=c#top",
            headers={"Accept": "text/html", "Host": "evil.test"},
        )
    assert (found.status, found.body, found.headers["x-some"]) == (200, b"hello", "thing")
    assert found.url == f"http://example.org:{server.port}/a?b=c#top"
    request = server.seen[0].decode().lower()
    assert request.startswith("get /a?b=c http/1.1\r\n")
    assert f"host: example.org:{server.port}\r\n" in request
    assert request.count("host:") == 1
    assert "accept: text/html\r\n" in request
    assert "accept-encoding: identity\r\n" in request
    assert "cookie" not in request
    assert "python" not in request
    assert "httpx" not in request


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.0.0.1:80/", "http://localhost/", "http://10.0.0.1/", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/",
        "http://0177.0.0.1/", "http://0x7f.0.0.1/", "http://2130706433/", "http://127.1/", "http://0/",
        "http://127.0.0.1./", "http://[fe80::1]/", "http://[64:ff9b::7f00:1]/",
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "javascript:alert(1)",
        "example.org", "", "//x.y",
        "http://user:pw@example.org/", "http://example.org:22/", "http://example.org:0/", "http:///x", "http://",
        "http://exa mple.org/", "http://example.org/\r\nX: y", "http://example.org\\@127.0.0.1/", "http://\u2488.example/",
        "http://\uff11\uff12\uff17.0.0.1/", "https://[::1", "http://a..b/", "http://" + "a" * 300 + ".example/",
    ],
)  # fmt: skip
async def test_addresses_that_are_refused(url: str) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        if host == "localhost":
            return ["127.0.0.1"]
        raise AssertionError(f"{host} must not even be looked up")

    async def lenient(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with pytest.raises(OutboundRefused) as caught:
        # names that are odd but names may be looked up; what they point to is private here
        await Outbound(resolver=lenient if "example" in url or ".." in url else resolve).get(url)
    assert caught.value.status == 422
    assert "127.0.0.1" not in caught.value.message or "127.0.0.1" in url or "\uff11" in url


async def test_every_address_of_a_name_has_to_be_public() -> None:
    for addresses in (["8.8.8.8", "10.0.0.1"], ["::1"], ["fe80::1%2", "8.8.8.8"], ["169.254.169.254"]):
        with pytest.raises(OutboundRefused, match=r"example.org points into a private network"):
            await Outbound(resolver=answering(addresses)).get("http://example.org/")


async def test_rebinding_gains_nothing() -> None:
    """The name answers a public address first and loopback when asked again: it is asked once."""
    async with serving() as server:
        resolver = answering(["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"])
        found = await client(server, resolver=resolver).get(f"http://rebind.test:{server.port}/")
        assert found.body == b"hello"
        assert resolver.asked == ["rebind.test"]
        # the second request resolves anew, and is judged anew
        with pytest.raises(OutboundRefused):
            await client(server, resolver=resolver).get(f"http://rebind.test:{server.port}/")


async def test_redirects_are_followed_and_each_is_checked() -> None:
    async with serving() as server:
        base = f"http://one.test:{server.port}"
        server.answers = {
            "/1": sends_to("/2", 301),
            "/2": sends_to(f"http://two.test:{server.port}/3", 307),
            "/3": sends_to("end"),
            "/loop": sends_to("/loop"),
            "/name": sends_to(f"http://inside.test:{server.port}/x"),
            "/port": sends_to("http://one.test:22/"),
            "/file": sends_to("file:///etc/passwd"),
            "/broken": sends_to("http://[::1"),
        }
        found = await client(server).get(f"{base}/1", headers={"Authorization": "Bearer x", "X-Keep": "1"})
        assert (found.body, found.url) == (b"hello", f"http://two.test:{server.port}/end")
        sent = [request.decode().lower() for request in server.seen]
        assert ["authorization" in request for request in sent] == [True, True, False, False]
        assert all("x-keep: 1" in request for request in sent)
        server.seen.clear()
        with pytest.raises(OutboundFailed, match="too often"):
            await client(server).get(f"{base}/loop")
        assert len(server.seen) == 4
        server.seen.clear()
        inside = answering(["127.0.0.1"], ["192.168.0.1"])
        with pytest.raises(OutboundRefused, match="private network"):
            await client(server, resolver=inside).get(f"{base}/name")
        for path in ("/port", "/file"):
            with pytest.raises(OutboundRefused):
                await client(server).get(f"{base}{path}")
        with pytest.raises(OutboundFailed, match="nowhere"):
            await client(server).get(f"{base}/broken")
        assert not [request for request in server.seen if b"/x" in request]


async def test_a_redirect_to_loopback_is_refused_before_connecting() -> None:
    """127.0.0.1 stands for the public server here, 127.0.0.2 for what listens inside."""
    inside = Server()
    async with serving() as server:
        listening = await asyncio.start_server(inside.handle, "127.0.0.2", server.port)
        try:
            for target in (
                f"http://127.0.0.2:{server.port}/secret",
                f"http://inside.test:{server.port}/secret",
            ):
                server.answers = {"/": sends_to(target)}
                outbound = Outbound(
                    ports=(server.port,),
                    allowed=lambda address: address == "127.0.0.1",
                    resolver=answering(["127.0.0.1"], ["127.0.0.2"]),
                )
                with pytest.raises(OutboundRefused, match="private network"):
                    await outbound.get(f"http://outside.test:{server.port}/")
        finally:
            listening.close()
        assert len(server.seen) == 2
    assert inside.seen == []


async def test_https_is_not_left() -> None:
    current = outbound_module._parse("https://one.test/")
    with pytest.raises(OutboundRefused, match="unencrypted"):
        outbound_module._next(current, "http://one.test/", {})


async def test_hosts_of_a_manifest() -> None:
    async with serving() as server:
        outbound = client(server, hosts=("api.example", "*.cdn.example"))
        for host in ("api.example", "API.example", "a.cdn.example", "a.b.cdn.example", "api.example."):
            assert (await outbound.get(f"http://{host}:{server.port}/")).status == 200
        for host in ("example", "evil-api.example", "api.example.evil.test", "cdn.example", "xcdn.example"):
            with pytest.raises(OutboundRefused, match="not among the hosts"):
                await outbound.get(f"http://{host}:{server.port}/")


async def test_http_can_be_ruled_out() -> None:
    with pytest.raises(OutboundRefused, match="https"):
        await Outbound(plain_http=False).get("http://example.org/")


def endless(head: bytes, piece: bytes) -> Answer:
    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()

    return answer


async def hang(request: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def dribble(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def test_a_body_without_end_stops_at_the_limit() -> None:
    async with serving() as server:
        server.answers = {"/": endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536)}
        with pytest.raises(OutboundFailed, match="longer than 1000000 bytes"):
            await client(server).get(f"http://a.test:{server.port}/", max_bytes=1_000_000)
        file = io.BytesIO()
        with pytest.raises(OutboundFailed, match="longer"):
            await client(server).save(f"http://a.test:{server.port}/", file, max_bytes=1_000_000)
        assert file.tell() <= 1_000_000


async def test_headers_without_end() -> None:
    async with serving() as server:
        server.answers = {"/": endless(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"x" * 1000 + b"\r\n")}
        with pytest.raises(OutboundFailed):
            await client(server).get(f"http://a.test:{server.port}/", seconds=5)


@pytest.mark.parametrize("answer", [hang, dribble])
async def test_slow_servers_are_given_up(answer: Answer) -> None:
    async with serving() as server:
        server.answers = {"/": answer}
        started = time.monotonic()
        with pytest.raises(OutboundFailed, match="too long"):
            await client(server).get(f"http://a.test:{server.port}/", seconds=0.4)
        assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("raw", "match"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\nx", "longer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx", "broke off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nxx", "broke"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "compressed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "broke"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "broke the connection off"),
        (b"", "broke the connection off"),
    ],
)
async def test_lying_servers(raw: bytes, match: str) -> None:
    async with serving() as server:
        server.answers = {"/": says(raw)}
        with pytest.raises(OutboundFailed, match=match) as caught:
            await client(server).get(f"http://a.test:{server.port}/")
    assert "SSH" not in str(caught.value), "what the server sent is never repeated"


async def test_the_next_address_is_tried_when_one_is_dead() -> None:
    async with serving() as server:
        outbound = client(
            server,
            resolver=answering(["127.0.0.2", "127.0.0.1"]),
            allowed=lambda address: address.startswith("127."),
        )
        assert (await outbound.get(f"http://a.test:{server.port}/")).body == b"hello"


async def test_nobody_there() -> None:
    async with serving() as server:
        port = server.port
    outbound = Outbound(ports=(port,), allowed=loopback, resolver=answering(["127.0.0.1"]))
    with pytest.raises(OutboundFailed, match=r"a.test can't be reached"):
        await outbound.get(f"http://a.test:{port}/")
    for answer in (OSError("no"), UnicodeError("no"), []):
        with pytest.raises(OutboundFailed, match="no server called"):
            await Outbound(resolver=answering(answer)).get("http://nowhere.test/")


async def test_post_does_not_follow() -> None:
    async with serving() as server:
        server.answers = {"/hook": sends_to("http://127.0.0.1/")}
        found = await client(server).post(
            f"http://a.test:{server.port}/hook", b'{"a":1}', headers={"content-type": "application/json"}
        )
    assert found.status == 302
    assert server.seen[0].endswith(b'\r\n\r\n{"a":1}')
    assert b"content-type: application/json" in server.seen[0].lower()


async def test_saving_to_a_file() -> None:
    async with serving() as server:
        file = io.BytesIO()
        found = await client(server).save(f"http://a.test:{server.port}/", file)
    assert (found.status, found.body, file.getvalue()) == (200, b"", b"hello")


async def test_no_proxy_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with serving() as server:
        assert (await client(server).get(f"http://a.test:{server.port}/")).status == 200


async def test_header_injection_is_not_sent() -> None:
    async with serving() as server:
        with pytest.raises(OutboundFailed):
            await client(server).get(f"http://a.test:{server.port}/", headers={"x": "a\r\nEvil: 1"})
    assert server.seen == []


async def test_tls_is_checked_against_the_name_not_the_address(authority: Any) -> None:
    server_side, client_side = authority
    names: list[str | None] = []
    server_side.sni_callback = lambda sock, name, context: names.append(name)
    fake = Server()
    server = await asyncio.start_server(fake.handle, "127.0.0.1", 0, ssl=server_side)
    port = server.sockets[0].getsockname()[1]
    outbound = Outbound(
        ports=(port,), allowed=loopback, resolver=answering(["127.0.0.1"]), ssl_context=client_side
    )
    try:
        assert (await outbound.get(f"https://good.test:{port}/")).body == b"hello"
        with pytest.raises(OutboundFailed, match="no valid certificate"):
            await outbound.get(f"https://bad.test:{port}/")
        with pytest.raises(OutboundFailed, match="no valid certificate"):
            await Outbound(ports=(port,), allowed=loopback, resolver=answering(["127.0.0.1"])).get(
                f"https://good.test:{port}/"
            )
    finally:
        server.close()
    assert names[:2] == ["good.test", "bad.test"]
