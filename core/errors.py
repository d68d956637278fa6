"""Errors that people see: what happened, where, and what to do about it.

Each class carries the HTTP status it becomes; the CLI prints the same message and exits with 1.
"""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = [
    "BadRequest",
    "Conflict",
    "Forbidden",
    "GoneForGood",
    "Invalid",
    "NotFound",
    "RateLimited",
    "Refused",
    "StartError",
    "StepUp",
    "TooLarge",
    "Unauthenticated",
    "Unavailable",
    "UnsupportedMedia",
    "VitralError",
]


class VitralError(Exception):
    """Base of every error that is meant for a person.

    Args:
        message: What happened, in one sentence.
        hint: What to do about it, in one sentence.
    """

    status = 500
    slug = "error"

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadRequest(VitralError):
    """The request itself is malformed: undecodable, contradictory, out of range."""

    status = 400
    slug = "bad-request"


class Unauthenticated(VitralError):
    """Nobody is signed in, and this needs somebody."""

    status = 401
    slug = "unauthenticated"


class StepUp(VitralError):
    """Somebody is signed in, but has to confirm it again for this action."""

    status = 401
    slug = "step-up"


class Forbidden(VitralError):
    """The actor may not do this. `reasons` come from the decision point."""

    status = 403
    slug = "forbidden"

    def __init__(self, message: str = "", *, hint: str = "", reasons: Sequence[str] = ()) -> None:
        super().__init__(message, hint=hint)
        self.reasons = tuple(reasons)


class NotFound(VitralError):
    """No such thing, or none that this actor may know of: the two look the same."""

    status = 404
    slug = "not-found"


class GoneForGood(VitralError):
    """There was something here, and it is not to come back."""

    status = 410
    slug = "gone"


class Conflict(VitralError):
    """Somebody else changed the thing first. `current` and `yours` hold both states."""

    status = 409
    slug = "conflict"

    def __init__(
        self,
        message: str = "",
        *,
        hint: str = "",
        current: Mapping[str, Any] | None = None,
        yours: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.current = dict(current or {})
        self.yours = dict(yours or {})


class TooLarge(VitralError):
    """The body is larger than this route takes."""

    status = 413
    slug = "too-large"


class UnsupportedMedia(VitralError):
    """The body's type is not one that this route takes."""

    status = 415
    slug = "unsupported-media-type"


class Invalid(VitralError):
    """Input that was understood but can't be accepted. `errors` maps field name to message."""

    status = 422
    slug = "invalid"

    def __init__(self, errors: Mapping[str, str], message: str = "", *, hint: str = "") -> None:
        super().__init__(message or "; ".join(f"{name}: {text}" for name, text in errors.items()), hint=hint)
        self.errors = dict(errors)


class Refused(VitralError):
    """A check, a policy or a plugin's -ing hook said no. `plugin` is filled in by the dispatcher."""

    status = 422
    slug = "refused"

    def __init__(
        self, message: str = "", *, hint: str = "", plugin: str = "", findings: Sequence[Any] = ()
    ) -> None:
        super().__init__(message, hint=hint)
        self.plugin = plugin
        self.findings = tuple(findings)


class RateLimited(VitralError):
    """Too many tries. `retry_after` is in seconds."""

    status = 429
    slug = "rate-limited"

    def __init__(self, message: str = "", *, hint: str = "", retry_after: int = 60) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class Unavailable(VitralError):
    """Something needed is busy or away for now. `retry_after` is in seconds."""

    status = 503
    slug = "unavailable"

    def __init__(self, message: str = "", *, hint: str = "", retry_after: int = 5) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class StartError(VitralError):
    """The installation is set up in a way that must not be served. Raised before the first request."""

    slug = "start"
