"""T3, T4, F21, F23, WB02: no route sees a body, path or query that the decode layer hasn't."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
import pytest
from litestar import Controller, Request, Router, asgi, delete, get, patch, post, put, route
from litestar.params import FromPath, FromQuery, JSONBody

from core.http import Decode, Line, Slug, form_of
from core.http import decode as decode_module

JSON = {"content-type": "application/json"}


class PostIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    title: Line
    slug: Slug | None = None
    stars: Annotated[int, msgspec.Meta(ge=1, le=5)] = 3


class Meta(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    post: PostIn
    tags: list[Slug] = []


@post("/api/v1/posts")
async def create(data: JSONBody[PostIn]) -> PostIn:
    return data


@patch("/api/v1/posts/{number:int}")
async def change(number: FromPath[int], data: JSONBody[PostIn]) -> dict[str, Any]:
    return {"number": number, "title": data.title}


@put("/api/v1/nested")
async def nested(data: JSONBody[Meta]) -> Meta:
    return data


@post("/api/v1/many")
async def many(data: JSONBody[list[PostIn]]) -> int:
    return len(data)


@delete("/api/v1/posts/{number:int}", status_code=200)
async def remove(number: FromPath[int], request: Request[Any, Any, Any]) -> str:
    return (await request.body()).decode()


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


@route("/both", http_method=["GET", "POST", "PUT"])
async def both(request: Request[Any, Any, Any]) -> str:
    return (await request.body()).decode()


@get("/echo")
async def echo(request: Request[Any, Any, Any], q: FromQuery[str] = "") -> dict[str, str]:
    return {"q": q, "body": (await request.body()).decode()}


@get("/page/{name:str}")
async def page(name: FromPath[str]) -> str:
    return name


class Things(Controller):
    path = "/things"

    @post("/{name:str}")
    async def make(self, name: FromPath[str], data: JSONBody[PostIn]) -> str:
        return name + data.title


@asgi("/mounted", is_mount=True, copy_scope=True)
async def mounted(scope: Any, receive: Any, send: Any) -> None:
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message["body"]})


ALL = (
    create, change, nested, many, remove, save, raw, both, echo, page, mounted,
    Router("/deep", route_handlers=[Router("/er", route_handlers=[Things])]),
)  # fmt: skip

UNSAFE = [
    ("POST", "/api/v1/posts"),
    ("PATCH", "/api/v1/posts/7"),
    ("PUT", "/api/v1/nested"),
    ("POST", "/api/v1/many"),
    ("DELETE", "/api/v1/posts/7"),
    ("POST", "/save"),
    ("POST", "/hook"),
    ("POST", "/both"),
    ("PUT", "/both"),
    ("POST", "/deep/er/things/x"),
    ("POST", "/mounted/anything"),
    ("DELETE", "/mounted/anything"),
]

BAD_BODIES = {
    "deep": b"[" * 100_000,
    "latin-1": b'{"title": "\xff"}',
    "nul": b'{"title": "a\\u0000"}',
    "twice": b'{"title": "a", "title": "b"}',
    "broken": b'{"title": ',
    "long number": b'{"title": "a", "stars": 99999999999999999999999}',
}


def test_the_list_below_is_all_there_is(make_app: Any) -> None:
    app = make_app(*ALL)
    unsafe = {
        (method, route.path)
        for route in app.routes
        for method in (getattr(route, "methods", None) or ["ASGI"])
        if method not in ("GET", "HEAD", "OPTIONS")
    }
    assert len(unsafe) == len(UNSAFE) - 1, "the mount is tried with two methods"


@pytest.mark.parametrize("bad", BAD_BODIES)
@pytest.mark.parametrize(("method", "path"), UNSAFE)
async def test_bad_json_reaches_no_route(edge: Any, method: str, path: str, bad: str) -> None:
    async with edge(*ALL) as client:
        answer = await client.request(method, path, content=BAD_BODIES[bad], headers=JSON)
    takes_json = path.startswith("/api/") or path.startswith("/deep/")
    assert answer.status_code == (400 if takes_json else 415), answer.text


WRONG_TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
TAKES_FORMS = ("/save", "/both")


@pytest.mark.parametrize(
    ("method", "path", "media"),
    [
        (method, path, media)
        for method, path in UNSAFE
        for media in WRONG_TYPES
        if path not in TAKES_FORMS or media in ("text/plain", None)
    ],
)
async def test_json_as_something_else_is_415(edge: Any, method: str, path: str, media: str | None) -> None:
    """T3's four cases: what a foreign page can send without asking first."""
    headers = {"content-type": media} if media else {}
    async with edge(*ALL) as client:
        answer = await client.request(method, path, content=b'{"title": "x"}', headers=headers)
    assert answer.status_code == 415, answer.text


@pytest.mark.parametrize("media", ["application/json", "application/JSON; charset=UTF-8", 'application/json;charset="utf-8"'])
async def test_json_is_taken(edge: Any, media: str) -> None:
    async with edge(*ALL) as client:
        answer = await client.post(
            "/api/v1/posts", content='{"title": "Olá", "stars": 5}'.encode(), headers={"content-type": media}
        )
    assert answer.status_code == 201
    assert answer.json() == {"title": "Olá", "slug": None, "stars": 5}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("content-type", "application/json; charset=latin-1")], 415),
        ([("content-type", "application/json"), ("content-encoding", "gzip")], 415),
        ([("content-type", "application/json"), ("content-type", "text/plain")], 400),
        ([("content-type", "application/jsonp")], 415),
        ([("content-type", "application/json, text/plain")], 415),
    ],
)
async def test_odd_headers(edge: Any, headers: list[tuple[str, str]], status: int) -> None:
    async with edge(*ALL) as client:
        answer = await client.post("/api/v1/posts", content=b'{"title": "x"}', headers=headers)
    assert answer.status_code == status


async def test_unknown_fields_are_400_and_named(edge: Any) -> None:
    async with edge(*ALL) as client:
        answer = await client.post("/api/v1/posts", json={"title": "x", "tenant_id": "y", "star": 1})
        deep = await client.put("/api/v1/nested", json={"post": {"title": "x", "is_admin": True}})
    assert answer.status_code == deep.status_code == 400
    fields = {entry["field"]: entry["message"] for entry in answer.json()["errors"]}
    assert set(fields) == {"tenant_id", "star"}
    assert "stars" in fields["star"]
    assert deep.json()["errors"][0]["pointer"] == "#/post/is_admin"


async def test_all_wrong_values_at_once(edge: Any) -> None:
    async with edge(*ALL) as client:
        answer = await client.put(
            "/api/v1/nested", json={"post": {"title": "a\nb", "slug": "A b", "stars": 9}, "tags": ["ok", "N O"]}
        )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [entry["pointer"] for entry in answer.json()["errors"]] == [
        "#/post/title",
        "#/post/slug",
        "#/post/stars",
        "#/tags/1",
    ]


@pytest.mark.parametrize("value", ["3", 3.5, True, None, "3abc"])
async def test_json_is_typed_strictly(edge: Any, value: Any) -> None:
    """Litestar alone would take "3" for 3: the confusion behind WordPress's CVE-2017-1001000."""
    async with edge(*ALL) as client:
        answer = await client.post("/api/v1/posts", json={"title": "x", "stars": value})
    assert answer.status_code == 422


async def test_a_missing_body_is_said_to_be_missing(edge: Any) -> None:
    async with edge(*ALL) as client:
        answer = await client.post("/api/v1/posts")
        typed = await client.post("/api/v1/posts", headers=JSON)
        fine = await client.delete("/api/v1/posts/1")
    assert (answer.status_code, typed.status_code, fine.status_code) == (400, 400, 200)
    assert "JSON body" in answer.json()["detail"]


async def test_a_body_on_get_is_never_read(edge: Any) -> None:
    async with edge(*ALL) as client:
        answer = await client.request("GET", "/echo", content=b"\xff\x00", headers=JSON)
        other = await client.request("GET", "/both", content=b"x" * 5000)
    assert (answer.status_code, answer.json()["body"], other.text) == (200, "", "")


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
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode("utf-8", "replace"), "query_string": b"", "root_path": "", "client": ("192.0.2.1", 1),
        "headers": [(b"host", b"site.test"), (b"content-type", media.encode()), *headers],
    }  # fmt: skip


async def ask(app: Any, scope: dict[str, Any], receive: Any) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return (sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])) if sent else (0, b"")


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

    status, _body = await ask(make_app(watched), scope_of("/watched", "application/x-www-form-urlencoded"), receive)
    assert (status, called) == (0, [])


async def test_forms_arrive(edge: Any) -> None:
    async with edge(*ALL) as client:
        answer = await client.post("/save", data={"title": "Olá & mais", "tags": ["a", "b"], "empty": ""})
    assert answer.status_code == 201
    assert answer.json()["fields"] == [["title", "Olá & mais"], ["tags", "a"], ["tags", "b"], ["empty", ""]]
    assert answer.json()["litestar"]["title"] == "Olá & mais"


async def test_multipart_arrives_with_files_and_they_are_closed(edge: Any) -> None:
    kept: list[Any] = []

    @post("/upload", opt={"body_limit": 5_000_000})
    async def upload(request: Request[Any, Any, Any]) -> dict[str, Any]:
        form = form_of(request)
        file = form.file("picture")
        assert file is not None
        kept.append(file)
        data = await file.read()
        return {"title": form.get("title"), "name": file.filename, "size": len(data), "disk": file.rolled_to_disk}

    async with edge(upload) as client:
        answer = await client.post(
            "/upload",
            data={"title": "Foto"},
            files={"picture": ("maçã.png", b"x" * 3_000_000, "image/png"), "other": ("", b"")},
        )
    assert answer.json() == {"title": "Foto", "name": "maçã.png", "size": 3_000_000, "disk": True}
    assert kept[0].file.closed


PART = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("media", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"title=%ff", 400),
        ("application/x-www-form-urlencoded", b"title=\xff", 400),
        ("application/x-www-form-urlencoded", b"title=a%00b", 400),
        ("application/x-www-form-urlencoded", b"ti%00tle=a", 400),
        ("application/x-www-form-urlencoded", b"title=%ed%a0%80", 400),
        ("application/x-www-form-urlencoded", b"a&" * 6000, 400),
        ("application/x-www-form-urlencoded; charset=latin-1", b"title=a", 415),
        ("multipart/form-data; boundary=x", PART % (b"a", b"", b"\xff"), 400),
        ("multipart/form-data; boundary=x", PART % (b"a", b"", b"\x00"), 400),
        ("multipart/form-data; boundary=x", PART % (b"a\x00", b"", b"x"), 400),
        ("multipart/form-data; boundary=x", PART % (b"\xff", b"", b"x"), 400),
        ("multipart/form-data; boundary=x", PART % (b"a", b'; filename="\xff"', b"x"), 400),
        ("multipart/form-data; boundary=x", PART % (b"a", b'; filename="a\x00b"', b"x"), 400),
        ("multipart/form-data; boundary=x", PART % (b"a", b"\r\nContent-Type: text/plain; charset=ebcdic", b"x"), 415),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=", 400),
        ("multipart/form-data; boundary=x", b"no boundary at all", 400),
        ("multipart/form-data", PART % (b"a", b"", b"x"), 400),
        ("multipart/form-data; boundary=x", (PART % (b"a", b"", b"x"))[:-7] * 5001, 400),
    ],
)
async def test_bad_forms_are_refused(edge: Any, media: str, body: bytes, status: int) -> None:
    async with edge(*ALL) as client:
        answer = await client.post("/save", content=body, headers={"content-type": media, "accept": "text/html"})
    assert answer.status_code == status, answer.text


async def test_form_bodies_stay_in_no_cache(edge: Any) -> None:
    """Litestar's parser keeps the last 1024 bodies, passwords and all, and up to 10 MB each."""
    from litestar._parsers import parse_url_encoded_form_data

    before = parse_url_encoded_form_data.cache_info().currsize
    async with edge(*ALL) as client:
        await client.post("/save", data={"password": "correct horse battery staple"})
    assert parse_url_encoded_form_data.cache_info().currsize == before


async def chunks(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_a_form_in_single_bytes(edge: Any) -> None:
    body = b"a=%C3%A9&b=2"
    async with edge(*ALL) as client:
        answer = await client.post(
            "/save",
            content=chunks(*(body[index : index + 1] for index in range(len(body)))),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
    assert answer.json()["fields"] == [["a", "é"], ["b", "2"]]


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
    ],
)
async def test_paths_and_queries(make_app: Any, raw_path: bytes, path: str, query: bytes, status: int) -> None:
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
