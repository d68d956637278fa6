"""What people fill in."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from core.http import line_of, name_of, text_of

__all__ = ["MAX_CONTENT", "MAX_EDITED", "CommentChanges", "CommentForm"]

MAX_CONTENT = 20_000
"""Characters of a comment. More is refused, never cut."""
MAX_EDITED = 200_000
"""Characters that a moderator may save: what was sent, with every mark in it escaped, and imported letters."""
_NUMBER = Meta(ge=1, le=2**53 - 1)


class CommentForm(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A comment as a visitor sends it."""

    content: Annotated[str, text_of(MAX_CONTENT)] = ""
    author_name: Annotated[str, name_of(100, min_length=0)] = ""
    author_email: Annotated[str, line_of(254)] = ""
    author_url: Annotated[str, line_of(500)] = ""
    parent: Annotated[int, _NUMBER] | None = None
    """Number of the comment that this one answers."""
    subject: Annotated[str, line_of(1000)] = ""
    """A trap: nobody sees it, programs fill it in."""
    consent: bool = False
    """The visitor agrees to being published."""
    follow: bool = False
    """The sender wants to hear of answers."""


class CommentChanges(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A change to a comment: set fields change, unset ones stay."""

    content: Annotated[str, text_of(MAX_EDITED)] | UnsetType = UNSET
    author_name: Annotated[str, name_of(250, min_length=0)] | UnsetType = UNSET
    author_email: Annotated[str, line_of(254)] | UnsetType = UNSET
    author_url: Annotated[str, line_of(500)] | UnsetType = UNSET
    ext: dict[str, Any] | UnsetType = UNSET
    """Values for other plugins, by plugin."""
