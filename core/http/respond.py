"""Small answers that all faces give: a page, a part of it, a redirect, a problem."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.enums import MediaType

from core.http.asgi import Scope
from core.http.redirects import safe_next

__all__ = [
    "VARY_KEY",
    "Problem",
    "html",
    "is_htmx",
    "page_or_part",
    "problem_response",
    "redirect",
    "vary_on",
]

VARY_KEY = "vary"

RedirectStatus = Literal[301, 302, 303, 307, 308]


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One field that is wrong: its dotted name, the same as a JSON pointer, and a sentence."""

    field: str
    pointer: str
    message: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong, as RFC 9457 problem details; error pages are made from the same values.

    `instance` is the request's id as a URN: the number a person quotes and the log is searched for.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str = ""
    errors: tuple[FieldProblem, ...] = ()
    reasons: tuple[str, ...] = ()
    plugin: str = ""
    findings: tuple[Any, ...] = ()
    current: Mapping[str, Any] = {}
    yours: Mapping[str, Any] = {}
    retry_after: int = 0

    @property
    def reference(self) -> str:
        """The request's id alone, to show to a person; "" outside a request."""
        return self.instance.removeprefix("urn:uuid:")


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response[Problem]:
    """Return `problem` as `application/problem+json`."""
    return Response(
        problem,
        status_code=problem.status,
        media_type="application/problem+json",
        headers={"cache-control": "no-store", **(headers or {})},
    )


def html(body: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[str]:
    """Return rendered HTML, a page or a part of one."""
    return Response(body, status_code=status, media_type=MediaType.HTML, headers=dict(headers or {}))


def vary_on(connection: ASGIConnection[Any, Any, Any, Any] | Scope, *names: str) -> None:
    """Say that the answer depends on these request headers; `SecurityHeaders` adds them to Vary."""
    scope: Scope = connection.scope if isinstance(connection, ASGIConnection) else connection
    scope.setdefault("state", {}).setdefault(VARY_KEY, set()).update(names)


def is_htmx(request: Request[Any, Any, Any]) -> bool:
    """Tell whether htmx sent this request. Only for choosing the form of an answer, never for rights."""
    return request.headers.get("hx-request") == "true"


def page_or_part(request: Request[Any, Any, Any]) -> Literal["page", "part"]:
    """Tell whether to answer with the whole page or, for htmx, the part that changes.

    Boosted links and history restoration replace the whole page, so they get one. The answer is
    marked as depending on these headers, so that no cache mixes the two up.
    """
    vary_on(request, "HX-Request", "HX-Boosted", "HX-History-Restore-Request")
    if not is_htmx(request):
        return "page"
    whole = (
        request.headers.get("hx-boosted") == "true"
        or request.headers.get("hx-history-restore-request") == "true"
    )
    return "page" if whole else "part"


def redirect(
    path: str, status: RedirectStatus = 303, *, request: Request[Any, Any, Any] | None = None
) -> Response[None]:
    """Return a redirect to a path of this site.

    Args:
        path: Path with query and fragment. Anything that could leave the site becomes "/".
        status: 303 after a form, 301 or 308 for what moved for good, 302 or 307 for now.
        request: Given and sent by htmx, the browser is told to load the page as a whole;
            otherwise the new page would end up inside the old one.
    """
    target = safe_next(path)
    if request is not None and page_or_part(request) == "part":
        return Response(None, status_code=204, headers={"hx-redirect": target})
    return Response(None, status_code=status, media_type=MediaType.TEXT, headers={"location": target})
