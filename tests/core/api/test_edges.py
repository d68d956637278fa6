"""The edges of the API: bodies, parameters, tags, the document, how often (T3, T4, WB02, IO09, F23, F25)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar

from core.api import document_of
from core.app import create_app
from tests.core.api.kit import Api, open_api
from tests.kit import templates
from tests.kit.people import People
from tests.routes.sessions import signed_in

JSON = {"content-type": "application/json"}
WRONG_TYPES = {
    "plain text": {"content-type": "text/plain"},
    "a form": {"content-type": "application/x-www-form-urlencoded"},
    "a multipart form": {"content-type": "multipart/form-data; boundary=x"},
    "no type at all": {},
}
BROKEN = {
    "cut off": b'{"title": "x"',
    "too deep": b'{"ext": ' + b"[" * 4_000 + b"]" * 4_000 + b"}",
    "not UTF-8": b'{"title": "\xff"}',
    "NUL": b'{"title": "a\\u0000b"}',
    "half a character": b'{"title": "\\ud800"}',
    "a key twice": b'{"title": "a", "title": "b"}',
    "a huge number": b'{"author": 99999999999999999999999999}',
    "not JSON": b"title=x",
    "empty": b"",
}


def _with_body(app: Litestar) -> Iterator[tuple[str, str]]:
    for path, item in document_of(app, frozenset())["paths"].items():
        for method, operation in item.items():
            if "requestBody" in operation:
                address = path.removeprefix("/api/v1").replace("{number}", "1").replace("{type}", "book")
                yield method.upper(), address.replace("{taxonomy}", "category")


@pytest.mark.parametrize("kind", WRONG_TYPES)
async def test_a_body_that_is_not_declared_as_json_is_415(app: Litestar, kind: str) -> None:
    admin = await open_api(app, "alfa", "administrator")
    routes = list(_with_body(app))
    assert len(routes) > 10
    for method, path in routes:
        answer = await admin.request(method, path, content=b'{"title": "x"}', headers=WRONG_TYPES[kind])
        assert answer.status_code == 415, (method, path)
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_body_that_is_broken_is_400(app: Litestar, kind: str) -> None:
    admin = await open_api(app, "alfa", "administrator")
    for method, path in _with_body(app):
        answer = await admin.request(method, path, content=BROKEN[kind], headers=JSON)
        assert answer.status_code == 400, (method, path, answer.text[:300])
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_that_is_too_large_is_413(app: Litestar) -> None:
    admin = await open_api(app, "alfa", "administrator")
    for method, path in _with_body(app):
        body = b'{"title": "' + b"x" * 5_000_000 + b'"}'
        answer = await admin.request(method, path, content=body, headers=JSON)
        assert answer.status_code == 413, (method, path)


async def test_every_wrong_parameter_is_named_and_none_is_ignored(app: Litestar) -> None:
    visitor = await open_api(app)
    problem = await visitor.json("/posts?limit=1000000&order=random&after=2020&author=-1", 400)
    assert {error["field"] for error in problem["errors"]} == {"limit", "order", "after", "author"}
    problem = await visitor.json("/posts?oder=title", 400)
    assert "order" in problem["errors"][0]["message"]
    problem = await visitor.json("/posts?limit=5&limit=6", 400)
    assert problem["errors"][0]["field"] == "limit"
    problem = await visitor.json("/posts?after=9999-12-31T23:59:59-12:00", 400)
    assert problem["errors"][0]["field"] == "after"
    problem = await visitor.json("/posts?taxonomy=category", 400)
    assert problem["errors"][0]["field"] == "term"
    problem = await visitor.json("/posts?search=a%E2%80%AEb", 400)
    assert problem["errors"][0]["field"] == "search"


@pytest.mark.parametrize("number", ["0", "-1", "1abc", "1.0", "9" * 30, "%00", "0x1"])
async def test_a_number_that_is_none_finds_nothing(app: Litestar, number: str) -> None:
    visitor = await open_api(app)
    answer = await visitor.get(f"/posts/{number}")
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_an_address_that_is_nobodys_is_404_for_every_method(app: Litestar, method: str) -> None:
    answer = await (await open_api(app)).request(method, "/nothing/here")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_what_one_has_already_is_not_sent_again(app: Litestar) -> None:
    visitor = await open_api(app)
    first = await visitor.get("/types")
    tag = first.headers["etag"]
    assert "Authorization" in first.headers["vary"]
    again = await visitor.get("/types", headers={"if-none-match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    head = await visitor.head("/types")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


async def test_a_session_needs_the_form_token_for_changes(app: Litestar, people: People) -> None:
    person = await people.make("alfa", "administrator")
    browser = await signed_in(app, "alfa", person)
    path = f"/api/v1/users/{person.number}"
    assert (await browser.ask("GET", "/api/v1/users/me")).json()["number"] == person.number
    body, token = {"bio": "Nova", "version": person.version}, browser.csrf
    for csrf, origin in (
        ("", "same-origin"),
        ("x", "same-origin"),
        (token, "cross-site"),
        (token, "same-site"),
    ):
        browser.csrf = csrf
        answer = await browser.ask("PATCH", path, json=body, headers={"sec-fetch-site": origin})
        assert answer.status_code == 403, (csrf, origin)
    browser.csrf = token
    answer = await browser.ask("PATCH", path, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["bio"] == "Nova"


async def test_nobody_is_told_to_say_who_he_is(app: Litestar) -> None:
    visitor = await open_api(app)
    answer = await visitor.post("/posts", json={"title": "x"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    stray = Api(app, "alfa", "cms_api_aaaaaaaa_" + "A" * 43 + "_00000000")
    assert (await stray.get("/types")).status_code == 401


async def test_changes_are_counted(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.api.changes.CHANGES", (2, 60))
    author = await open_api(app, "alfa", "author")
    path = f"/users/{author.person.number}"
    answers = [await author.patch(path, json={"bio": "a", "version": version}) for version in (1, 2, 3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert (await author.get(path)).status_code == 200


async def test_the_document_is_for_those_who_are_signed_in_in_production(
    app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, reader = await open_api(app), await open_api(app, "alfa", "subscriber")
    assert (await visitor.get("/openapi.json")).status_code == 200
    monkeypatch.setattr(type(app.state.runtime.settings), "production", property(lambda self: True))
    assert (await visitor.get("/openapi.json")).status_code == 401
    assert (await reader.get("/openapi.json")).status_code == 200


async def test_the_document_names_only_the_api_and_every_way_in(app: Litestar) -> None:
    document = await (await open_api(app)).json("/openapi.json")
    assert all(path.startswith("/api/v1") for path in document["paths"])
    assert set(document["components"]["securitySchemes"]) == {"token", "session"}
    ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(ids) == len(set(ids))
    assert "get_posts_number" in ids
    text = json.dumps(document)
    for name in document["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text
    limit = next(
        entry for entry in document["paths"]["/api/v1/posts"]["get"]["parameters"] if entry["name"] == "limit"
    )
    assert (limit["schema"]["minimum"], limit["schema"]["maximum"]) == (1, 100)


def test_litestars_own_pages_of_the_document_are_not_served(tmp_path: Any) -> None:
    app = create_app(templates.test_settings(tmp_path))
    paths = {route.path for route in app.routes}
    assert "/api/v1/openapi.json" in paths
    assert not [path for path in paths if path.startswith("/schema") or path.endswith("openapi.yaml")]


async def test_tokens_that_are_worth_nothing_are_counted(app: Litestar) -> None:
    stray = Api(app, "alfa", "cms_api_aaaaaaaa_" + "A" * 43 + "_00000000")
    answers = [await stray.get("/types") for _ in range(61)]
    assert {answer.status_code for answer in answers[:60]} == {401}
    assert answers[60].status_code == 429
    assert (await (await open_api(app)).get("/types")).status_code == 200


async def test_another_method_is_405_and_names_the_ones_there_are(app: Litestar) -> None:
    answer = await (await open_api(app, "alfa", "administrator")).put("/posts", json={})
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))
