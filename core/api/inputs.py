"""What the API takes: one Struct per thing, unknown fields refused, text and numbers bounded (AC04, IO08)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from core.accounts.forms import Given, Language, Secret, Short, Shown, Url
from core.api.lookups import Numbered, ids_of
from core.api.parameters import NumberIn
from core.contract.content import PostData
from core.errors import Invalid
from core.http import line_of, text_of
from core.i18n import gettext as _

__all__ = [
    "MediaChanges",
    "PostChanges",
    "PostIn",
    "RolesIn",
    "StatusIn",
    "TermChanges",
    "TermIn",
    "UserChangesIn",
    "UserIn",
    "post_data",
]

Line = Annotated[str, line_of(500)]
Token = Annotated[str, line_of(100)]
Order = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Key = Annotated[str, line_of(255, min_length=1)]
Numbers = Annotated[list[NumberIn], Meta(max_length=200)]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Moment = Annotated[datetime, Meta(tz=True)]


class _In(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Base of what is taken."""


class PostIn(_In, kw_only=True, frozen=True):
    """What is written to a post. Fields that are left out stay as they are, or take their default.

    `author`, `parent`, `featured` and `terms` are numbers.
    """

    title: Line | UnsetType = UNSET
    slug: Annotated[str, line_of(255)] | UnsetType = UNSET
    content: Annotated[str, text_of(1_000_000)] | UnsetType = UNSET
    content_format: Token | UnsetType = UNSET
    excerpt: Annotated[str, text_of(10_000)] | UnsetType = UNSET
    author: NumberIn | UnsetType = UNSET
    parent: NumberIn | UnsetType | None = UNSET
    menu_order: Order | UnsetType = UNSET
    template: Token | UnsetType = UNSET
    format: Token | UnsetType = UNSET
    comment_status: Literal["open", "closed"] | UnsetType = UNSET
    ping_status: Literal["open", "closed"] | UnsetType = UNSET
    password: Annotated[str, line_of(255)] | UnsetType = UNSET
    """A password to read it; "" takes it off."""
    is_sticky: bool | UnsetType = UNSET
    unpublish_at: Moment | UnsetType | None = UNSET
    """When it goes off the site by itself; null for never."""
    unpublish_to: Literal["draft", "private"] | UnsetType = UNSET
    """What it is from then on."""
    featured: NumberIn | UnsetType | None = UNSET
    terms: Annotated[dict[Key, Numbers], Meta(max_length=50)] | UnsetType = UNSET
    """Terms by taxonomy. A taxonomy that is not named keeps its own."""
    meta: Annotated[dict[Key, list[Annotated[str, text_of(100_000)]]], Meta(max_length=100)] | UnsetType = (
        UNSET
    )
    """Values by key. A key that is not named keeps its own."""
    ext: dict[str, Any] | UnsetType = UNSET
    """Values for plugins, by plugin."""


class PostChanges(PostIn, kw_only=True, frozen=True):
    """A change to a post, and the version that it is a change of."""

    version: Version


class StatusIn(_In, kw_only=True, frozen=True):
    """The status that a post is to have."""

    status: Literal["draft", "pending", "future", "publish", "private", "trash", "restore"]
    """`restore` takes it out of the trash, to what it was."""
    at: Moment | None = None
    """When it is to appear, for `future`."""
    version: Version | None = None
    """If given, the change is refused where somebody else was faster."""


class TermIn(_In, kw_only=True, frozen=True):
    """A term to make. `parent` is a number."""

    name: Annotated[str, line_of(200, min_length=1)]
    slug: Annotated[str, line_of(200)] = ""
    """Made from the name if empty."""
    description: Annotated[str, text_of(20_000)] = ""
    parent: NumberIn | None = None
    ext: dict[str, Any] = {}
    """Values for plugins, by plugin."""


class TermChanges(_In, kw_only=True, frozen=True):
    """A change to a term. Fields that are left out stay as they are."""

    name: Annotated[str, line_of(200, min_length=1)] | UnsetType = UNSET
    slug: Annotated[str, line_of(200, min_length=1)] | UnsetType = UNSET
    description: Annotated[str, text_of(20_000)] | UnsetType = UNSET
    parent: NumberIn | UnsetType | None = UNSET
    ext: dict[str, Any] | UnsetType = UNSET
    version: Version


class MediaChanges(_In, kw_only=True, frozen=True):
    """A change to what is said of a file. Fields that are left out stay as they are."""

    title: Annotated[str, line_of(255)] | UnsetType = UNSET
    alt: Annotated[str, line_of(500)] | UnsetType = UNSET
    decorative: bool | UnsetType = UNSET
    caption: Annotated[str, text_of(10_000)] | UnsetType = UNSET
    description: Annotated[str, text_of(50_000)] | UnsetType = UNSET
    focal_x: Annotated[int, Meta(ge=0, le=100)] | UnsetType = UNSET
    focal_y: Annotated[int, Meta(ge=0, le=100)] | UnsetType = UNSET
    access_level: Annotated[str, line_of(20)] | UnsetType = UNSET
    ext: dict[str, Any] | UnsetType = UNSET
    version: Version


class UserIn(_In, kw_only=True, frozen=True):
    """Somebody to make an account for."""

    email: Short
    username: Short = ""
    """Made from the address if empty."""
    display_name: Shown = ""
    first_name: Given = ""
    last_name: Given = ""
    website: Url = ""
    bio: Annotated[str, text_of(10_000)] = ""
    language: Language = ""
    roles: Annotated[list[Token], Meta(max_length=50)] = []
    """Names of roles; none means the site's default role."""
    password: Secret = ""
    """Empty for none: the person sets one through a reset."""


class UserChangesIn(_In, kw_only=True, frozen=True):
    """A change to a person. Fields that are left out stay as they are."""

    email: Short | UnsetType = UNSET
    username: Short | UnsetType = UNSET
    display_name: Shown | UnsetType = UNSET
    slug: Short | UnsetType = UNSET
    first_name: Given | UnsetType = UNSET
    last_name: Given | UnsetType = UNSET
    website: Url | UnsetType = UNSET
    bio: Annotated[str, text_of(10_000)] | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    ext: dict[str, Any] | UnsetType = UNSET
    version: Version


class RolesIn(_In, kw_only=True, frozen=True):
    """The roles that somebody is to have, all of them."""

    roles: Annotated[list[Token], Meta(max_length=50)]


_SAME = (
    "title",
    "slug",
    "content",
    "content_format",
    "excerpt",
    "menu_order",
    "template",
    "format",
    "comment_status",
    "ping_status",
    "password",
    "is_sticky",
    "unpublish_at",
    "unpublish_to",
    "meta",
    "ext",
)


async def post_data(given: PostIn, *, kind: str | UnsetType = UNSET) -> PostData:
    """Return what was sent as what the operations write: with ids for numbers.

    Args:
        given: From the body.
        kind: The type, for a new item.

    Raises:
        Invalid: A number is nobody's and nothing's on this site; names each field.
    """
    data = PostData(type=kind, **{name: getattr(given, name) for name in _SAME})
    errors: dict[str, str] = {}
    if given.author is not UNSET:
        data.author_id = await _one("users", given.author, "author", errors) or UNSET
    if given.parent is not UNSET:
        data.parent_id = await _one("posts", given.parent, "parent", errors)
    if given.featured is not UNSET:
        data.featured_media_id = await _one("media", given.featured, "featured", errors)
    if given.terms is not UNSET:
        data.terms = await _terms(given.terms, errors)
    if errors:
        raise Invalid(errors)
    return data


async def _one(table: Numbered, number: int | None, field: str, errors: dict[str, str]) -> UUID | None:
    if number is None:
        return None
    found = (await ids_of(table, (number,))).get(number)
    if found is None:
        errors[field] = _("There is nothing with this number here.")
    return found


async def _terms(given: dict[str, list[int]], errors: dict[str, str]) -> dict[str, list[UUID]]:
    ids = await ids_of("terms", [number for numbers in given.values() for number in numbers])
    for taxonomy, numbers in given.items():
        for index, number in enumerate(numbers):
            if number not in ids:
                errors[f"terms.{taxonomy}.{index}"] = _("There is nothing with this number here.")
    return {
        taxonomy: [ids[number] for number in numbers if number in ids] for taxonomy, numbers in given.items()
    }
