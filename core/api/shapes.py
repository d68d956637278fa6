"""What the API sends: one Struct per thing. Documented by these classes, so their docstrings are for its users."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from core.contract.views import PostStatus

__all__ = [
    "AuthorRef",
    "IndexOut",
    "MediaOut",
    "MediaPage",
    "MediaRef",
    "Page",
    "PostOut",
    "PostPage",
    "RenditionOut",
    "TaxonomyOut",
    "TaxonomyPage",
    "TermOut",
    "TermPage",
    "TermRef",
    "TypeOut",
    "TypePage",
    "UserOut",
    "UserPage",
]


class _Out(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what is sent."""


class Page(_Out, kw_only=True, frozen=True):
    """A page of a list."""

    next: str | None = None
    """Address of the next page, null on the last one. It is in the `Link` header too."""
    cursor: str | None = None
    """The same place as a value for the parameter `cursor`."""


class AuthorRef(_Out, kw_only=True, frozen=True):
    """Who wrote something."""

    number: int
    name: str
    slug: str
    url: str


class TermRef(_Out, kw_only=True, frozen=True):
    """A term that something carries."""

    number: int
    name: str
    slug: str
    url: str


class MediaRef(_Out, kw_only=True, frozen=True):
    """A file that something shows."""

    number: int
    title: str
    url: str
    mime_type: str
    alt: str
    caption: str
    width: int | None
    height: int | None


class RenditionOut(_Out, kw_only=True, frozen=True):
    """A picture at another size, or cropped."""

    shape: str
    """"" for the whole picture, else the name of the crop."""
    width: int
    height: int
    mime_type: str
    url: str


class MediaOut(_Out, kw_only=True, frozen=True):
    """A file of the library."""

    id: UUID
    number: int
    title: str
    url: str
    mime_type: str
    kind: str
    """image, video, audio or document."""
    size: int
    """Bytes."""
    width: int | None
    height: int | None
    alt: str
    decorative: bool
    caption: str
    description: str
    focal_x: int
    """What must stay in sight when it is cropped: percent from the left."""
    focal_y: int
    """Percent from above."""
    access_level: str
    filename: str
    processing: str
    """waiting, done or failed: whether its renditions are made."""
    renditions: list[RenditionOut]
    created_at: datetime
    updated_at: datetime
    version: int
    ext: dict[str, Any]


class MediaPage(Page, kw_only=True, frozen=True):
    """A page of a list of files."""

    items: list[MediaOut]


class PostOut(_Out, kw_only=True, frozen=True):
    """A post, a page or an item of another type.

    The fields from `content` on come with `context=edit`, to those who may edit the item.
    """

    id: UUID
    number: int
    type: str
    status: PostStatus
    title: str
    slug: str
    url: str
    summary: str
    """Plain text: the excerpt, or the beginning. Empty while a password is asked for."""
    html: str
    """The whole content as HTML. Empty while a password is asked for, and in lists unless `include=html`."""
    author: AuthorRef
    parent: int | None
    menu_order: int
    template: str
    format: str
    comment_status: Literal["open", "closed"]
    is_sticky: bool
    has_password: bool
    featured: MediaRef | None
    terms: dict[str, list[TermRef]]
    published_at: datetime | None
    updated_at: datetime
    version: int
    """Send it along with a change: if somebody else was faster, nothing is overwritten."""
    ext: dict[str, Any]
    """What plugins keep with the item, by plugin."""
    content: str | UnsetType = UNSET
    content_format: str | UnsetType = UNSET
    excerpt: str | UnsetType = UNSET
    ping_status: Literal["open", "closed"] | UnsetType = UNSET
    status_before: PostStatus | UnsetType | None = UNSET
    scheduled_at: datetime | UnsetType | None = UNSET
    unpublish_at: datetime | UnsetType | None = UNSET
    """When it goes off the site by itself, to the status in `unpublish_to`."""
    unpublish_to: Literal["draft", "private"] | UnsetType = UNSET
    created_at: datetime | UnsetType = UNSET
    meta: dict[str, list[str]] | UnsetType = UNSET


class TermOut(_Out, kw_only=True, frozen=True):
    """A term of a taxonomy."""

    id: UUID
    number: int
    taxonomy: str
    name: str
    slug: str
    url: str
    description: str
    parent: int | None
    level: int
    """Depth in the tree, 0 at the root."""
    count: int
    """Published items that carry the term itself."""
    version: int
    ext: dict[str, Any]
    """What plugins keep with the term, by plugin."""


class UserOut(_Out, kw_only=True, frozen=True):
    """A person. The fields from `email` on come to those who may list users, and to the person."""

    id: UUID
    number: int
    name: str
    slug: str
    url: str
    website: str
    bio: str
    email: str | UnsetType = UNSET
    username: str | UnsetType = UNSET
    display_name: str | UnsetType = UNSET
    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    status: Literal["active", "invited", "disabled"] | UnsetType = UNSET
    roles: list[str] | UnsetType = UNSET
    created_at: datetime | UnsetType = UNSET
    last_login_at: datetime | UnsetType | None = UNSET
    version: int | UnsetType = UNSET
    ext: dict[str, Any] | UnsetType = UNSET
    capabilities: list[str] | UnsetType = UNSET
    """Of `/users/me` only: what the person may do, and with an API token what the token may."""


class TypeOut(_Out, kw_only=True, frozen=True):
    """A type of content."""

    name: str
    title: str
    singular: str
    hierarchical: bool
    has_archive: bool
    taxonomies: list[str]
    supports: list[str]
    items: str
    """Address of its items."""


class TaxonomyOut(_Out, kw_only=True, frozen=True):
    """A way to sort content."""

    name: str
    title: str
    singular: str
    hierarchical: bool
    types: list[str]
    """Types of content that use it."""
    items: str
    """Address of its terms."""


class IndexOut(_Out, kw_only=True, frozen=True):
    """What there is."""

    title: str
    tagline: str
    url: str
    language: str
    timezone: str
    links: dict[str, str]
    """Addresses of the lists, of oneself and of the OpenAPI document."""
    authentication: dict[str, str]
    """Ways to say who one is, with a sentence each."""


class PostPage(Page, kw_only=True, frozen=True):
    """A page of a list of items."""

    items: list[PostOut]


class TermPage(Page, kw_only=True, frozen=True):
    """A page of a list of terms."""

    items: list[TermOut]


class UserPage(Page, kw_only=True, frozen=True):
    """A page of a list of people."""

    items: list[UserOut]


class TypePage(Page, kw_only=True, frozen=True):
    """A page of a list of types of content."""

    items: list[TypeOut]


class TaxonomyPage(Page, kw_only=True, frozen=True):
    """A page of a list of taxonomies."""

    items: list[TaxonomyOut]
