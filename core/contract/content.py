"""What plugins register around content: types, taxonomies, formats, checks and extensions."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from core.contract.views import PostView

__all__ = [
    "Beside",
    "ContentCheck",
    "ContentFormat",
    "ContentType",
    "EmbedProvider",
    "Extension",
    "Finding",
    "ListingPosition",
    "ListingQuery",
    "OwnerType",
    "PostData",
    "Reading",
    "Reference",
    "RenderedContent",
    "Severity",
    "Shortcode",
    "ShortcodeUse",
    "Span",
    "Taxonomy",
]


class ContentType(msgspec.Struct, frozen=True, kw_only=True):
    """A type of posts, as `register_post_type` has it in WordPress."""

    name: Annotated[str, Meta(pattern="^[a-z0-9_]{1,30}$")]
    """`[a-z0-9_]`, at most 30 characters; a plugin's begins with its own name or stands in spec/."""
    title: str
    """Plural, an English message id."""
    singular: str
    capability_type: str = "post"
    """"book" makes `edit_books`, `publish_books` ...; "post" and "page" use the core's."""
    hierarchical: bool = False
    public: bool = True
    has_archive: bool = False
    rewrite: str = ""
    """First segment of its addresses, which nothing else that is public has; the name unless given."""
    taxonomies: tuple[str, ...] = ()
    supports: frozenset[str] = frozenset({"title", "editor", "excerpt", "author", "thumbnail", "revisions"})
    """Of these, and "comments", "page-attributes", "post-formats", "sticky"."""
    icon: str = "file"
    menu_position: int = 30
    show_in_api: bool = True


class Taxonomy(msgspec.Struct, frozen=True, kw_only=True):
    """A way to sort content."""

    name: str
    title: str
    singular: str
    hierarchical: bool = False
    public: bool = True
    rewrite: str = ""
    show_in_api: bool = True


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """For whom content is rendered."""

    notes: bool = False
    """Somebody who may edit it looks at a preview: say in its place what is missing or wrong."""


class RenderedContent(msgspec.Struct, frozen=True, kw_only=True):
    """What content became."""

    html: str
    """Safe to show, before filters, with the marks `<!--more-->` and `<!--nextpage-->`."""
    frames: tuple[str, ...] = ()
    """Hosts that a reader may load a frame from on this page, such as "player.example.org"."""


class Reference(msgspec.Struct, frozen=True):
    """Something that content shows and that lives elsewhere."""

    kind: Literal["media", "pattern", "embed", "shortcode"]
    key: str
    """The number of the file or pattern, the address, or the name."""


def _refers_to_nothing(_content: str) -> Sequence[Reference]:
    return ()


class ContentFormat(msgspec.Struct, frozen=True, kw_only=True):
    """How content of one format becomes HTML."""

    name: str
    """Such as "html" or "blocks/1"."""
    clean: Callable[[str], str]
    """What is stored of an input; raises Invalid. What it returned before, it returns again."""
    outline: Callable[[str], str]
    """HTML of the words that stand in the content itself, made without asking anybody: summaries, the
    search, comparisons and checks go by it. The marks of parts are in it."""
    render: Callable[[Sequence[str], Reading], Awaitable[Sequence[RenderedContent]]]
    """HTML of several contents at once, so that a list costs no more queries than one of them."""
    references: Callable[[str], Sequence[Reference]] = _refers_to_nothing
    """What the content shows of elsewhere; kept with each save, so that it can be asked where something is used."""


class ShortcodeUse(msgspec.Struct, frozen=True, kw_only=True):
    """A shortcode as somebody wrote it."""

    attrs: Any
    """Its attributes, as the struct that the shortcode names."""
    body: str = ""
    """What stands between `[name]` and `[/name]`: safe HTML, shortcodes in it already rendered."""


class Shortcode(msgspec.Struct, frozen=True, kw_only=True):
    """Something that stands in content by name: `[name attribute="value"]`, or `[name]body[/name]`."""

    name: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,49}$")]
    """As it is written. Any name that is free: content from WordPress already has its own."""
    title: str
    """An English message id."""
    description: str = ""
    attrs: type[msgspec.Struct]
    """A struct: fields of text, numbers, booleans and `Literal`s, each with a default. A field
    `words: tuple[str, ...]` takes the values that have no name."""
    render: Callable[[Sequence[ShortcodeUse]], Awaitable[Sequence[str]]]
    """HTML of all uses on a page at once, in their order. It is not cleaned again: escape what people typed."""
    block: bool = True
    """It stands on its own between paragraphs; False where it is part of a line."""


class EmbedProvider(msgspec.Struct, frozen=True, kw_only=True):
    """A site whose things can be shown in posts (oEmbed)."""

    name: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,49}$")]
    title: str
    """What people call it."""
    urls: tuple[str, ...]
    """Addresses it knows, `*` for any characters, without scheme: "www.example.org/watch*"."""
    endpoint: str
    """Its oEmbed address, https. It is asked with `url` and `format=json`."""
    frame_hosts: tuple[str, ...]
    """The only hosts that a frame may be loaded from. Others in its answers are refused."""
    frame_host: str = ""
    """The host to load it from instead, such as one that sets no cookies; it is let in as well."""
    kind: Literal["video", "audio", "rich"] = "video"
    hosts: tuple[str, ...] = ()
    """Hosts that its endpoint may redirect to, beside its own."""


class PostData(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What is written to a post: set fields change, unset ones stay."""

    type: str | msgspec.UnsetType = msgspec.UNSET
    title: str | msgspec.UnsetType = msgspec.UNSET
    slug: str | msgspec.UnsetType = msgspec.UNSET
    content: str | msgspec.UnsetType = msgspec.UNSET
    content_format: str | msgspec.UnsetType = msgspec.UNSET
    excerpt: str | msgspec.UnsetType = msgspec.UNSET
    author_id: UUID | msgspec.UnsetType = msgspec.UNSET
    parent_id: UUID | msgspec.UnsetType | None = msgspec.UNSET
    menu_order: int | msgspec.UnsetType = msgspec.UNSET
    template: str | msgspec.UnsetType = msgspec.UNSET
    format: str | msgspec.UnsetType = msgspec.UNSET
    comment_status: Literal["open", "closed"] | msgspec.UnsetType = msgspec.UNSET
    ping_status: Literal["open", "closed"] | msgspec.UnsetType = msgspec.UNSET
    password: str | msgspec.UnsetType = msgspec.UNSET
    """The password in clear; "" takes it off."""
    is_sticky: bool | msgspec.UnsetType = msgspec.UNSET
    unpublish_at: datetime | msgspec.UnsetType | None = msgspec.UNSET
    """When it goes off the site by itself; None for never."""
    unpublish_to: Literal["draft", "private"] | msgspec.UnsetType = msgspec.UNSET
    featured_media_id: UUID | msgspec.UnsetType | None = msgspec.UNSET
    terms: Mapping[str, Sequence[UUID]] | msgspec.UnsetType = msgspec.UNSET
    """Terms by taxonomy; a taxonomy that is not named keeps its own."""
    meta: Mapping[str, Sequence[str]] | msgspec.UnsetType = msgspec.UNSET
    ext: Mapping[str, Any] | msgspec.UnsetType = msgspec.UNSET


class ListingPosition(msgspec.Struct, frozen=True):
    """A place in a list that stays where it is when rows are added: after the row of this value and id."""

    value: datetime | str | int | None
    """What the list is ordered by, of the last row that was seen."""
    id: UUID
    """Its id, which tells rows of one value apart."""


class ListingQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What a list asks for, before it is asked. Filters return a changed copy (`msgspec.structs.replace`)."""

    types: tuple[str, ...] = ("post",)
    statuses: tuple[str, ...] = ("publish",)
    taxonomy: str = ""
    term_ids: tuple[UUID, ...] = ()
    author_id: UUID | None = None
    parent_id: UUID | None = None
    parent_path: str = ""
    """Only what is right below the item of the same type at this path, such as "services"; "/" for what is below none."""
    year: int = 0
    month: int = 0
    day: int = 0
    search: str = ""
    slug: str = ""
    """Exactly this slug."""
    ids: tuple[UUID, ...] = ()
    """Only these, 200 at most."""
    order: Literal["published", "updated", "title", "menu", "relevance"] = "published"
    """"relevance" puts what fits `search` best first, where a plugin knows that; otherwise it is "published"."""
    by_words: bool = False
    """It is a reader's search: plugins that know words better are asked (`filter_search`). It has pages, no positions."""
    ascending: bool = False
    sticky_first: bool = False
    published_from: datetime | None = None
    """Published at this moment or later."""
    published_until: datetime | None = None
    """Published before this moment."""
    page: int = 1
    per_page: int = 10
    position: ListingPosition | None = None
    """Begin after this row, whatever `page` says."""
    count: bool = True
    """False where nobody wants the total, which then is -1."""


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what fits a search, the best first."""

    ids: tuple[UUID, ...]
    """Of the posts on this page, in their order."""
    total: int
    """How many there are on all pages."""
    highlights: Mapping[UUID, str] = {}
    """What of a post fits, by its id: HTML with no element but `mark`, everything else escaped."""


Severity = Literal["info", "warn", "block"]


class Span(msgspec.Struct, frozen=True):
    """Characters `start` to `end` of the plain text of `field`."""

    field: str
    start: int
    end: int


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a check has to say about a post."""

    rule: str
    """Dotted, begins with the plugin's name: "cfm.missing_crm"."""
    severity: Severity
    message: str
    span: Span | None = None
    fix: str = ""
    """What the author can do about it."""


class ContentCheck(msgspec.Struct, frozen=True, kw_only=True):
    """May this go out? Runs outside any transaction and only reads."""

    name: str
    """Dotted, begins with the plugin's name."""
    version: str
    """Changes whenever the rules do: findings are stored by it."""
    check: Callable[[PostView], Awaitable[Sequence[Finding]]]
    types: frozenset[str] = frozenset()
    """Types it looks at; empty means all."""


Ids = Sequence[UUID]
SqlName = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,62}$")]


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """A row of your own per post that comes along in the post's own query, which saves one on each page.

    `Extension.load` then is asked only for what was not read by such a query.
    """

    table: SqlName
    """A `TenantTable` with at most one row per post, and an index that finds it by that."""
    owner: SqlName
    """Its column that holds the post's id."""
    columns: tuple[SqlName, ...]
    view: Callable[[Sequence[Any]], Any]
    """Called with the values of `columns` as JSON has them (SQLite has 0 and 1 for booleans); returns
    what `load` returns for one post."""


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """Data that a plugin keeps with a core thing, without the core knowing.

    Rows are keyed by the owner's id. `load` is batched: one call for a whole list.
    """

    owner: str
    """"post", "term", "user", or a type from `register_owner_types`."""
    key: str
    """The plugin's name; views carry the value as `ext[key]`, forms and REST use the same key."""
    input: type[msgspec.Struct]
    of_content: bool = True
    """False for what happens around the owner and is no part of it (comments, visits): content checks
    and revisions leave it alone, so that it can change without anybody having to look at the post again."""
    load: Callable[[Ids], Awaitable[Mapping[UUID, Any]]]
    beside: Beside | None = None
    """Where the value is one row of one table: posts bring it along, and `load` costs pages no query."""
    complete: Callable[[Any, Any], Any] | None = None
    """Called with the finished view of the owner and its loaded value; returns what `ext[key]` then holds.
    For values that take both, such as "open", which is the post's wish and your own rows' say."""
    save: Callable[[UUID, Any], Awaitable[None]]
    """Called inside the owner's write unit with a decoded `input`."""
    snapshot: Callable[[UUID], Awaitable[Any]]
    """A JSON value that a revision keeps."""
    restore: Callable[[UUID, Any], Awaitable[None]]
    export: Callable[[UUID], Awaitable[Any]]
    erase: Callable[[UUID], Awaitable[None]]


class OwnerType(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin's own rows that others may extend."""

    name: str
    title: str
    exists: Callable[[UUID], Awaitable[bool]]
