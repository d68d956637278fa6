"""Answers of the API: JSON that is encoded once, with a tag that lets a client keep what it has."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.enums import MediaType

from core.context import current_actor
from core.http import vary_on

__all__ = ["answer", "created"]

T = TypeVar("T")


class _Encoded(Response[T]):
    """A response whose content is JSON text already; its type parameter documents what is in there."""

    def render(self, content: Any, media_type: str, enc_hook: Any = None) -> bytes:
        """Return the content as it is."""
        return bytes(content)


def _tag(body: bytes) -> str:
    return f'"{blake2b(body, digest_size=12).hexdigest()}"'


def _has(request: Request[Any, Any, Any], tag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return known == "*" or any(part.strip().removeprefix("W/") == tag for part in known.split(","))


def answer(
    request: Request[Any, Any, Any], value: Any, *, headers: Mapping[str, str] | None = None
) -> Response[Any]:
    """Return `value` as JSON, or 304 if the client has exactly that.

    Answers depend on who asks, so caches are told to tell people apart, and to ask again each time.

    Args:
        request: The request; its `If-None-Match` is looked at if it only reads.
        value: Anything that msgspec encodes.
        headers: More headers.
    """
    body = msgspec.json.encode(value)
    tag = _tag(body)
    vary_on(request, "Authorization", "Cookie")
    audience = "public" if current_actor().kind == "visitor" else "private"
    sent = {"etag": tag, "cache-control": f"{audience}, no-cache", **(headers or {})}
    if request.method == "GET" and _has(request, tag):
        return _Encoded(b"", status_code=304, headers=sent)
    return _Encoded(body, media_type=MediaType.JSON, headers=sent)


def created(request: Request[Any, Any, Any], value: Any, location: str) -> Response[Any]:
    """Return `value` as what was just made, with its address."""
    return _Encoded(
        msgspec.json.encode(value),
        status_code=201,
        media_type=MediaType.JSON,
        headers={"location": location, "cache-control": "no-store"},
    )
