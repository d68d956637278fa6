"""Comments over the API: `/api/v1/comments`. Visitors read what is shown; moderators read and change everything."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, Router, delete, get, patch, post
from litestar.params import JSONBody
from msgspec import UNSET, Meta, UnsetType

from core.accounts import decide, require
from core.api import (
    PARAMETERS,
    READS,
    WRITES,
    ListParameters,
    NoParameters,
    Number,
    NumberIn,
    SearchText,
    answer,
    base_url,
    begin_change,
    created,
    may_answer,
    page_answer,
    read_cursor,
    read_parameters,
    write_cursor,
)
from core.content import get_post_by_number
from core.context import current_actor
from core.contract.content import ListingPosition
from core.contract.views import PostView
from core.errors import Invalid, NotFound
from core.http import line_of, name_of, text_of
from core.i18n import gettext as _
from plugins.comments.api_items import CommentOut, CommentPage, items_of
from plugins.comments.forms import MAX_CONTENT, MAX_EDITED, CommentChanges, CommentForm
from plugins.comments.listing import CommentQuery, list_comments, posts_of
from plugins.comments.moderation import MODERATE, delete_comments, edit_comment, set_status
from plugins.comments.operations import create_comment
from plugins.comments.store import get_by_id, get_by_number, no_such_comment
from plugins.comments.views import CommentView

__all__ = ["api_handlers"]

AnyRequest = Request[Any, Any, Any]
_ORDER = "created:desc"
_BODY_LIMIT = 400_000


class CommentListParameters(ListParameters, kw_only=True, frozen=True):
    """What a list of comments takes. The newest come first."""

    post: Annotated[NumberIn | None, Meta(description="Number of the post.")] = None
    status: Annotated[
        Literal["approved", "pending", "spam", "trash"], Meta(description="Others take `moderate_comments`.")
    ] = "approved"
    search: SearchText = ""


class RemoveParameters(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What removing a comment takes."""

    force: Annotated[bool, Meta(description="Delete it for good instead of putting it into the trash.")] = (
        False
    )


class CommentIn(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A comment to write, in the name of whoever asks."""

    post: NumberIn
    """Number of the post."""
    content: Annotated[str, text_of(MAX_CONTENT, min_length=1)]
    parent: NumberIn | None = None
    """Number of the comment that it answers."""


class CommentChangesIn(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A change to a comment. Fields that are left out stay as they are."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    """The version that it is a change of."""
    content: Annotated[str, text_of(MAX_EDITED)] | UnsetType = UNSET
    author_name: Annotated[str, name_of(250, min_length=0)] | UnsetType = UNSET
    author_email: Annotated[str, line_of(254)] | UnsetType = UNSET
    author_url: Annotated[str, line_of(500)] | UnsetType = UNSET
    ext: dict[str, Any] | UnsetType = UNSET
    """Values for plugins, by plugin."""


class CommentStatusIn(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The status that a comment is to have."""

    status: Literal["approved", "pending", "spam", "trash", "restore"]
    """`restore` takes it out of the trash or the spam folder, to what it was."""


async def _moderates() -> bool:
    actor = current_actor()
    return actor.kind != "visitor" and (await decide(actor, MODERATE)).allowed


async def _post(number: int) -> PostView | None:
    """Return a post whose comments may be read: not one that still asks for its password."""
    try:
        found = await get_post_by_number(number)
    except NotFound:
        return None
    return found if found.unlocked else None


async def _read(number: int) -> CommentView:
    """Return the comment that the address is about.

    Raises:
        NotFound: There is none, or none that the actor may know of: the two look the same.
    """
    comment = await get_by_number(number)
    if await _moderates():
        return comment
    posts = await posts_of((comment,), public=True)
    if comment.status != "approved" or comment.post_id not in posts:
        raise no_such_comment()
    return comment


@get(
    "/",
    opt={"capability": "public", PARAMETERS: CommentListParameters},
    responses=may_answer(*READS),
    summary="List comments",
)
async def list_items(request: AnyRequest) -> Response[CommentPage]:
    """List comments, the approved ones on posts that everybody may read unless told otherwise."""
    asked = read_parameters(request, CommentListParameters)
    if asked.status != "approved":
        await require(MODERATE)
    listing = f"comments:{asked.status}:{asked.post or 0}"
    position = read_cursor(asked.cursor, listing, _ORDER)
    about = await _post(asked.post) if asked.post is not None else None
    if asked.post is not None and about is None:
        return answer(request, CommentPage(items=[]))
    moderates = await _moderates()
    query = CommentQuery(
        statuses=(asked.status,),
        post_id=about.id if about is not None else None,
        search=asked.search,
        with_emails=moderates,
        before=(position.value, position.id)
        if position is not None and isinstance(position.value, datetime)
        else None,
        per_page=asked.limit,
        count=False,
    )
    found = await list_comments(query)
    items = await items_of(found.items, base_url(request), everything=moderates)
    if not found.more:
        return answer(request, CommentPage(items=items))
    last = found.items[-1]
    cursor = write_cursor(listing, _ORDER, ListingPosition(last.created_at, last.id))
    return page_answer(request, items, cursor)


@get("/{number:int}", opt={"capability": "public"}, responses=may_answer(*READS), summary="One comment")
async def get_item(request: AnyRequest, number: Number) -> Response[CommentOut]:
    """Return one comment."""
    read_parameters(request, NoParameters)
    return await _answer_one(request, await _read(number))


async def _answer_one(request: AnyRequest, comment: CommentView) -> Response[Any]:
    return answer(request, await _one(request, comment))


async def _one(request: AnyRequest, comment: CommentView) -> CommentOut:
    items = await items_of((comment,), base_url(request), everything=await _moderates())
    if not items:
        raise no_such_comment()
    return items[0]


@post(
    "/",
    opt={"capability": "read", "body_limit": _BODY_LIMIT},
    responses=may_answer(*WRITES),
    summary="Write a comment",
)
async def post_item(request: AnyRequest, data: JSONBody[CommentIn]) -> Response[CommentOut]:
    """Write a comment in one's own name. Whether it is shown at once is up to the site; see `status`."""
    await begin_change(request, NoParameters)
    about = await _post(data.post)
    if about is None:
        raise Invalid({"post": _("There is nothing with this number here.")})
    made = await create_comment(about, CommentForm(content=data.content, parent=data.parent))
    # as its writer sees it, also while it waits
    items = await items_of((made,), base_url(request), everything=True)
    return created(request, items[0], f"{base_url(request)}/api/v1/comments/{made.number}")


@patch(
    "/{number:int}",
    opt={"capability": MODERATE, "body_limit": 5 * _BODY_LIMIT},
    responses=may_answer(*WRITES),
    summary="Change a comment",
)
async def patch_item(
    request: AnyRequest, number: Number, data: JSONBody[CommentChangesIn]
) -> Response[CommentOut]:
    """Change what a comment says. If somebody else changed it since that version, nothing happens."""
    await begin_change(request, NoParameters)
    comment = await get_by_number(number)
    changes = CommentChanges(
        content=data.content,
        author_name=data.author_name,
        author_email=data.author_email,
        author_url=data.author_url,
        ext=data.ext,
    )
    try:
        changed = await edit_comment(comment.id, changes, version=data.version)
    except Invalid as error:
        names = {"author_name": "authorName", "author_email": "authorEmail", "author_url": "authorUrl"}
        raise Invalid({names.get(name, name): text for name, text in error.errors.items()}) from None
    return await _answer_one(request, changed)


@post(
    "/{number:int}/status",
    status_code=200,
    opt={"capability": MODERATE, "body_limit": 10_000},
    responses=may_answer(*WRITES),
    summary="Moderate a comment",
)
async def post_status(
    request: AnyRequest, number: Number, data: JSONBody[CommentStatusIn]
) -> Response[CommentOut]:
    """Approve a comment, hold it back, mark it as spam, put it into the trash or take it out again."""
    await begin_change(request, NoParameters)
    comment = await get_by_number(number)
    await set_status((comment.id,), data.status)
    return await _answer_one(request, await get_by_id(comment.id))


@delete(
    "/{number:int}",
    status_code=204,
    opt={"capability": MODERATE, PARAMETERS: RemoveParameters},
    responses=may_answer(*WRITES),
    summary="Remove a comment",
)
async def delete_item(request: AnyRequest, number: Number) -> None:
    """Put a comment into the trash, or with `force=true` delete it for good."""
    asked = await begin_change(request, RemoveParameters)
    comment = await get_by_number(number)
    if asked.force:
        await delete_comments((comment.id,))
    else:
        await set_status((comment.id,), "trash")


api_handlers = [
    Router(
        "/api/v1/comments",
        route_handlers=[list_items, get_item, post_item, patch_item, post_status, delete_item],
        tags=["comments"],
    )
]
