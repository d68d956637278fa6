"""From an exception to what people may know about it: one mapping for all faces (LO03).

Errors of `core.errors` are meant for people and are shown. Everything else is a fault of ours: it is
logged with its traceback and shown as a sentence and a reference, nothing more.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec
from litestar.exceptions import HTTPException, ValidationException

from core.context import request_id
from core.errors import (
    Conflict,
    Forbidden,
    RateLimited,
    Refused,
    StepUp,
    Unauthenticated,
    Unavailable,
    VitralError,
)
from core.http.messages import required
from core.http.respond import FieldProblem, Problem
from core.i18n import gettext as _

__all__ = ["Explained", "explain", "field_problems"]

_PLAIN = "about:blank"
"""RFC 9457: a problem that is nothing more than its HTTP status."""
_MISSING = re.compile(r"Missing required \w+ parameter '([^']{1,100})'")


class Explained(NamedTuple):
    """A problem, the headers that go with it, and whether it was unexpected and has to be logged."""

    problem: Problem
    headers: dict[str, str]
    unexpected: bool


def _title(status: int) -> str:
    titles = {
        400: _("The request can't be understood"),
        401: _("Sign in first"),
        403: _("This is not allowed"),
        404: _("Not found"),
        405: _("This can't be done here"),
        408: _("The request took too long"),
        409: _("Somebody else changed this"),
        410: _("This is gone"),
        413: _("Too large"),
        415: _("Wrong kind of content"),
        422: _("Something needs to be corrected"),
        429: _("Too many tries"),
        500: _("Something went wrong"),
        503: _("Not available right now"),
    }
    return titles.get(status) or titles[500 if status >= 500 else 400]


def _sentence(status: int) -> str:
    sentences = {
        401: _("This needs somebody who is signed in."),
        403: _("You don't have the right to do this."),
        404: _("There is nothing at this address."),
        410: _("What was here was taken away, and will not come back."),
        405: _("This address takes other kinds of requests only."),
        413: _("What was sent is larger than what is taken here."),
        415: _("What was sent is of a kind that is not taken here."),
        429: _("Wait a moment and try again."),
        503: _("Try again in a moment."),
    }
    return sentences.get(status) or _("Check what was sent and try again.")


def field_problems(errors: Mapping[str, str]) -> tuple[FieldProblem, ...]:
    """Return errors by dotted field name as entries with JSON pointers."""
    return tuple(
        FieldProblem(field=name, pointer=_pointer(name), message=message) for name, message in errors.items()
    )


def _pointer(name: str) -> str:
    if not name:
        return "#"
    escaped = name.replace("~", "~0").replace("/", "~1")
    return "#/" + escaped.replace(".", "/")


def explain(error: BaseException) -> Explained:
    """Return what may be said about `error`."""
    instance = f"urn:uuid:{request_id()}" if request_id() else ""
    if isinstance(error, VitralError) and (error.status < 500 or isinstance(error, Unavailable)):
        return _ours(error, instance)
    if isinstance(error, HTTPException) and error.status_code < 500:
        return _litestars(error, instance)
    if isinstance(error, msgspec.ValidationError):
        problem = Problem(
            type=_PLAIN, title=_title(422), status=422, detail=_sentence(422), instance=instance
        )
        return Explained(problem, {}, True)
    if isinstance(error, HTTPException) and error.status_code == 503:
        problem = Problem(
            type=_PLAIN, title=_title(503), status=503, detail=_sentence(503), instance=instance
        )
        return Explained(problem, {"retry-after": "5"}, False)
    detail = _(
        "This is a fault of the server, not of what you did. It has been recorded under the reference below."
    )
    return Explained(
        Problem(type=_PLAIN, title=_title(500), status=500, detail=detail, instance=instance), {}, True
    )


def _ours(error: VitralError, instance: str) -> Explained:
    extra: dict[str, Any] = {}
    headers: dict[str, str] = {}
    errors: Mapping[str, str] = getattr(error, "errors", {})
    detail = str(error)
    if errors:
        extra["errors"] = field_problems(errors)
        detail = _("Some fields need to be corrected.") if error.status == 422 else detail
    if isinstance(error, Forbidden):
        extra["reasons"] = error.reasons
    elif isinstance(error, Refused):
        extra["plugin"], extra["findings"] = error.plugin, error.findings
    elif isinstance(error, Conflict):
        extra["current"], extra["yours"] = error.current, error.yours
    elif isinstance(error, RateLimited | Unavailable):
        extra["retry_after"] = error.retry_after
        headers["retry-after"] = str(error.retry_after)
    elif isinstance(error, Unauthenticated):
        headers["www-authenticate"] = 'Bearer realm="vitral"'
    problem = Problem(
        type=f"urn:vitral:problem:{error.slug}",
        title=_("Confirm that it is you") if isinstance(error, StepUp) else _title(error.status),
        status=error.status,
        detail=detail or _sentence(error.status),
        instance=instance,
        **extra,
    )
    return Explained(problem, headers, False)


def _litestars(error: HTTPException, instance: str) -> Explained:
    status = error.status_code
    errors: dict[str, str] = {}
    if isinstance(error, ValidationException):
        detail = _("A parameter of the address is missing or wrong.")
        if (missing := _MISSING.search(error.detail)) is not None:
            errors[missing[1]] = required()
        for entry in error.extra if isinstance(error.extra, list) else ():
            if isinstance(entry, dict) and entry.get("key"):
                errors[str(entry["key"])] = _("This value doesn't fit here.")
    elif error.detail and error.detail != HTTPStatus(status).phrase:
        detail = error.detail
    else:
        detail = _sentence(status)
    problem = Problem(
        type=_PLAIN,
        title=_title(status),
        status=status,
        detail=detail,
        instance=instance,
        errors=field_problems(errors),
    )
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if "allow" in headers:  # Litestar counts its own answer to OPTIONS, which nobody gets (see `Decode`)
        headers["allow"] = ", ".join(m for m in headers["allow"].split(", ") if m != "OPTIONS")
    return Explained(problem, headers, False)
