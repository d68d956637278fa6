"""The people of a site: found, invited, made, changed, kept out, deleted."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Meta, Struct

from core.accounts import (
    Account,
    InviteForm,
    NewUser,
    UserChanges,
    UserQuery,
    create_user,
    delete_user,
    disable_user,
    enable_user,
    end_user_sessions,
    get_user,
    invite,
    list_roles,
    list_users,
    resend_invitation,
    set_roles,
    update_user,
)
from core.admin.confirm import confirm_first
from core.admin.flash import flash
from core.admin.forms import form_groups, submitted
from core.admin.pieces import Action, Column, Empty, Filter, Option, Query, Rows
from core.admin.shell import AnyRequest, Crumb, go, screen
from core.admin.view import AdminView
from core.admin.view_routes import FormProblem, problem_of, view_handlers
from core.context import current_actor
from core.errors import Conflict, Forbidden, Invalid, Refused
from core.http import FormState, form_of, line_of, name_of, text_of
from core.i18n import gettext as _
from core.tenancy import site_settings

__all__ = ["UserForm", "Users", "handlers", "role_options"]

_LANGUAGES: Final = {"": "The site's", "pt-BR": "Português (Brasil)", "en": "English"}


class UserForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of somebody else's account."""

    display_name: Annotated[
        str,
        name_of(250),
        Meta(
            title="Name",
            description="It stands above what the person writes.",
            extra_json_schema={"group": "Person"},
        ),
    ]
    first_name: Annotated[
        str, name_of(100, min_length=0), Meta(title="First name", extra_json_schema={"width": "half"})
    ] = ""
    last_name: Annotated[
        str, name_of(100, min_length=0), Meta(title="Last name", extra_json_schema={"width": "half"})
    ] = ""
    bio: Annotated[
        str,
        text_of(10_000),
        Meta(title="About the person", description="Shown beside posts, if the theme does."),
    ] = ""
    url: Annotated[str, line_of(255), Meta(title="Website", extra_json_schema={"widget": "url"})] = ""
    email: Annotated[
        str,
        line_of(255),
        Meta(title="E-mail address", extra_json_schema={"group": "Account", "widget": "email"}),
    ]
    username: Annotated[
        str, line_of(255), Meta(title="User name", description="To sign in with, beside the address.")
    ]
    slug: Annotated[str, line_of(60), Meta(title="Address of the author's page")] = ""
    language: Annotated[str, line_of(10), Meta(title="Language")] = ""


class NewUserForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of a new account with a password that somebody hands over."""

    email: Annotated[
        str, line_of(255), Meta(title="E-mail address", min_length=3, extra_json_schema={"widget": "email"})
    ]
    display_name: Annotated[str, name_of(250, min_length=0), Meta(title="Name")] = ""
    username: Annotated[
        str, line_of(255), Meta(title="User name", description="Empty makes one of the address.")
    ] = ""
    roles: Annotated[list[str], Meta(title="Roles")] = []
    password: Annotated[
        str,
        Meta(
            title="Password",
            description="Empty for none: the person sets one with “Forgotten?”.",
            max_length=4096,
            extra_json_schema={"widget": "password", "autocomplete": "new-password"},
        ),
    ] = ""


class InvitationForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of an invitation."""

    email: Annotated[
        str, line_of(255), Meta(title="E-mail address", min_length=3, extra_json_schema={"widget": "email"})
    ]
    display_name: Annotated[str, name_of(250, min_length=0), Meta(title="Name")] = ""
    roles: Annotated[list[str], Meta(title="Roles")] = []


async def role_options() -> list[Option]:
    """Return the site's roles to choose from."""
    return [Option(role.name, _(role.title)) for role in await list_roles()]


async def _choices(field: str) -> Sequence[Option] | None:
    return await role_options() if field == "roles" else None


class Person(Struct, frozen=True, kw_only=True):
    """Somebody as the list shows him."""

    account: Account
    roles: tuple[str, ...]
    """Titles of the roles, translated."""

    @property
    def status(self) -> str:
        """Whether the account can be used."""
        return self.account.status

    @property
    def version(self) -> int:
        """The account's version."""
        return self.account.version


async def _titles() -> dict[str, str]:
    return {option.value: option.label for option in await role_options()}


def _person(account: Account, titles: dict[str, str]) -> Person:
    return Person(account=account, roles=tuple(titles.get(name, name) for name in sorted(account.roles)))


def _others(row: Person) -> bool:
    return row.account.id != current_actor().id


class Users(AdminView[Person, Any]):
    """The list of people, and their accounts."""

    name = "users"
    title, singular = "Users", "User"
    capability = "list_users"
    create_capability = "create_users"
    change_capability = "edit_users"
    delete_capability = "delete_users"
    icon, section, position = "users", "people", 40
    searchable = True
    default_sort = "name"
    more_template = "admin/users/more.html"
    list_template = "admin/users/list.html"
    form_template = "admin/users/form.html"
    form = UserForm
    empty = Empty(title="Nobody here yet", text="Invite those who write with you.")
    columns = (
        Column(
            name="name",
            title="Name",
            sort=True,
            value=lambda row: row.account.view.name,
            template="admin/users/name.html",
        ),
        Column(name="roles", title="Roles", template="admin/users/roles.html"),
        Column(
            name="status",
            title="Status",
            kind="chip",
            labels={
                "active": ("Active", "good"),
                "invited": ("Invited", "plan"),
                "disabled": ("Kept out", "bad"),
            },
        ),
        Column(
            name="last_login",
            title="Last here",
            kind="moment",
            sort=True,
            value=lambda row: row.account.last_login_at,
            wide=True,
        ),
    )
    filters = (
        Filter(name="role", title="All roles", options=role_options),
        Filter(name="status", title="Every status"),
    )
    actions = (
        Action(
            name="resend",
            title="Invite again",
            run=lambda row: resend_invitation(row.account.id),
            done=("%(count)d invitation sent.", "%(count)d invitations sent."),
            capability="create_users",
            icon="mail",
            shown=lambda row: row.status == "invited",
        ),
        Action(
            name="end",
            title="End sessions",
            run=lambda row: end_user_sessions(row.account.id),
            done=("%(count)d person has to sign in again.", "%(count)d people have to sign in again."),
            icon="leave",
            shown=lambda row: row.status == "active" and _others(row),
        ),
        Action(
            name="disable",
            title="Keep out",
            run=lambda row: disable_user(row.account.id),
            done=("%(count)d person kept out.", "%(count)d people kept out."),
            icon="lock",
            danger=True,
            undo="enable",
            shown=lambda row: row.status == "active" and _others(row),
        ),
        Action(
            name="enable",
            title="Let in again",
            run=lambda row: enable_user(row.account.id),
            done=("%(count)d person let in again.", "%(count)d people let in again."),
            icon="check",
            shown=lambda row: row.status == "disabled",
        ),
    )

    def __init__(self) -> None:
        super().__init__()
        self.filters = (self.filters[0], msgspec.structs.replace(self.filters[1], options=_statuses))

    @property
    def new_path(self) -> str:
        """The address of the invitation form."""
        return f"{self.path}/invite"

    def key(self, row: Person) -> str:
        """Return the account's id."""
        return str(row.account.id)

    def label(self, row: Person) -> str:
        """Return the person's name."""
        return row.account.view.name

    async def rows(self, query: Query) -> Rows[Person]:
        """Return one page of the site's people."""
        orders: dict[str, Any] = {"name": "name", "last_login": "last_login"}
        statuses: dict[str, Any] = {name: name for name in ("active", "invited", "disabled")}
        found = await list_users(
            UserQuery(
                search=query.search[:100],
                role=query.filters.get("role", ""),
                status=statuses.get(query.filters.get("status", ""), ""),
                order=orders.get(query.sort, "name"),
                descending=query.descending,
                page=min(query.page, 100_000),
                per_page=query.per_page,
            )
        )
        titles = await _titles()
        return Rows((_person(account, titles) for account in found.items), found.total)

    async def get(self, key: str) -> Person:
        """Return somebody of the site."""
        return _person(await get_user(self.uuid(key)), await _titles())

    async def change(self, row: Person, data: UserForm, version: int | None) -> Person:
        """Change an account."""
        changes = msgspec.convert(msgspec.structs.asdict(data), UserChanges)
        changed = await update_user(row.account.id, changes, version=version or row.version)
        return _person(changed, {})

    def values(self, row: Person) -> UserForm:
        """Return the form of an account."""
        return UserForm(**{name: getattr(row.account, name) for name in UserForm.__struct_fields__})

    async def options(self, field: str) -> Sequence[Option] | None:
        """Return the languages."""
        return [Option(code, _(title)) for code, title in _LANGUAGES.items()] if field == "language" else None

    async def context(self, row: Person | None) -> dict[str, Any]:
        """Return the roles, for the form beside the account's."""
        return {"role_choices": await role_options()} if row is not None else {}


async def _statuses() -> list[Option]:
    return [Option("active", _("Active")), Option("invited", _("Invited")), Option("disabled", _("Kept out"))]


users = Users()


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
        status=problem.status if problem is not None else 422 if state.errors else 200,
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
