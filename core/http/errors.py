"""One place where exceptions become responses: problem details, a page, or a part for htmx."""

import html as markup
import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

from litestar import Request, Response
from litestar.response.base import ASGIResponse

from core.http.asgi import ASGIApp, Message, Receive, Scope, Send, asked_path
from core.http.problems import explain
from core.http.respond import Problem, html, is_htmx, problem_response
from core.i18n import gettext as _
from core.i18n import language

__all__ = ["ErrorAnswers", "ErrorPage", "wants_problem"]

_log = logging.getLogger("vitral.http")

AnyRequest = Request[Any, Any, Any]
ErrorPage = Callable[[AnyRequest, int, Problem], Awaitable[Response[Any] | str | None]]
"""Renders an error for people: gets the request, the status and the problem, returns HTML or a whole
response (for 401 a redirect to the log-in, say), or None where it has no page for this one."""

NOTICE_TARGET = "#notices"
"""Where the admin shows the part that answers a failed htmx request."""


def wants_problem(request: AnyRequest) -> bool:
    """Tell whether the client reads problem details: the API always, others if they ask for JSON."""
    path = asked_path(request.scope)
    if path.startswith("/api/") or path == "/api":
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept


class ErrorAnswers:
    """Turns every exception into a response, inside Litestar and in the layers around it.

    Give `handler` to Litestar (`exception_handlers={Exception: answers.handler}`) and put `wrap`
    around the outer layers, right inside `SecurityHeaders`.

    Args:
        page: Renders errors on HTML paths. Without it, or where it returns None or fails, a plain
            page is sent.
    """

    def __init__(self, page: ErrorPage | None = None) -> None:
        self.page = page

    def handler(self, request: AnyRequest, error: Exception) -> Response[Any]:
        """Answer for Litestar. The page is rendered while the response is sent, so it may await."""
        return _Later(self, request, error)

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Return `app` with its exceptions answered.

        An exception after the response has begun is logged and raised again: the server then breaks
        the connection off, which is the only honest way to say that the body is incomplete.
        """

        async def answered(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            started = False

            async def watched(message: Message) -> None:
                nonlocal started
                started = True
                await send(message)

            try:
                await app(scope, receive, watched)
            except Exception as error:
                request: AnyRequest = Request(scope, receive, send)
                if started:
                    self._record(request, error)
                    raise
                await self.answer(request, error, receive, send)

        return answered

    async def answer(self, request: AnyRequest, error: Exception, receive: Receive, send: Send) -> None:
        """Send the response for `error`."""
        problem, headers, unexpected = explain(error)
        if unexpected:
            self._record(request, error)
        if wants_problem(request):
            response: Response[Any] = problem_response(problem, headers)
        else:
            headers.pop("www-authenticate", None)
            response = await self._rendered(request, problem)
            for name, value in headers.items():
                response.headers.setdefault(name, value)
            response.headers.setdefault("cache-control", "no-store")
        scope: Any = request.scope
        asgi: Any = response.to_asgi_response(None, request, is_head_response=scope["method"] == "HEAD")
        await asgi(scope, receive, send)

    async def _rendered(self, request: AnyRequest, problem: Problem) -> Response[Any]:
        if self.page is not None:
            try:
                made = await self.page(request, problem.status, problem)
            except Exception:  # whatever a theme raises, the person still gets an answer
                _log.exception(
                    "the page for error %d failed; incident %s", problem.status, problem.reference or "-"
                )
            else:
                if isinstance(made, Response):
                    return made
                if made is not None:
                    return (
                        _as_part(html(made, problem.status))
                        if is_htmx(request)
                        else html(made, problem.status)
                    )
        if is_htmx(request):
            return _as_part(html(_plain_part(problem), problem.status))
        return html(_plain_page(problem), problem.status)

    @staticmethod
    def _record(request: AnyRequest, error: Exception) -> None:
        scope: Any = request.scope
        handler = scope.get("route_handler")
        # the query is left out: it may hold personal data
        _log.error(
            "unexpected error on %s %r in %s; incident %s",
            scope["method"],
            asked_path(request.scope),
            handler if handler is not None else "the layers before the routes",
            explain(error).problem.reference or "-",
            exc_info=error,
        )


class _Later(Response[None]):
    """A response that is only made once it can be awaited."""

    def __init__(self, answers: ErrorAnswers, request: AnyRequest, error: Exception) -> None:
        super().__init__(None)
        self._answers = answers
        self._request = request
        self._error = error

    def to_asgi_response(self, *args: Any, **kwargs: Any) -> ASGIResponse:
        """Return what Litestar calls with the connection."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            await self._answers.answer(self._request, self._error, receive, send)

        return cast("ASGIResponse", answer)


def _as_part(response: Response[str]) -> Response[str]:
    """Send the fragment to the notices, wherever the failed request wanted its answer."""
    response.headers.update({"hx-retarget": NOTICE_TARGET, "hx-reswap": "innerHTML", "hx-push-url": "false"})
    return response


def _lines(problem: Problem, *, reference: bool) -> str:
    lines = []
    if problem.detail:
        lines.append(f"<p>{markup.escape(problem.detail)}</p>")
    if problem.errors:
        items = "".join(f"<li>{markup.escape(entry.message)}</li>" for entry in problem.errors)
        lines.append(f"<ul>{items}</ul>")
    if reference and problem.reference:
        label = _("Reference")
        lines.append(f"<p>{label}: <code>{markup.escape(problem.reference)}</code></p>")
    return "".join(lines)


def _plain_part(problem: Problem) -> str:
    title = f'<p class="notice-title">{markup.escape(problem.title)}</p>'
    lines = _lines(problem, reference=problem.status >= 500)
    return f'<div class="notice notice-error" role="alert">{title}{lines}</div>'


def _plain_page(problem: Problem) -> str:
    title = markup.escape(problem.title)
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1>{_lines(problem, reference=True)}</main></body></html>"
    )
