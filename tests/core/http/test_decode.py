"""T3, T4, F21, F23, WB02: no route sees a body, path or query that the decode layer hasn't."""

from typing import Annotated, Any

import msgspec
import pytest
from litestar import Controller, Request, Router, asgi, delete, get, patch, post, put, route
from litestar.params import FromPath, FromQuery, JSONBody

from core.http import Line, Slug, form_of

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
    takes_json = path.startswith(("/api/", "/deep/"))
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


@pytest.mark.parametrize(
    "media", ["application/json", "application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
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
            "/api/v1/nested",
            json={"post": {"title": "a\nb", "slug": "A b", "stars": 9}, "tags": ["ok", "N O"]},
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
