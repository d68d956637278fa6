"""Frozen values that hooks, templates and the API see. Never a table row: a view can't write.

Times are aware and in UTC; templates show them in the site's zone through the `date` filter.
HTML fields hold markup that passed the allow-list; every other string is plain text.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

__all__ = [
    "LogoView",
    "MediaView",
    "PostStatus",
    "PostView",
    "RenditionView",
    "SiteView",
    "TermView",
    "UserView",
]

PostStatus = Literal["draft", "pending", "future", "publish", "private", "trash"]


class TermView(msgspec.Struct, frozen=True, kw_only=True):
    """A term of a taxonomy."""

    id: UUID
    number: int
    taxonomy: str
    name: str
    slug: str
    description: str = ""
    parent_id: UUID | None = None
    level: int = 0
    """Depth in the tree, 0 at the root."""
    count: int = 0
    """Published posts that carry the term itself."""
    url: str = ""
    version: int = 1


class UserView(msgspec.Struct, frozen=True, kw_only=True):
    """A person as others may see them: no e-mail, no log-in name."""

    id: UUID
    number: int
    name: str
    slug: str
    bio: str = ""
    website: str = ""
    url: str = ""
    """Address of the author's archive."""


class RenditionView(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of the library at another size, or cropped."""

    shape: str
    """"" for the whole picture; "square", "card" and what plugins add are cropped around the focal point."""
    width: int
    height: int
    mime_type: str
    url: str
    """It shows the same for ever, so caches may keep it."""


class MediaView(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the library."""

    id: UUID
    number: int
    title: str
    url: str
    mime_type: str
    alt: str = ""
    """What stands for the picture where it can't be seen; "" for a decorative one."""
    decorative: bool = False
    """Somebody said that it needs no alternative text."""
    caption: str = ""
    description: str = ""
    width: int | None = None
    height: int | None = None
    focal: tuple[int, int] = (50, 50)
    """What must stay in sight when it is cropped: percent from the left, and from the top."""
    renditions: tuple[RenditionView, ...] = ()
    """Smaller and cropped versions, by shape, format and width."""
    access_level: str = "public"

    def rendition(self, shape: str, width: int) -> RenditionView | None:
        """Return the smallest rendition of a shape that is at least so wide, the widest if none is, or None."""
        fitting = [
            found for found in self.renditions if found.shape == shape and found.mime_type != "image/avif"
        ]
        wide = [found for found in fitting if found.width >= width]
        if wide:
            return min(wide, key=lambda found: found.width)
        return max(fitting, key=lambda found: found.width, default=None)


class PostView(msgspec.Struct, frozen=True, kw_only=True):
    """A post, a page or an item of a registered type."""

    id: UUID
    number: int
    type: str
    status: PostStatus
    status_before: PostStatus | None = None
    """In the trash: the status it had before. Rights on it still go by that one."""
    title: str
    slug: str
    content: str
    """As stored, in `content_format`. Templates want `html`."""
    content_format: str = "html"
    excerpt: str = ""
    """As written by hand, plain text, "" if none was."""
    author: UserView
    parent_id: UUID | None = None
    menu_order: int = 0
    template: str = ""
    format: str = "standard"
    comment_status: Literal["open", "closed"] = "open"
    ping_status: Literal["open", "closed"] = "closed"
    is_sticky: bool = False
    has_password: bool = False
    unlocked: bool = True
    """False while a password is asked for: content and excerpt are then withheld."""
    featured: MediaView | None = None
    terms: Mapping[str, tuple[TermView, ...]] = {}
    """Terms by taxonomy, in the order they were assigned."""
    published_at: datetime | None = None
    scheduled_at: datetime | None = None
    unpublish_at: datetime | None = None
    """When it goes off the site by itself, to the status in `unpublish_to`."""
    unpublish_to: Literal["draft", "private"] = "draft"
    deleted_at: datetime | None = None
    """When it went to the trash."""
    created_at: datetime
    updated_at: datetime
    version: int = 1
    url: str = ""
    html: str = ""
    """The rendered page of the content (see `pages`), after every filter. "" where a listing did not ask."""
    summary: str = ""
    """The excerpt by hand, or the first 55 words. Plain text."""
    highlight: str = ""
    """In a search: the words that fit with some around them, HTML with no element but `mark`; "" if nobody looked."""
    has_more: bool = False
    """The content goes on after the "more" mark or the summary."""
    page: int = 1
    pages: int = 1
    """Parts of a paged post, and the one that `html` holds."""
    frames: tuple[str, ...] = ()
    """Hosts that `html` may load frames from, once a reader asks for them."""
    meta: Mapping[str, tuple[str, ...]] = {}
    """Values by key that are not private (a leading underscore makes a key private)."""
    ext: Mapping[str, Any] = {}
    """What plugins added, by the plugin's name."""


class LogoView(msgspec.Struct, frozen=True, kw_only=True):
    """The picture that stands for a site."""

    url: str
    width: int
    """Pixels of the file; themes show it at most half as large, so that it is sharp."""
    height: int
    alt: str
    """What it says to those who can't see it."""
    dark_url: str = ""
    """The one to show by night, "" if it is the same."""


class SiteView(msgspec.Struct, frozen=True, kw_only=True):
    """The site as a template sees it."""

    slug: str
    title: str
    tagline: str
    language: str
    url: str
    """Scheme and host, without a trailing slash."""
    timezone: str
    theme: str
    tokens: Mapping[str, str] = {}
    """Design tokens of the theme after the site's own choices."""
    logo: LogoView | None = None
    """Its logo, None if it has none: show the title then."""
    has_icon: bool = False
    """The site has an icon of its own, which `slot("head")` brings: leave the theme's out."""
