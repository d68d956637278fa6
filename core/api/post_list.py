"""Lists of posts: which of them somebody may ask for, and where a page goes on."""

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta

from core.accounts import decide, require, type_capabilities
from core.api.lookups import ids_of
from core.api.paging import read_cursor
from core.api.parameters import BadParameters, ListParameters, NumberIn, SearchText, in_utc
from core.content import taxonomies
from core.context import current_actor
from core.contract.content import ContentType, ListingQuery
from core.contract.views import PostStatus, PostView
from core.http.messages import required

__all__ = ["PostListParameters", "listing_name", "order_of", "query_for", "readable"]

_SHOWN: Final = "publish"
_DOWN: Final = ("published", "updated")
"""Orders that begin with the latest unless told otherwise."""


class PostListParameters(ListParameters, kw_only=True, frozen=True):
    """What a list of posts takes."""

    status: Annotated[
        tuple[PostStatus, ...],
        Meta(
            max_length=6, description="Everybody may list what is published, writers their own, editors all."
        ),
    ] = (_SHOWN,)
    search: SearchText = ""
    slug: Annotated[str, Meta(max_length=255, description="Exactly this slug.")] = ""
    author: Annotated[NumberIn | None, Meta(description="Number of the author.")] = None
    parent: Annotated[NumberIn | None, Meta(description="Number of the parent.")] = None
    taxonomy: Annotated[str, Meta(max_length=32, description="The taxonomy that `term` is of.")] = ""
    term: Annotated[
        tuple[NumberIn, ...], Meta(max_length=50, description="Numbers of terms; one of them is enough.")
    ] = ()
    after: Annotated[datetime | None, Meta(description="Published at this moment or later.")] = None
    before: Annotated[datetime | None, Meta(description="Published before this moment.")] = None
    order: Annotated[
        Literal["published", "updated", "title", "menu"], Meta(description="What they are ordered by.")
    ] = "published"
    direction: Annotated[
        Literal["", "asc", "desc"], Meta(description="Empty: latest first, titles from A to Z.")
    ] = ""
    include: Annotated[
        tuple[Literal["html"], ...], Meta(max_length=1, description="Send the whole content, too.")
    ] = ()
    context: Annotated[
        Literal["view", "edit"], Meta(description="`edit`: with the fields that one edits, where one may.")
    ] = "view"


def order_of(asked: PostListParameters) -> str:
    """Return order and direction as cursors know them."""
    return f"{asked.order}:{'asc' if _ascending(asked) else 'desc'}"


def _ascending(asked: PostListParameters) -> bool:
    return asked.direction == "asc" if asked.direction else asked.order not in _DOWN


def listing_name(kind: ContentType) -> str:
    """Return the name of a type's list, as cursors know it."""
    return f"posts:{kind.name}"


async def query_for(asked: PostListParameters, kind: ContentType) -> ListingQuery | None:
    """Return what to ask the content for, or None where the answer is known to be empty.

    Raises:
        BadRequest: The cursor is not one of this list, or a taxonomy is named without terms.
        Unauthenticated: Other statuses than `publish` were asked for, by nobody.
        Forbidden: As above, by somebody who writes nothing here.
    """
    await _require_right(asked, kind)
    if asked.taxonomy and not asked.term:
        raise BadParameters({"term": required()})
    author = parent = term_ids = None
    if asked.author is not None:
        author = (await ids_of("users", (asked.author,))).get(asked.author)
    if asked.parent is not None:
        parent = (await ids_of("posts", (asked.parent,))).get(asked.parent)
    if asked.term:
        term_ids = tuple((await ids_of("terms", asked.term)).values())
    if (asked.author is not None and author is None) or (asked.parent is not None and parent is None):
        return None
    if term_ids == () or not _fits(asked, kind):
        return None
    return ListingQuery(
        types=(kind.name,),
        statuses=asked.status,
        taxonomy=asked.taxonomy,
        term_ids=term_ids or (),
        author_id=author,
        parent_id=parent,
        search=asked.search,
        slug=asked.slug,
        order=asked.order,
        ascending=_ascending(asked),
        published_from=in_utc(asked.after, "after") if asked.after is not None else None,
        published_until=in_utc(asked.before, "before") if asked.before is not None else None,
        position=read_cursor(asked.cursor, listing_name(kind), order_of(asked)),
        per_page=asked.limit,
        count=False,
    )


def _fits(asked: PostListParameters, kind: ContentType) -> bool:
    """Tell whether items of the type can carry terms of the taxonomy at all."""
    known = {taxonomy.name for taxonomy in taxonomies() if taxonomy.show_in_api}
    return not asked.taxonomy or asked.taxonomy in known & set(kind.taxonomies)


async def _require_right(asked: PostListParameters, kind: ContentType) -> None:
    """Refuse other statuses than `publish` to who can have nothing in them."""
    if all(status == _SHOWN for status in asked.status):
        return
    caps = type_capabilities(kind.capability_type)
    if (
        set(asked.status) <= {_SHOWN, "private"}
        and (await decide(current_actor(), caps.read_private)).allowed
    ):
        return
    await require(caps.edit)


async def readable(posts: tuple[PostView, ...]) -> list[PostView]:
    """Return those of `posts` that the current actor may read; what is published needs no question.

    The list itself goes by capabilities, policies are asked here.
    """
    actor = current_actor()
    return [
        post for post in posts if post.status == _SHOWN or (await decide(actor, "read_post", post)).allowed
    ]
