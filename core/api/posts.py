"""Posts, pages and items of other types over the API: one set of handlers for all of them.

Which type an address is about is in the route's options, or the last part of `/content/{type}`.
"""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.params import JSONBody
from msgspec import Meta

from core.api.changes import begin_change
from core.api.document import PARAMETERS
from core.api.index import BASE, items_path, open_types
from core.api.inputs import PostChanges, PostIn, StatusIn, post_data
from core.api.names import api_names
from core.api.paging import base_url, page_answer, write_cursor
from core.api.parameters import NoParameters, Number, read_parameters
from core.api.post_list import PostListParameters, listing_name, order_of, query_for, readable
from core.api.present import post_items
from core.api.problems import READS, WRITES, may_answer
from core.api.respond import answer, created
from core.api.shapes import PostOut, PostPage
from core.content import (
    change_status,
    create_post,
    delete_post,
    duplicate_post,
    get_post_by_number,
    list_posts,
    present,
    update_post,
)
from core.contract.content import ContentType
from core.contract.views import PostView
from core.errors import Conflict, NotFound
from core.i18n import gettext as _

__all__ = ["TYPE", "post_changes", "post_reads", "post_removal"]

AnyRequest = Request[Any, Any, Any]

TYPE = "content_type"
"""Key of a route's `opt`: the type that its items have."""
_BODY_LIMIT = 4_200_000


class ReadParameters(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What reading one item takes."""

    context: Annotated[
        Literal["view", "edit"],
        Meta(description="`edit`: with the fields that one edits; takes the right to."),
    ] = "view"


class RemoveParameters(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What removing an item takes."""

    force: Annotated[bool, Meta(description="Delete it for good instead of putting it into the trash.")] = (
        False
    )


def _no_such() -> NotFound:
    return NotFound(_("There is nothing with this number here."))


def _kind(request: AnyRequest) -> ContentType:
    """Return the type of content that the address is about.

    Raises:
        NotFound: The site has no such type, or it is not for the API.
    """
    fixed = request.route_handler.opt.get(TYPE)
    name = fixed or request.path_params["type"]
    for kind in open_types():
        if kind.name == name and (fixed or items_path(kind).startswith("content/")):
            return kind
    raise NotFound(_("There is no such type of content here."))


async def _read(request: AnyRequest, number: int, *, edit: bool = False) -> PostView:
    """Return the item that the address is about.

    Args:
        request: The request.
        number: From the address.
        edit: For writing: with what a password hides, to who may edit it.

    Raises:
        NotFound: There is none, or none that the actor may know of: the two look the same (AC03).
        Forbidden: He may know of it, but not edit it.
    """
    kind = _kind(request)
    try:
        found = await get_post_by_number(number)
        if edit and found.type == kind.name:
            found = await get_post_by_number(number, edit=True)
    except NotFound:
        raise _no_such() from None
    if found.type != kind.name:
        raise _no_such()
    return found


async def _one(request: AnyRequest, found: PostView, *, edit: bool) -> dict[str, Any]:
    shown = (found,) if edit else await present((found,))
    return (await post_items(shown, base_url(request), edit=edit))[0]


@get(
    "/",
    opt={"capability": "public", PARAMETERS: PostListParameters},
    responses=may_answer(*READS),
    summary="List items",
)
async def list_items(request: AnyRequest) -> Response[PostPage]:
    """List items, the published ones unless told otherwise.

    Of other statuses than `publish`, those of others take the right to edit them.
    """
    kind = _kind(request)
    asked = read_parameters(request, PostListParameters)
    query = await query_for(asked, kind)
    if query is None:
        return answer(request, {"items": [], "next": None, "cursor": None})
    edit, html = asked.context == "edit", "html" in asked.include
    found = await list_posts(query, kind="api", content=edit or html, writers=edit)
    items = await post_items(await readable(found.items), base_url(request), edit=edit, html=html)
    if found.next is None:
        return answer(request, {"items": items, "next": None, "cursor": None})
    return page_answer(request, items, write_cursor(listing_name(kind), order_of(asked), found.next))


@get(
    "/{number:int}",
    opt={"capability": "public", PARAMETERS: ReadParameters},
    responses=may_answer(*READS),
    summary="One item",
)
async def get_item(request: AnyRequest, number: Number) -> Response[PostOut]:
    """Return one item with its whole content."""
    asked = read_parameters(request, ReadParameters)
    edit = asked.context == "edit"
    return answer(request, await _one(request, await _read(request, number, edit=edit), edit=edit))


@post("/", opt={"body_limit": _BODY_LIMIT}, responses=may_answer(*WRITES), summary="Make a draft")
async def post_item(request: AnyRequest, data: JSONBody[PostIn]) -> Response[PostOut]:
    """Make a draft. `POST .../status` publishes it."""
    await begin_change(request, NoParameters)
    kind = _kind(request)
    with api_names():
        made = await create_post(await post_data(data, kind=kind.name))
    location = f"{base_url(request)}{BASE}/{items_path(kind)}/{made.number}"
    return created(request, await _one(request, made, edit=True), location)


@patch(
    "/{number:int}", opt={"body_limit": _BODY_LIMIT}, responses=may_answer(*WRITES), summary="Change an item"
)
async def patch_item(request: AnyRequest, number: Number, data: JSONBody[PostChanges]) -> Response[PostOut]:
    """Change an item. If somebody else changed it since the version that is sent along, nothing happens."""
    await begin_change(request, NoParameters)
    found = await _read(request, number)
    try:
        with api_names():
            changed = await update_post(found.id, await post_data(data), version=data.version)
    except Conflict as error:
        raise await _both(request, error, number, data) from None
    return answer(request, await _one(request, changed, edit=True))


@post(
    "/{number:int}/status",
    status_code=200,
    opt={"body_limit": 10_000},
    responses=may_answer(*WRITES),
    summary="Change the status",
)
async def post_status(request: AnyRequest, number: Number, data: JSONBody[StatusIn]) -> Response[PostOut]:
    """Publish an item, plan it, hand it in for review, take it back, put it into the trash or out of it."""
    await begin_change(request, NoParameters)
    found = await _read(request, number)
    try:
        with api_names():
            changed = await change_status(found.id, data.status, version=data.version, at=data.at)
    except Conflict as error:
        raise await _both(request, error, number, data) from None
    return answer(request, await _one(request, changed, edit=True))


@post(
    "/{number:int}/duplicate",
    opt={"body_limit": 10_000},
    responses=may_answer(*WRITES),
    summary="Duplicate an item",
)
async def post_duplicate(request: AnyRequest, number: Number) -> Response[PostOut]:
    """Make a draft of your own with everything of an item: text, terms, meta, picture, what plugins keep."""
    await begin_change(request, NoParameters)
    kind = _kind(request)
    with api_names():
        made = await duplicate_post((await _read(request, number)).id)
    location = f"{base_url(request)}{BASE}/{items_path(kind)}/{made.number}"
    return created(request, await _one(request, made, edit=True), location)


async def _both(request: AnyRequest, error: Conflict, number: int, yours: msgspec.Struct) -> Conflict:
    """Return a conflict with both states as the API knows them."""
    if not error.current:
        return error
    current = await _one(request, await _read(request, number, edit=True), edit=True)
    sent = msgspec.to_builtins(yours)
    sent.pop("password", None)
    return Conflict(error.message, hint=error.hint, current=current, yours=sent)


@delete(
    "/{number:int}",
    status_code=204,
    opt={PARAMETERS: RemoveParameters},
    responses=may_answer(*WRITES),
    summary="Remove an item",
)
async def delete_item(request: AnyRequest, number: Number) -> None:
    """Put an item into the trash, or with `force=true` delete it for good."""
    asked = await begin_change(request, RemoveParameters)
    found = await _read(request, number)
    if asked.force:
        await delete_post(found.id)
    elif found.status != "trash":
        await change_status(found.id, "trash")


post_reads = [list_items, get_item]
post_changes = [post_item, patch_item, post_status, post_duplicate]
post_removal = [delete_item]
