"""People of a site: invited, made, given roles, deleted. The list and the account's form are in `users.py`."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from core.accounts import (
    InviteForm,
    NewUser,
    UserQuery,
    create_user,
    delete_user,
    invite,
    list_users,
    set_roles,
)
from core.admin.confirm import confirm_first
from core.admin.flash import flash
from core.admin.forms import form_groups, submitted
from core.admin.pieces import Option
from core.admin.shell import AnyRequest, Crumb, go, screen
from core.admin.user_forms import InvitationForm, NewUserForm
from core.admin.users import Person, roles_to_give, users
from core.admin.view_routes import FormProblem, problem_of, status_of, view_handlers
from core.errors import Conflict, Forbidden, Invalid, Refused
from core.http import FormState, form_of
from core.i18n import gettext as _
from core.tenancy import site_settings

__all__ = ["handlers"]


async def _choices(field: str) -> Sequence[Option] | None:
    return await roles_to_give() if field == "roles" else None


async def _new(
    request: AnyRequest,
    model: type[Struct],
    state: FormState[Any],
    problem: FormProblem | None = None,
) -> Response[str]:
    invites = model is InvitationForm
    return await screen(
        request,
        "admin/users/new.html",
        key=users.menu_key,
        title=_("Invite somebody") if invites else _("New account"),
        crumbs=(Crumb(_(users.title), users.path),),
        status=status_of(state, problem),
        view=users,
        groups=await form_groups(model, _choices),
        state=state,
        problem=problem,
        invites=invites,
        closed=site_settings().registration == "closed",
        action=f"{users.path}/invite" if invites else f"{users.path}/new",
    )


def _first() -> FormState[Any]:
    return FormState({"roles": [site_settings().default_role]})


@get("/admin/users/invite", opt={"capability": "create_users"}, include_in_schema=False)
async def invite_form(request: AnyRequest) -> Response[str]:
    """Show the form of an invitation."""
    return await _new(request, InvitationForm, _first())


@post(
    "/admin/users/invite",
    opt={"capability": "create_users"},
    include_in_schema=False,
    before_request=confirm_first,
)
async def send_invitation(request: AnyRequest) -> Response[Any]:
    """Invite somebody."""
    state = submitted(request, InvitationForm)
    if state.data is None:
        return await _new(request, InvitationForm, state)
    given = state.data
    try:
        await invite(InviteForm(email=given.email, display_name=given.display_name, roles=tuple(given.roles)))
    except Invalid as error:
        return await _new(request, InvitationForm, state.failed(error.errors))
    except (Conflict, Refused, Forbidden) as error:
        return await _new(request, InvitationForm, state, problem_of(error))
    flash(request, _("The invitation to %(email)s is on its way.") % {"email": given.email})
    return go(request, users.path)


@get("/admin/users/new", opt={"capability": "create_users"}, include_in_schema=False)
async def new_form(request: AnyRequest) -> Response[str]:
    """Show the form of a new account."""
    return await _new(request, NewUserForm, _first())


@post(
    "/admin/users/new",
    opt={"capability": "create_users"},
    include_in_schema=False,
    before_request=confirm_first,
)
async def create(request: AnyRequest) -> Response[Any]:
    """Make an account."""
    state = submitted(request, NewUserForm)
    if state.data is None:
        return await _new(request, NewUserForm, state)
    given = msgspec.structs.asdict(state.data)
    try:
        account = await create_user(NewUser(**{**given, "roles": tuple(given["roles"])}))
    except Invalid as error:
        return await _new(request, NewUserForm, state.failed(error.errors))
    except (Conflict, Refused, Forbidden) as error:
        return await _new(request, NewUserForm, state, problem_of(error))
    flash(request, _("“%(what)s” was added.") % {"what": account.view.name})
    return go(request, users.path)


@post(
    "/admin/users/{key:str}/roles",
    opt={"capability": "promote_users"},
    include_in_schema=False,
    before_request=confirm_first,
)
async def change_roles(request: AnyRequest, key: FromPath[str]) -> Response[Any]:
    """Give somebody exactly the roles that are ticked."""
    person = await users.get(key)
    try:
        await set_roles(person.account.id, form_of(request).all("roles"))
    except Invalid as error:
        flash(request, next(iter(error.errors.values())), "error")
    except Refused as error:
        flash(request, str(error), "error")
    else:
        flash(request, _("The roles were changed. The person signs in again with them."))
    return go(request, users.row_path(person))


async def _leaving(
    request: AnyRequest, person: Person, *, status: int = 200, error: str = ""
) -> Response[str]:
    account = person.account
    heirs = [
        Option(str(other.id), other.view.name)
        for other in (await list_users(UserQuery(status="active", per_page=200))).items
        if other.id != account.id
    ]
    return await screen(
        request,
        "admin/users/delete.html",
        key=users.menu_key,
        title=_("Delete “%(name)s”") % {"name": account.view.name},
        crumbs=(Crumb(_(users.title), users.path), Crumb(account.view.name, users.row_path(person))),
        status=status,
        account=account,
        heirs=heirs,
        error=error,
    )


@get("/admin/users/{key:str}/delete", opt={"capability": "delete_users"}, include_in_schema=False)
async def delete_form(request: AnyRequest, key: FromPath[str]) -> Response[str]:
    """Ask who gets what belongs to somebody who is to be deleted."""
    return await _leaving(request, await users.get(key))


@post(
    "/admin/users/{key:str}/delete",
    opt={"capability": "delete_users"},
    include_in_schema=False,
    before_request=confirm_first,
)
async def delete(request: AnyRequest, key: FromPath[str]) -> Response[Any]:
    """Delete somebody."""
    person = await users.get(key)
    text = form_of(request).get("reassign_to")
    try:
        await delete_user(person.account.id, users.uuid(text) if text else None)
    except Invalid as error:
        return await _leaving(request, person, status=422, error=next(iter(error.errors.values())))
    except (Refused, Conflict) as error:
        return await _leaving(request, person, status=error.status, error=str(error))
    flash(request, _("“%(what)s” was deleted.") % {"what": users.label(person)})
    return go(request, users.path)


handlers: list[Any] = [
    *view_handlers(users),
    invite_form,
    send_invitation,
    new_form,
    create,
    change_roles,
    delete_form,
    delete,
]
