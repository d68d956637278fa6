"""The list of a site's people, and the form of an account."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from core.accounts import (
    Account,
    UserChanges,
    UserQuery,
    disable_user,
    enable_user,
    end_user_sessions,
    get_user,
    lacking,
    list_roles,
    list_users,
    resend_invitation,
    update_user,
)
from core.admin.pieces import Action, Column, Empty, Filter, Option, Query, Rows
from core.admin.user_forms import UserForm
from core.admin.view import AdminView
from core.context import current_actor
from core.contract.views import UserView
from core.i18n import gettext as _

__all__ = ["Person", "Users", "roles_to_give", "users"]

_LANGUAGES: Final = {"": "The site's", "pt-BR": "Português (Brasil)", "en": "English"}


async def role_options() -> list[Option]:
    """Return the site's roles to choose from."""
    return [Option(role.name, _(role.title)) for role in await list_roles()]


async def roles_to_give(held: Collection[str] = ()) -> list[Option]:
    """Return the roles that whoever asks can give to somebody, and those that the person holds already."""
    return [
        Option(role.name, _(role.title))
        for role in await list_roles()
        if role.name in held or not lacking(role.capabilities)
    ]


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
        return await self.change_extended(row, data, {}, version)

    @property
    def extends(self) -> tuple[str, str]:
        """What plugins keep with people."""
        return "user", ""

    async def kept(self, row: Person) -> tuple[UserView, Mapping[str, Any]]:
        """Return the person, and what plugins keep with the account."""
        return row.account.view, row.account.ext

    async def change_extended(
        self, row: Person, data: UserForm, ext: Mapping[str, Any], version: int | None
    ) -> Person:
        """Change an account and what plugins keep with it."""
        changes = msgspec.convert({**msgspec.structs.asdict(data), "ext": dict(ext)}, UserChanges)
        changed = await update_user(row.account.id, changes, version=version or row.version)
        return _person(changed, {})

    def values(self, row: Person) -> UserForm:
        """Return the form of an account."""
        return UserForm(**{name: getattr(row.account, name) for name in UserForm.__struct_fields__})

    async def options(self, field: str) -> Sequence[Option] | None:
        """Return the languages."""
        return [Option(code, _(title)) for code, title in _LANGUAGES.items()] if field == "language" else None

    async def context(self, row: Person | None) -> dict[str, Any]:
        """Return the roles that can be chosen, for the form beside the account's."""
        return {"role_choices": await roles_to_give(row.account.roles)} if row is not None else {}


async def _statuses() -> list[Option]:
    return [Option("active", _("Active")), Option("invited", _("Invited")), Option("disabled", _("Kept out"))]


users = Users()
