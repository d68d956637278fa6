"""F21, F28, IO08: sizes, slow clients and bad addresses, on the level of ASGI messages."""

import asyncio
from typing import Any

import msgspec
import pytest
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from core.http import Decode, Line, form_of
from core.http import decode as decode_module


class PostIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    title: Line


@post("/api/v1/posts")
async def create(data: JSONBody[PostIn]) -> PostIn:
    return data


@post("/save")
async def save(request: Request[Any, Any, Any]) -> dict[str, Any]:
    files = {name: (await upload.read()).decode() for name, upload in form_of(request).files}
    return {
        "fields": form_of(request).fields,
        "litestar": {key: str(value) for key, value in (await request.form()).items() if key not in files},
        "files": files,
    }


@post("/hook", opt={"accepts": "application/xml", "body_limit": 1000})
async def raw(request: Request[Any, Any, Any]) -> int:
    return len(await request.body())


@get("/echo")
async def echo(request: Request[Any, Any, Any], q: FromQuery[str] = "") -> dict[str, str]:
    return {"q": q, "body": (await request.body()).decode()}


@get("/page/{name:str}")
async def page(name: FromPath[str]) -> str:
    return name


ALL = (create, save, raw, echo, page)


class Source:
    """An ASGI receive without Content-Length, which counts how far it was read."""

    def __init__(self, pieces: int, size: int = 65_536) -> None:
        self.left = pieces
        self.size = size
        self.given = 0

    async def __call__(self) -> dict[str, Any]:
        if not self.left:
            await asyncio.sleep(3600)
        self.left -= 1
        self.given += self.size
        return {"type": "http.request", "body": b" " * self.size, "more_body": self.left > 0}


def scope_of(path: str, media: str, *headers: tuple[bytes, bytes], method: str = "POST") -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "replace"),
        "query_string": b"",
        "root_path": "",
        "client": ("192.0.2.1", 1),
        "headers": [(b"host", b"site.test"), (b"content-type", media.encode()), *headers],
    }


async def ask(app: Any, scope: dict[str, Any], receive: Any) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return (
        (sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])) if sent else (0, b"")
    )


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/api/v1/posts", "application/json"),
        ("/save", "application/x-www-form-urlencoded"),
        ("/save", "multipart/form-data; boundary=x"),
    ],
)
async def test_a_ten_megabyte_body_is_413_before_it_is_buffered(make_app: Any, path: str, media: str) -> None:
    """F21: chunked, so nothing announces the size."""
    source = Source(pieces=160)
    status, _body = await ask(make_app(*ALL), scope_of(path, media), source)
    assert status == 413
    assert source.given <= 1_000_000 + source.size


async def test_multipart_is_limited_too(make_app: Any) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\n'
    source = Source(pieces=160)

    async def receive() -> dict[str, Any]:
        nonlocal head
        if head:
            first, head = head, b""
            return {"type": "http.request", "body": first, "more_body": True}
        return await source()

    status, _body = await ask(make_app(*ALL), scope_of("/save", "multipart/form-data; boundary=x"), receive)
    assert status == 413
    assert source.given <= 1_000_000 + source.size


async def test_an_announced_size_is_refused_unread(make_app: Any) -> None:
    source = Source(pieces=160)
    length = (b"content-length", b"10485760")
    status, body = await ask(make_app(*ALL), scope_of("/api/v1/posts", "application/json", length), source)
    assert (status, source.given) == (413, 0)
    assert b"1000000" in body


async def test_a_raw_body_is_limited_by_its_route(make_app: Any) -> None:
    app = make_app(*ALL)
    assert (await ask(app, scope_of("/hook", "application/xml"), Source(pieces=4, size=250)))[1] == b"1000"
    source = Source(pieces=160, size=250)
    assert (await ask(app, scope_of("/hook", "application/xml"), source))[0] == 413
    assert source.given <= 1250


async def test_a_dribbling_body_is_given_up(make_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """F28: a client that keeps a connection without sending."""
    monkeypatch.setattr(decode_module, "GRACE", 0.05)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async with asyncio.timeout(5):
        status, _body = await ask(make_app(*ALL), scope_of("/api/v1/posts", "application/json"), receive)
    assert status == 408


async def test_a_client_that_leaves_gets_no_handler(make_app: Any) -> None:
    called = []

    @post("/watched")
    async def watched(request: Request[Any, Any, Any]) -> None:
        called.append(request)

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    status, _body = await ask(
        make_app(watched), scope_of("/watched", "application/x-www-form-urlencoded"), receive
    )
    assert (status, called) == (0, [])


def get_scope(raw_path: bytes, path: str, query: bytes = b"") -> dict[str, Any]:
    scope = scope_of(path, "text/plain", method="GET")
    return {**scope, "raw_path": raw_path, "query_string": query}


@pytest.mark.parametrize(
    ("raw_path", "path", "query", "status"),
    [
        (b"/page/caf%C3%A9", "/page/café", b"", 200),
        (b"/page/caf\xc3\xa9", "/page/café", b"", 200),
        (b"/page/a%00b", "/page/a\x00b", b"", 400),
        (b"/page/a%0ab", "/page/a\nb", b"", 400),
        (b"/page/%ff", "/page/\ufffd", b"", 400),
        (b"/page/%ed%a0%80", "/page/\ufffd\ufffd\ufffd", b"", 400),
        (b"/page/%5c..%5cx", "/page/\\..\\x", b"", 400),
        (b"", "/page/a\x00b", b"", 400),
        (b"", "/page/\ud800", b"", 400),
        (b"/echo", "/echo", b"q=%C3%A9", 200),
        (b"/echo", "/echo", b"q=\xc3\xa9", 200),
        (b"/echo", "/echo", b"q=%ff", 400),
        (b"/echo", "/echo", b"q=\xff", 400),
        (b"/echo", "/echo", b"q=%00", 400),
        (b"/echo", "/echo", b"%00=1", 400),
        (b"/echo", "/echo", b"q=%ed%a0%80", 400),
        (b"/echo", "/echo", b"q=100%", 200),
        (b"/echo", "/echo", b"q=\xc3\xa9" + b"&a=" * 248, 200),
        (b"/echo", "/echo", b"q=\xc3\xa9" + b"&a=" * 250, 400),
        (b"/echo", "/echo", b"q=" + b"x" * 8000, 400),
    ],
)
async def test_paths_and_queries(
    make_app: Any, raw_path: bytes, path: str, query: bytes, status: int
) -> None:
    found, body = await ask(make_app(*ALL), get_scope(raw_path, path, query), Source(1))
    assert found == status, body
    if found == 200 and b"%" not in query[-1:]:
        assert "é" in body.decode()


async def test_websockets_are_checked_too() -> None:
    reached = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["path"])

    layer = Decode(inner, lambda scope: None)
    await layer({**get_scope(b"/ws", "/ws"), "type": "websocket"}, Source(1), None)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="characters"):
        await layer({**get_scope(b"/w%00s", "/w\x00s"), "type": "websocket"}, Source(1), None)  # type: ignore[arg-type]
    assert reached == ["/ws"]
