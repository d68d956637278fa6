"""Query parameters, read strictly: every one is known, typed and bounded (AC04, IO08, F25)."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from litestar import Request
from litestar.params import PathParameter
from msgspec import Meta

from core.content import site_zone
from core.errors import BadRequest, Invalid
from core.http import check_text, convert
from core.http.convert import parts_of, unwrap
from core.http.messages import say
from core.i18n import gettext as _

__all__ = [
    "HIGHEST_NUMBER",
    "BadParameters",
    "ListParameters",
    "NoParameters",
    "Number",
    "NumberIn",
    "SearchText",
    "in_utc",
    "read_parameters",
]

HIGHEST_NUMBER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly."""

Number = Annotated[
    int, PathParameter(ge=1, le=HIGHEST_NUMBER, description="Its number, unique within the site.")
]
NumberIn = Annotated[int, Meta(ge=1, le=HIGHEST_NUMBER)]
SearchText = Annotated[str, Meta(max_length=200, description="Words that have to occur.")]

T = TypeVar("T", bound=msgspec.Struct)


class BadParameters(BadRequest):
    """Parameters of the address don't fit. `errors` maps each to a sentence."""

    slug = "bad-parameters"

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("Some parameters of the address don't fit."))
        self.errors = errors


class NoParameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For addresses that take none."""


class ListParameters(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What every list takes."""

    limit: Annotated[int, Meta(ge=1, le=100, description="How many at once.")] = 10
    cursor: Annotated[
        str, Meta(max_length=8192, description="Goes on where the page that gave it ended.")
    ] = ""


def read_parameters(request: Request[Any, Any, Any], model: type[T]) -> T:
    """Return the query parameters of a request as a `model`.

    A field of several values is written with commas (`status=draft,pending`).

    Raises:
        UnknownFields: A parameter that this address doesn't have; says which was probably meant.
        BadParameters: One is given twice, or doesn't fit.
    """
    kinds = _kinds(model)
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        kind = kinds.get(name, "")
        if name in found or name in errors:
            errors[name] = _("Give this once; several values are written with commas.")
        elif complaint := check_text(value, "line"):
            errors[name] = complaint
        elif kind == "time" and value.replace(".", "").isdigit():
            errors[name] = say(datetime, value)  # a bare number would be taken for seconds since 1970
        else:
            found[name] = [part.strip() for part in value.split(",")] if kind == "several" else value
    try:
        asked = convert(found, model, strict=False)
    except Invalid as error:
        raise BadParameters({**error.errors, **errors}) from None
    if errors:
        raise BadParameters(errors)
    return asked


@lru_cache(maxsize=256)
def _kinds(model: type[msgspec.Struct]) -> dict[str, Literal["time", "several"]]:
    """Return the parameters that are read in a way of their own."""
    found: dict[str, Literal["time", "several"]] = {}
    for field in msgspec.structs.fields(model):
        if isinstance(field.default, tuple):
            found[field.encode_name] = "several"
        elif datetime in (unwrap(part)[0] for part in parts_of(field.type)):
            found[field.encode_name] = "time"
    return found


def in_utc(moment: datetime, name: str) -> datetime:
    """Return a moment as aware; one without an offset is in the site's time zone, as people there write it.

    Raises:
        BadParameters: It lies outside of the years 1 to 9999 in UTC.
    """
    try:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=site_zone())
        return moment.astimezone(UTC)
    except OverflowError:
        raise BadParameters({name: _("This moment is out of range.")}) from None
