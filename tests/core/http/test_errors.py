"""One mapping from exceptions to answers: problems for the API, pages and parts for people (LO03)."""

import logging
from typing import Any

import msgspec
import pytest
from litestar import Request, Response, get, post
from litestar.exceptions import (
    ClientException,
    HTTPException,
    ImproperlyConfiguredException,
    InternalServerException,
    NotAuthorizedException,
    PermissionDeniedException,
    ServiceUnavailableException,
    TooManyRequestsException,
    ValidationException,
)
from litestar.params import FromQuery

from core.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Refused,
    StartError,
    StepUp,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
    VitralError,
)
from core.http import ErrorAnswers, Problem, SecurityHeaders, html
from core.i18n import use_language

SECRETS = ("swordfish", "Traceback", "/work", ".py", "SELECT", "RuntimeError")


def failing(error: Exception) -> list[Any]:
    @get("/api/fail")
    async def api() -> None:
        raise error

    @get("/fail")
    async def page() -> None:
        raise error

    return [api, page]


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (BadRequest("Not like this."), 400, "bad-request"),
        (Unauthenticated("Who are you?"), 401, "unauthenticated"),
        (StepUp("Once more, please."), 401, "step-up"),
        (Forbidden("Not you.", reasons=["no role"]), 403, "forbidden"),
        (NotFound("No post 7."), 404, "not-found"),
        (Conflict("Changed meanwhile.", current={"a": 1}, yours={"a": 2}), 409, "conflict"),
        (TooLarge("Too much."), 413, "too-large"),
        (UnsupportedMedia("Wrong kind."), 415, "unsupported-media-type"),
        (Invalid({"title": "Too long.", "tags.0": "No."}), 422, "invalid"),
        (Refused("The check says no.", plugin="lgpd"), 422, "refused"),
        (RateLimited("Slow down.", retry_after=30), 429, "rate-limited"),
        (Unavailable("Busy.", retry_after=7), 503, "unavailable"),
    ],
)
async def test_our_errors_are_shown(
    edge: Any, caplog: pytest.LogCaptureFixture, error: VitralError, status: int, slug: str
) -> None:
    async with edge(*failing(error)) as client:
        api = await client.get("/api/fail")
        asked = await client.get("/fail", headers={"accept": "application/json"})
        page = await client.get("/fail", headers={"accept": "text/html,*/*"})
    assert api.status_code == asked.status_code == page.status_code == status
    assert api.headers["content-type"] == asked.headers["content-type"] == "application/problem+json"
    problem = api.json()
    assert problem["type"] == f"urn:vitral:problem:{slug}"
    assert problem["status"] == status
    assert problem["instance"] == f"urn:uuid:{api.headers['x-request-id']}"
    assert problem["title"] != problem["detail"]
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "www-authenticate" not in page.headers, "browsers would open their own log-in window"
    if not isinstance(error, Invalid):
        assert problem["detail"] == error.message
        assert error.message in page.text
    assert caplog.records == [], "an expected error is not logged as a fault"


async def test_what_the_problems_carry(edge: Any) -> None:
    async def problem(error: Exception) -> tuple[dict[str, Any], Any]:
        async with edge(*failing(error)) as client:
            answer = await client.get("/api/fail")
            return answer.json(), answer.headers

    invalid, _headers = await problem(Invalid({"title": "Too long.", "rows.0.a/b": "No."}))
    assert invalid["errors"] == [
        {"field": "title", "pointer": "#/title", "message": "Too long."},
        {"field": "rows.0.a/b", "pointer": "#/rows/0/a~1b", "message": "No."},
    ]
    conflict, _headers = await problem(Conflict("x", current={"a": 1}, yours={"a": 2}))
    assert (conflict["current"], conflict["yours"]) == ({"a": 1}, {"a": 2})
    forbidden, _headers = await problem(Forbidden("x", reasons=["no role", "not yours"]))
    assert forbidden["reasons"] == ["no role", "not yours"]
    refused, _headers = await problem(Refused("x", plugin="lgpd", findings=[{"rule": "cpf"}]))
    assert (refused["plugin"], refused["findings"]) == ("lgpd", [{"rule": "cpf"}])
    limited, headers = await problem(RateLimited("x", retry_after=30))
    assert (limited["retry_after"], headers["retry-after"]) == (30, "30")
    _nobody, headers = await problem(Unauthenticated("x"))
    assert headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("swordfish SELECT * FROM users"),
        KeyError("swordfish"),
        VitralError("swordfish"),
        StartError("swordfish"),
        InternalServerException("swordfish"),
        ImproperlyConfiguredException("swordfish"),
        HTTPException("swordfish", status_code=500),
        ExceptionGroup("swordfish", [ValueError("swordfish")]),
        RecursionError("swordfish"),
        UnicodeDecodeError("utf-8", b"swordfish", 0, 1, "swordfish"),
    ],
)
async def test_a_fault_shows_a_reference_and_is_logged_whole(
    edge: Any, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    async with edge(*failing(error)) as client:
        answers = [
            await client.get("/api/fail?patient=9"),
            await client.get("/fail"),
            await client.get("/fail", headers={"hx-request": "true"}),
        ]
    for answer, record in zip(answers, caplog.records, strict=True):
        assert answer.status_code == 500
        assert not [word for word in SECRETS if word in answer.text]
        reference = answer.headers["x-request-id"]
        assert reference in answer.text
        assert reference in record.getMessage()
        assert record.levelno == logging.ERROR
        assert record.exc_info is not None
        assert record.exc_info[1] is error
        assert "patient" not in record.getMessage()


async def test_faults_of_validation_inside_are_422_and_logged(
    edge: Any, caplog: pytest.LogCaptureFixture
) -> None:
    @get("/api/inside")
    async def inside() -> int:
        return msgspec.convert("x", int)

    async with edge(inside) as client:
        answer = await client.get("/api/inside")
    assert answer.status_code == 422
    assert "Expected" not in answer.text
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (ClientException("Say which day."), 400, "Say which day."),
        (NotAuthorizedException(), 401, "signed in"),
        (PermissionDeniedException("Not on Sundays."), 403, "Not on Sundays."),
        (TooManyRequestsException(headers={"Retry-After": "9"}), 429, "Wait"),
        (ServiceUnavailableException("swordfish"), 503, "moment"),
        (HTTPException(status_code=417), 417, "Check"),
        (
            ValidationException("swordfish", extra=[{"key": "page", "message": "Expected `int`, got `str`"}]),
            400,
            "para",
        ),
    ],
)
async def test_litestars_own(edge: Any, error: Exception, status: int, detail: str) -> None:
    async with edge(*failing(error)) as client:
        answer = await client.get("/api/fail")
    assert answer.status_code == status
    assert detail in answer.json()["detail"]
    assert "swordfish" not in answer.text
    assert "Expected `" not in answer.text
    if status == 429:
        assert answer.headers["retry-after"] == "9"


async def test_query_parameters_and_routing(edge: Any) -> None:
    @get("/api/list")
    async def listing(page: FromQuery[int], size: FromQuery[int] = 10) -> int:
        return page

    @post("/api/list")
    async def add() -> None:
        return None

    async with edge(listing, add) as client:
        missing = await client.get("/api/list")
        wrong = await client.get("/api/list?page=x&size=z")
        method = await client.delete("/api/list")
        nothing = await client.get("/api/none")
    assert missing.status_code == wrong.status_code == 400
    assert [entry["field"] for entry in missing.json()["errors"]] == ["page"]
    assert {entry["field"] for entry in wrong.json()["errors"]} == {"page", "size"}
    assert method.status_code == 405
    assert "POST" in method.headers["allow"]
    assert nothing.status_code == 404
    assert nothing.json()["type"] == "about:blank"


async def test_people_get_the_apps_page(edge: Any) -> None:
    seen: list[tuple[str, int, Problem]] = []

    async def error_page(
        request: Request[Any, Any, Any], status: int, problem: Problem
    ) -> Response[str] | str | None:
        seen.append((request.scope["path"], status, problem))
        if status == 401:
            return Response("", status_code=303, headers={"location": "/login"})
        return None if status == 403 else f"<h1>{status}: {problem.title}</h1>"

    async def ask(error: Exception, **headers: str) -> Any:
        async with edge(*failing(error), page=error_page) as client:
            return await client.get(
                "/fail", headers={name.replace("_", "-"): text for name, text in headers.items()}
            )

    gone = await ask(NotFound("No post 7."))
    assert (gone.status_code, gone.text) == (404, "<h1>404: Not found</h1>")
    assert gone.headers["cache-control"] == "no-store"
    nobody = await ask(Unauthenticated("x"))
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/login")
    plain = await ask(Forbidden("<b>you</b>"))
    assert "&lt;b&gt;you&lt;/b&gt;" in plain.text
    fault = await ask(RuntimeError("swordfish"))
    assert fault.text == "<h1>500: Something went wrong</h1>"
    assert [entry[1] for entry in seen] == [404, 401, 403, 500]
    assert all(entry[0] == "/fail" for entry in seen)
    assert "swordfish" not in str(seen)


async def test_a_failing_page_does_not_hide_the_error(edge: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def error_page(request: Request[Any, Any, Any], status: int, problem: Problem) -> str:
        raise RuntimeError("the theme is broken")

    async with edge(*failing(NotFound("No post 7.")), page=error_page) as client:
        answer = await client.get("/fail")
    assert answer.status_code == 404
    assert "No post 7." in answer.text
    assert "theme" not in answer.text
    assert "the page for error 404 failed" in caplog.text


async def test_htmx_gets_a_part_for_its_notices(edge: Any) -> None:
    error = Invalid({"title": "Too <long>."})
    async with edge(*failing(error)) as client:
        answer = await client.get("/fail", headers={"hx-request": "true", "accept": "*/*"})
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#notices"
    assert answer.headers["hx-push-url"] == "false"
    assert 'role="alert"' in answer.text
    assert "Too &lt;long&gt;." in answer.text
    assert "<html" not in answer.text


async def test_the_sentences_are_translated(edge: Any) -> None:
    async with edge(*failing(NotFound(""))) as client:
        with use_language("pt-BR"):
            answer = await client.get("/fail")
    assert 'lang="pt-BR"' in answer.text
    assert "Não encontrado" in answer.text


async def test_errors_in_outer_layers_are_answered_the_same(
    edge: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def outer(error: Exception) -> Any:
        def wrap(app: Any) -> Any:
            async def layer(scope: Any, receive: Any, send: Any) -> None:
                raise error

            return layer

        return wrap

    async with edge(outer=outer(NotFound("No such site."))) as client:
        answer = await client.get("/", headers={"accept": "text/html"})
    async with edge(outer=outer(RuntimeError("swordfish"))) as client:
        fault = await client.get("/api/x")
    assert answer.status_code == 404
    assert "No such site." in answer.text
    assert "content-security-policy" in answer.headers
    assert fault.status_code == 500
    assert "swordfish" not in fault.text
    assert "the layers before the routes" in caplog.text


async def test_the_path_that_was_asked_decides(edge: Any) -> None:
    """A plugin that is off looks absent: its API answers like an API that doesn't exist."""

    def outer(app: Any) -> Any:
        async def rewrites(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("state", {})["path"] = scope["path"]
            scope["path"] = "/_site" + scope["path"]
            await app(scope, receive, send)

        return rewrites

    async with edge(outer=outer) as client:
        api = await client.get("/api/v1/events")
        page = await client.get("/events")
    assert api.headers["content-type"] == "application/problem+json"
    assert page.headers["content-type"].startswith("text/html")


async def test_an_error_in_mid_answer_breaks_it_off(caplog: pytest.LogCaptureFixture) -> None:
    async def half(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("in the middle")

    async def send(message: Any) -> None:
        sent.append(message["type"])

    sent: list[str] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "scheme": "http",
        "headers": [],
        "query_string": b"",
    }
    with pytest.raises(RuntimeError, match="in the middle"):
        await SecurityHeaders(ErrorAnswers().wrap(half))(scope, None, send)  # type: ignore[arg-type]
    assert sent == ["http.response.start"]
    assert "unexpected error" in caplog.text


def test_html_is_html() -> None:
    assert html("<p>x</p>", 422).status_code == 422
