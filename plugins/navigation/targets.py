"""What entries lead to: found for readers, for the builder, and by a search."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

import msgspec

from core.content import (
    TermQuery,
    content_type,
    content_types,
    list_posts,
    list_terms,
    taxonomies,
    taxonomy,
    terms_by_id,
)
from core.contract.content import ContentType, ListingQuery
from core.contract.views import PostView, TermView
from core.i18n import gettext as _
from core.site import type_archive_path
from plugins.navigation.views import Item

__all__ = ["Choice", "Ref", "Target", "TargetState", "choices", "fixed_choices", "ref_of", "targets_of"]

TargetState = Literal["shown", "hidden", "gone"]
"""Whether readers get there: it may not be published now, or it is not here any more."""

_CHUNK: Final = 100
_ALL: Final = ("draft", "pending", "future", "publish", "private", "trash")
_MOST_CHOICES: Final = 30


class Ref(msgspec.Struct, frozen=True):
    """What an entry leads to, as a text in forms: "post:<id>", "term:<id>", "archive:<type>", "front", "custom", "heading"."""

    kind: str
    target_id: UUID | None = None
    target: str = ""

    def __str__(self) -> str:
        name = str(self.target_id) if self.target_id is not None else self.target
        return f"{self.kind}:{name}" if name else self.kind


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry leads to."""

    title: str
    url: str = ""
    state: TargetState = "shown"
    status: str = ""
    """Of a post that is not published."""
    type: str = ""
    """What it is, in the reader's language: "Page", "Category" ..."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can be put into a menu."""

    ref: str
    title: str
    type: str
    url: str


def ref_of(text: str) -> Ref | None:
    """Return what a text in a form stands for, None for nothing that there could be."""
    kind, _colon, name = text.partition(":")
    if kind in ("front", "custom", "heading"):
        return Ref(kind) if not name else None
    if kind in ("post", "term"):
        try:
            return Ref(kind, UUID(name))
        except ValueError:
            return None
    if kind == "archive" and any(found.name == name for found in _with_archive()):
        return Ref(kind, None, name)
    return None


def _public_types() -> list[ContentType]:
    return [kind for kind in content_types() if kind.public]


def _with_archive() -> list[ContentType]:
    return [kind for kind in _public_types() if kind.has_archive]


async def targets_of(
    items: Collection[Item], *, terms: Mapping[UUID, TermView] | None = None, everything: bool = False
) -> dict[UUID, Target]:
    """Return what entries lead to by the entry's id; those that lead nowhere are left out.

    Two queries at most for the menu of most sites: one for posts, one for terms.

    Args:
        items: The entries.
        terms: The terms that they lead to, where they were read with the entries.
        everything: Also what readers don't get to, with its state: for the builder.
    """
    posts = await _posts([item.target_id for item in items if item.kind == "post"], everything=everything)
    if terms is None:
        terms = await terms_by_id(list(_ids(item.target_id for item in items if item.kind == "term")))
    found: dict[UUID, Target] = {}
    for item in items:
        target = _target(item, posts, terms)
        if target is not None and (everything or target.state == "shown"):
            found[item.id] = target
    return found


def _ids(values: Iterable[UUID | None]) -> Iterator[UUID]:
    yield from (value for value in dict.fromkeys(values) if value is not None)


async def _posts(values: Sequence[UUID | None], *, everything: bool) -> dict[UUID, PostView]:
    types = tuple(kind.name for kind in _public_types())
    ids = list(_ids(values))
    found: dict[UUID, PostView] = {}
    for start in range(0, len(ids), _CHUNK):
        query = ListingQuery(
            types=types,
            statuses=_ALL if everything else ("publish",),
            ids=tuple(ids[start : start + _CHUNK]),
            per_page=_CHUNK,
            count=False,
        )
        listing = await list_posts(query, "admin" if everything else "widget", parts=False)
        found.update((post.id, post) for post in listing.items)
    return found


def _target(item: Item, posts: Mapping[UUID, PostView], terms: Mapping[UUID, TermView]) -> Target | None:
    gone = Target(title="", state="gone")
    match item.kind:
        case "post":
            post = posts.get(item.target_id) if item.target_id is not None else None
            return _post_target(post) if post is not None else gone
        case "term":
            term = terms.get(item.target_id) if item.target_id is not None else None
            return _term_target(term) if term is not None else gone
        case "archive":
            kind = content_type(item.target)
            return _archive_target(kind) if kind is not None and kind.public and kind.has_archive else gone
        case "front":
            return Target(title=_("Home"), url="/", type=_("Front page"))
        case "custom":
            return Target(title=item.url, url=item.url, type=_("Link"))
        case _:
            return None


def _post_target(post: PostView) -> Target:
    kind = content_type(post.type)
    published = post.status == "publish"
    return Target(
        title=post.title or _("(untitled)"),
        url=post.url,
        state="shown" if published else "hidden",
        status="" if published else post.status,
        type=_(kind.singular) if kind is not None else post.type,
    )


def _term_target(term: TermView) -> Target:
    found = taxonomy(term.taxonomy)
    public = found is not None and found.public
    return Target(
        title=term.name,
        url=term.url if public else "",
        state="shown" if public else "hidden",
        type=_(found.singular) if found is not None else term.taxonomy,
    )


def _archive_target(kind: ContentType) -> Target:
    return Target(title=_(kind.title), url=type_archive_path(kind), type=_("Archive"))


def fixed_choices() -> list[Choice]:
    """Return what every site has: its front page, and the archives of types that have one."""
    return [
        Choice(ref="front", title=_("Home"), type=_("Front page"), url="/"),
        *(
            Choice(
                ref=f"archive:{kind.name}",
                title=_(kind.title),
                type=_("Archive"),
                url=type_archive_path(kind),
            )
            for kind in _with_archive()
        ),
    ]


async def choices(search: str) -> list[Choice]:
    """Return what can be put into a menu: published content and terms that the words find, the newest without words."""
    found: list[Choice] = []
    wanted = search.strip()[:200]
    for kind in _public_types():
        query = ListingQuery(
            types=(kind.name,),
            search=wanted,
            order="title" if kind.hierarchical else "published",
            ascending=kind.hierarchical,
            per_page=_MOST_CHOICES if wanted else 12,
            count=False,
        )
        listing = await list_posts(query, "widget", parts=False)
        found += [
            Choice(
                ref=f"post:{post.id}",
                title=post.title or _("(untitled)"),
                type=_(kind.singular),
                url=post.url,
            )
            for post in listing.items
        ]
    for kind_of in taxonomies():
        if not kind_of.public or kind_of.name == "post_format":
            continue
        terms = await list_terms(
            TermQuery(
                taxonomy=kind_of.name,
                search=wanted,
                order="name" if wanted else "count",
                descending=not wanted,
                per_page=_MOST_CHOICES if wanted else 12,
            )
        )
        found += [
            Choice(ref=f"term:{term.id}", title=term.name, type=_(kind_of.singular), url=term.url)
            for term in terms.items
        ]
    return found
