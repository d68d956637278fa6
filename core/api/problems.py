"""What can go wrong, for the OpenAPI document: every status that a route may answer is named there."""

from typing import Final

from litestar.openapi.datastructures import ResponseSpec

from core.http import Problem

__all__ = ["PROBLEM", "READS", "WRITES", "may_answer"]

PROBLEM: Final = "application/problem+json"

_MEANING: Final = {
    400: "The request can't be understood: a parameter, a field that doesn't exist, malformed JSON.",
    401: "Nobody is signed in and this needs somebody, or the token is worth nothing, or a factor has to be shown.",
    403: "The person or the token may not do this, or the request was not sent by the site itself.",
    404: "There is no such thing on this site, or none that may be seen.",
    408: "The body came in too slowly.",
    409: "Somebody else changed it first; `current` and `yours` hold both states.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "Some fields need to be corrected, each named in `errors`, or a check or plugin refused.",
    429: "Too many changes; `Retry-After` says when to try again.",
    503: "The site is suspended, or something needed is busy; `Retry-After` says when to try again.",
}

READS: Final = (400, 401, 403, 404, 503)
WRITES: Final = (400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503)


def may_answer(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the documentation of problems with these statuses, for a handler's `responses`."""
    found = {
        status: ResponseSpec(
            Problem, generate_examples=False, description=_MEANING[status], media_type=PROBLEM
        )
        for status in statuses
    }
    if statuses == READS:
        found[304] = ResponseSpec(None, generate_examples=False, description="The client has exactly this.")
    return found
