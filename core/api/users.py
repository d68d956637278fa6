"""People over the API: `/users`."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, patch, post, put
from litestar.params import JSONBody
from msgspec import UNSET, Meta

from core.accounts import (
    Account,
    NewUser,
    UserChanges,
    UserQuery,
    create_user,
    decide,
    delete_user,
    get_user,
    list_users,
    set_roles,
    update_user,
    user_views,
)
from core.api.changes import begin_change
from core.api.document import PARAMETERS
from core.api.inputs import RolesIn, UserChangesIn, UserIn
from core.api.lookups import has_published, id_of
from core.api.names import api_names
from core.api.paging import base_url, page_answer, read_cursor, write_cursor
from core.api.parameters import ListParameters, NoParameters, Number, NumberIn, SearchText, read_parameters
from core.api.problems import READS, WRITES, may_answer
from core.api.respond import answer, created
from core.api.shapes import UserOut, UserPage
from core.context import current_actor
from core.contract.content import ListingPosition
from core.contract.views import UserView
from core.errors import Conflict, Invalid, NotFound, Unauthenticated
from core.i18n import gettext as _

__all__ = ["user_routes"]

AnyRequest = Request[Any, Any, Any]

_BODY_LIMIT = 100_000
_LISTING = "users"
_ORDER = "number:asc"


class UserListParameters(ListParameters, kw_only=True, frozen=True):
    """What a list of people takes. They come in the order of their numbers."""

    search: SearchText = ""
    role: Annotated[str, Meta(max_length=50, description="Name of a role that they have.")] = ""
    status: Annotated[Literal["", "active", "invited", "disabled"], Meta(description="How they stand.")] = ""


class DeleteUserParameters(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What deleting somebody takes."""

    reassign: Annotated[
        NumberIn | None, Meta(description="Number of who gets what belongs to the person.")
    ] = None


def public_user(view: UserView, base: str) -> UserOut:
    """Return somebody as everybody may see him."""
    return UserOut(
        id=view.id,
        number=view.number,
        name=view.name,
        slug=view.slug,
        url=base + view.url,
        website=view.website,
        bio=view.bio,
    )


def whole_user(account: Account, base: str, *, ext: bool = True) -> UserOut:
    """Return somebody as those see him who manage people, and he himself."""
    return msgspec.structs.replace(
        public_user(account.view, base),
        email=account.email,
        username=account.username,
        display_name=account.display_name,
        first_name=account.first_name,
        last_name=account.last_name,
        language=account.language,
        status=account.status,
        roles=sorted(account.roles),
        created_at=account.created_at,
        last_login_at=account.last_login_at,
        version=account.version,
        ext=dict(account.ext) if ext else UNSET,
    )


@get(
    "/",
    opt={"capability": "list_users", PARAMETERS: UserListParameters},
    responses=may_answer(*READS),
    summary="List people",
)
async def list_people(request: AnyRequest) -> Response[UserPage]:
    """List the people of the site, in the order of their numbers."""
    asked = read_parameters(request, UserListParameters)
    position = read_cursor(asked.cursor, _LISTING, _ORDER)
    found = await list_users(
        UserQuery(
            search=asked.search,
            role=asked.role,
            status=asked.status,
            order="number",
            above=int(str(position.value)) if position is not None else 0,
            per_page=asked.limit + 1,
        )
    )
    base = base_url(request)
    items = [whole_user(account, base, ext=False) for account in found.items[: asked.limit]]
    if len(found.items) <= asked.limit:
        return answer(request, UserPage(items=items))
    last = found.items[asked.limit - 1]
    cursor = write_cursor(_LISTING, _ORDER, ListingPosition(last.number, last.id))
    return page_answer(request, items, cursor)


@get("/me", opt={"capability": "public"}, responses=may_answer(*READS), summary="Oneself")
async def get_me(request: AnyRequest) -> Response[UserOut]:
    """Return who asks, and what he or the token may do."""
    read_parameters(request, NoParameters)
    actor = current_actor()
    if actor.kind != "user" or actor.id is None:
        raise Unauthenticated(_("Sign in to do this."))
    account = await get_user(actor.id)
    may = actor.capabilities & actor.scopes if actor.scopes is not None else actor.capabilities
    return answer(
        request, msgspec.structs.replace(whole_user(account, base_url(request)), capabilities=sorted(may))
    )


@get("/{number:int}", opt={"capability": "public"}, responses=may_answer(*READS), summary="One person")
async def get_person(request: AnyRequest, number: Number) -> Response[UserOut]:
    """Return somebody who has published something; to those who may list people, anybody."""
    read_parameters(request, NoParameters)
    user_id = await id_of("users", number)
    actor = current_actor()
    if actor.id == user_id or (actor.kind == "user" and (await decide(actor, "list_users")).allowed):
        return answer(request, whole_user(await get_user(user_id), base_url(request)))
    if not await has_published(user_id):
        raise NotFound(_("There is nothing with this number here."))
    return answer(request, public_user((await user_views((user_id,)))[user_id], base_url(request)))


@post(
    "/",
    opt={"capability": "create_users", "body_limit": _BODY_LIMIT},
    responses=may_answer(*WRITES),
    summary="Make an account",
)
async def post_person(request: AnyRequest, data: JSONBody[UserIn]) -> Response[UserOut]:
    """Make an account. Nobody gives rights that he doesn't have himself."""
    await begin_change(request, NoParameters)
    values = msgspec.structs.asdict(data)
    values["url"] = values.pop("website")
    with api_names(url="website"):
        account = await create_user(NewUser(**{**values, "roles": tuple(data.roles)}))
    base = base_url(request)
    return created(request, whole_user(account, base), f"{base}/api/v1/users/{account.number}")


@patch(
    "/{number:int}",
    opt={"capability": "read", "body_limit": _BODY_LIMIT},
    responses=may_answer(*WRITES),
    summary="Change a person",
)
async def patch_person(
    request: AnyRequest, number: Number, data: JSONBody[UserChangesIn]
) -> Response[UserOut]:
    """Change oneself, or with `edit_users` somebody who may not do more than oneself."""
    await begin_change(request, NoParameters)
    user_id = await id_of("users", number)
    values = msgspec.structs.asdict(data)
    version = values.pop("version")
    values["url"] = values.pop("website")
    try:
        with api_names(url="website"):
            await update_user(user_id, UserChanges(**values), version=version)
    except Conflict as error:
        raise await _both(request, error, user_id, data) from None
    return answer(request, whole_user(await get_user(user_id), base_url(request)))


async def _both(request: AnyRequest, error: Conflict, user_id: UUID, yours: UserChangesIn) -> Conflict:
    """Return a conflict with both states as the API knows them."""
    if not error.current:
        return error
    current = msgspec.to_builtins(whole_user(await get_user(user_id), base_url(request)))
    return Conflict(error.message, hint=error.hint, current=current, yours=msgspec.to_builtins(yours))


@put(
    "/{number:int}/roles",
    opt={"capability": "promote_users", "body_limit": _BODY_LIMIT},
    responses=may_answer(*WRITES),
    summary="Set roles",
)
async def put_roles(request: AnyRequest, number: Number, data: JSONBody[RolesIn]) -> Response[UserOut]:
    """Give somebody exactly these roles. It takes a password shown a moment ago, so no API token can."""
    await begin_change(request, NoParameters)
    account = await set_roles(await id_of("users", number), data.roles)
    return answer(request, whole_user(account, base_url(request), ext=False))


@delete(
    "/{number:int}",
    opt={"capability": "delete_users", PARAMETERS: DeleteUserParameters},
    status_code=204,
    responses=may_answer(*WRITES),
    summary="Delete a person",
)
async def delete_person(request: AnyRequest, number: Number) -> None:
    """Delete an account. It takes a password shown a moment ago, so no API token can."""
    asked = await begin_change(request, DeleteUserParameters)
    user_id = await id_of("users", number)
    heir = None
    if asked.reassign is not None:
        try:
            heir = await id_of("users", asked.reassign)
        except NotFound as error:
            raise Invalid({"reassign": error.message}) from None
    with api_names():
        await delete_user(user_id, reassign_to=heir)


user_routes = [list_people, get_me, get_person, post_person, patch_person, put_roles, delete_person]
