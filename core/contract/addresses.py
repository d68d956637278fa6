"""What a plugin can answer with where the site itself has nothing."""

from datetime import datetime
from typing import Literal

import msgspec

__all__ = ["Document", "Elsewhere", "Gone", "Instead"]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is made on request, the same for everybody."""

    body: bytes
    media_type: str
    """Such as "application/xml; charset=utf-8"."""
    max_age: int = 0
    """Seconds for which nobody need ask again."""
    changed: datetime | None = None
    """When what it holds last changed; it then answers `If-Modified-Since` too."""


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """The thing stands at another address."""

    url: str
    """A path on this site, which takes the query of the request along unless it has one of its own; or an
    https address of another one that somebody with the right to do so chose."""
    status: Literal[301, 302, 307, 308] = 301


class Gone(msgspec.Struct, frozen=True):
    """The thing was here, and is not to come back (410)."""


Instead = Document | Elsewhere | Gone
