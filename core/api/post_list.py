"""Lists of posts: which of them somebody may ask for, and where a page goes on."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta

from core.accounts import decide, require, type_capabilities
from core.api.lookups import ids_of
from core.api.paging import read_cursor
from core.api.parameters import ListParameters, NumberIn, SearchText, in_utc
from core.context import current_actor
from core.contract.content import ContentType, ListingPosition, ListingQuery
from core.contract.views import PostStatus, PostView

__all__ = ["PostListParameters", "order_of", "position_of", "query_for", "readable"]

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


def position_of(post: PostView, order: str) -> ListingPosition:
    """Return where a list in this order stands after `post`."""
    value: datetime | str | int | None
    match order.partition(":")[0]:
        case "updated":
            value = post.updated_at
        case "title":
            value = post.title
        case "menu":
            value = post.menu_order
        case _:
            value = post.published_at
    return ListingPosition(value, post.id)


async def query_for(asked: PostListParameters, kind: ContentType) -> ListingQuery | None:
    """Return what to ask the content for, or None where the answer is known to be empty.

    Raises:
        BadRequest: The cursor is not one of this list.
        Unauthenticated: Other statuses than `publish` were asked for, by nobody.
        Forbidden: As above, by somebody who writes nothing here.
    """
    author = await _mine_or_theirs(asked, kind)
    if author is _NOBODY:
        return None
    parent = term_ids = None
    if asked.parent is not None:
        parent = (await ids_of("posts", (asked.parent,))).get(asked.parent)
    if asked.term:
        term_ids = tuple((await ids_of("terms", asked.term)).values())
    if (asked.parent is not None and parent is None) or term_ids == ():
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
        per_page=asked.limit + 1,
        count=False,
    )


_NOBODY: Final = UUID(int=0)


async def _mine_or_theirs(asked: PostListParameters, kind: ContentType) -> UUID | None:
    """Return whose posts to list: None for everybody's, `_NOBODY` for none."""
    wanted: UUID | None = None
    if asked.author is not None:
        wanted = (await ids_of("users", (asked.author,))).get(asked.author, _NOBODY)
    if all(status == _SHOWN for status in asked.status):
        return wanted
    caps = type_capabilities(kind.capability_type)
    await require(caps.edit)
    actor = current_actor()
    others = caps.read_private if set(asked.status) <= {_SHOWN, "private"} else caps.edit_others
    if actor.id is None or (await decide(actor, others)).allowed:
        return wanted
    return actor.id if wanted in (None, actor.id) else _NOBODY


async def readable(posts: tuple[PostView, ...]) -> list[PostView]:
    """Return those of `posts` that the current actor may read; what is published needs no question."""
    actor = current_actor()
    return [
        post for post in posts if post.status == _SHOWN or (await decide(actor, "read_post", post)).allowed
    ]
