"""What comes before every change: its parameters are read, and it is counted. Reading is not counted."""

from typing import Any, Final, TypeVar

import msgspec
from litestar import Request

from core.accounts import bucket_name, limit
from core.api.parameters import read_parameters
from core.context import current_actor

__all__ = ["CHANGES", "begin_change"]

T = TypeVar("T", bound=msgspec.Struct)

CHANGES: Final = (300, 60)
"""Changes that pass in so many seconds, per person, with however many tokens."""


async def begin_change(request: Request[Any, Any, Any], parameters: type[T]) -> T:
    """Count a change by the current actor and return its query parameters.

    Raises:
        RateLimited: There were too many.
        BadRequest: A parameter is unknown or doesn't fit.
    """
    actor = current_actor()
    if actor.id is not None:
        await limit(bucket_name("api:change", str(actor.id)), *CHANGES)
    return read_parameters(request, parameters)
