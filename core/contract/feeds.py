"""What feeds are made of."""

from datetime import datetime

import msgspec

__all__ = ["FeedEntry", "PostFeed"]


class FeedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a feed."""

    title: str
    """Plain text."""
    path: str
    """Address on the site."""
    identity: str
    """Address that never changes, on the site."""
    summary: str = ""
    """Plain text."""
    html: str = ""
    """Safe HTML, "" where there is only a summary."""
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    categories: tuple[str, ...] = ()


class PostFeed(msgspec.Struct, frozen=True, kw_only=True):
    """What the feed of one post holds, such as its comments."""

    title: str
    """Plain text."""
    description: str
    """What it is about, plain text."""
    entries: tuple[FeedEntry, ...] = ()
    """The newest first."""
