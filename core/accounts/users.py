"""People of a site: found, listed, made and changed. What takes rights away is in `standing.py`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from core.accounts.decide import require
from core.accounts.events import record
from core.accounts.extensions import complete_extensions, load_extensions, save_extensions
from core.accounts.forms import NewUser, UserChanges, UserQuery
from core.accounts.freshness import require_fresh
from core.accounts.names import (
    check_email,
    check_username,
    free_slug,
    free_username,
    normal_email,
    normal_username,
    taken,
)
from core.accounts.onetime import revoke
from core.accounts.passwords import check_new_password, seal_password
from core.accounts.rights import check_not_above, lacking
from core.accounts.roles import find_roles
from core.accounts.store import account_by_email, account_by_id, account_by_name, insert_user
from core.accounts.tables import RoleAssignment, User, UserRole
from core.accounts.views import Account, RoleView, load_accounts
from core.clock import now
from core.context import current_actor
from core.db import contains, is_unique_violation, tenant_work
from core.errors import Conflict, Forbidden, Invalid
from core.hooks import after_commit, do_action
from core.http import convert
from core.i18n import gettext as _
from core.ids import new_id
from core.mail import send
from core.tenancy import site_settings
from core.text import slugify
from hookspecs import accounts

__all__ = [
    "UserList",
    "check_roles_given",
    "create_user",
    "find_user",
    "get_user",
    "list_users",
    "update_user",
]

_OWN = ("display_name", "first_name", "last_name", "url", "bio", "language", "ext")
"""What somebody may change of himself without the right to edit users."""
_ORDER = {
    "name": (User.display_name, User.username),
    "email": (User.email,),
    "created": (User.created_at,),
    "last_login": (User.last_login_at,),
    "number": (User.number,),
}


class UserList(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list of people."""

    items: tuple[Account, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many pages there are, 1 at least."""
        return max(1, -(-self.total // self.per_page))


async def get_user(user_id: UUID) -> Account:
    """Return somebody; oneself always, others with `list_users`.

    Raises:
        NotFound: There is nobody of this id on the site.
    """
    if current_actor().id != user_id:
        await require("list_users")
    account = await account_by_id(user_id)
    loaded = await load_extensions("user", (account.id,))
    return complete_extensions("user", msgspec.structs.replace(account, ext=loaded[account.id]))


async def find_user(identifier: str) -> Account | None:
    """Return who has this address or user name, None if nobody has."""
    await require("list_users")
    return await account_by_email(normal_email(identifier)) or await account_by_name(
        normal_username(identifier)
    )


async def list_users(query: UserQuery | None = None) -> UserList:
    """Return one page of the site's people: by search in name and address, role, status or ids."""
    await require("list_users")
    query = query or UserQuery()
    where: list[Any] = [User.deleted_at.is_null()]
    if query.status:
        where.append(User.status == query.status)
    if query.ids:
        where.append(User.id.is_in(list(query.ids)))
    if query.above:
        where.append(User.number > query.above)
    if query.search.strip():
        word = query.search.strip()
        where.append(
            contains(User.email, word) | contains(User.username, word) | contains(User.display_name, word)
        )
    if query.role:
        where.append(User.id.is_in(_having(query.role)))
    total = await User.count().where(*where)
    rows = User.select().where(*where)
    for column in _ORDER[query.order]:
        rows = rows.order_by(column, ascending=not query.descending)
    found = await rows.order_by(User.id).limit(query.per_page).offset((query.page - 1) * query.per_page)
    return UserList(items=await load_accounts(found), total=total, page=query.page, per_page=query.per_page)


def _having(role: str) -> Any:
    roles = UserRole.select(UserRole.id).where(UserRole.role_name == role)
    return RoleAssignment.select(RoleAssignment.user_id).where(RoleAssignment.role_id.is_in(roles))


async def check_roles_given(names: tuple[str, ...]) -> tuple[RoleView, ...]:
    """Return roles that the current actor may give somebody new; the site's default role for none.

    Raises:
        Invalid: A role does not exist.
        Forbidden: It gives rights that the actor lacks, or the actor may give no roles.
    """
    default = site_settings().default_role
    roles = await find_roles(names or (default,))
    if {role.name for role in roles} != {default}:
        await require("promote_users")
    missing = lacking(name for role in roles for name in role.capabilities)
    if missing and names:
        raise Forbidden(
            _("You can't give rights that you don't have yourself."),
            hint=_("You lack: %(names)s.") % {"names": ", ".join(sorted(missing))},
        )
    return roles


async def create_user(data: NewUser, *, status: str = "active") -> Account:
    """Make somebody's account.

    Args:
        data: Address, names, roles; the user name and the author slug are made up if not given.
        status: "active", or "invited" until an invitation is accepted.

    Raises:
        Invalid: Everything that can't be used, by field.
        Conflict: Somebody took a name at the same moment.
        Forbidden: The actor may not make users, or lacks what the roles give.
    """
    await require("create_users")
    roles = await check_roles_given(data.roles)
    values = await _new_values(data)
    async with tenant_work():
        try:
            account = await insert_user({**values, "status": status}, roles)
        except Exception as error:
            if is_unique_violation(error):
                raise Conflict(
                    _("Somebody took this name or address at the same moment. Try again.")
                ) from error
            raise
        await do_action(accounts.on_user_saving, account.view, None)
        await record(
            "user.create",
            resource_type="user",
            resource_id=account.id,
            after={"roles": sorted(account.roles)},
        )
        after_commit(accounts.on_user_saved, account.view, None)
    return account


def _misfits(data: NewUser | UserChanges) -> dict[str, str]:
    """Return a sentence per field that is longer than its column or can't be shown: not all come from a form."""
    values = msgspec.to_builtins(
        msgspec.structs.replace(data, ext=UNSET) if isinstance(data, UserChanges) else data
    )
    try:
        convert(values, type(data))
    except Invalid as error:
        return dict(error.errors)
    return {}


async def _new_values(data: NewUser) -> dict[str, Any]:
    errors = _misfits(data)
    email = username = ""
    try:
        email = check_email(data.email)
    except Invalid as error:
        errors.update(error.errors)
    try:
        username = check_username(data.username) if data.username else await free_username(email)
    except Invalid as error:
        errors.update(error.errors)
    errors.update(await taken(email=email, username=username))
    display_name = (
        data.display_name.strip() or " ".join(filter(None, (data.first_name, data.last_name))) or username
    )
    user_id = new_id()
    sealed = None
    if data.password:
        errors.update(check_new_password(data.password, (email, username, display_name)))
    if errors:
        raise Invalid(errors)
    if data.password:
        sealed = await seal_password(user_id, data.password)
    return {
        "id": user_id,
        "email": email,
        "username": username,
        "display_name": display_name,
        "slug": await free_slug(display_name),
        "first_name": data.first_name,
        "last_name": data.last_name,
        "url": data.url,
        "bio": data.bio,
        "language": data.language,
        "password_sealed": sealed,
    }


async def update_user(user_id: UUID, changes: UserChanges, *, version: int) -> Account:
    """Change somebody's profile, one's own or with `edit_users` anybody's who may not do more than oneself.

    One's own address is changed with `change_email`, which asks for the password.

    Args:
        user_id: Who.
        changes: Set fields change, unset ones stay.
        version: The version that was edited.

    Raises:
        NotFound: There is nobody of this id on the site.
        Forbidden: The actor may not.
        StepUp: The address is to change, and the password was shown too long ago.
        Invalid: Everything that can't be used, by field.
        Conflict: Somebody else changed it first, or took a name; holds both states.
    """
    account = await account_by_id(user_id)
    await require("edit_user", account.view)
    check_not_above(account)
    values = {name: value for name, value in msgspec.structs.asdict(changes).items() if value is not UNSET}
    await _check_own(account, values)
    ext = values.pop("ext", {})
    values = await _checked(account, values, _misfits(changes))
    async with tenant_work():
        changed = sorted(name for name in values if values[name] != getattr(account, name))
        after = await _write(account, values, version)
        await save_extensions("user", account.id, ext)
        if "email" in changed:
            await revoke("reset", "email", "invitation", user_id=account.id)  # they lie in other mailboxes
            await send(
                "address-changed", account.email, {"name": account.view.name}, language=account.language
            )
        await do_action(accounts.on_user_saving, after.view, account.view)
        detail = {"changed": [*changed, *(f"ext.{key}" for key in sorted(ext))]}
        await record("user.update", resource_type="user", resource_id=account.id, detail=detail)
        after_commit(accounts.on_user_saved, after.view, account.view)
    return after


async def _check_own(account: Account, values: Mapping[str, Any]) -> None:
    beyond = sorted(name for name in values if name not in _OWN and values[name] != getattr(account, name))
    if not beyond:
        return
    actor = current_actor()
    if actor.id == account.id and "email" in beyond:
        raise Invalid({"email": _("Change your own address on its own page: it asks for your password.")})
    await require("edit_users")
    if "email" in beyond:
        require_fresh()


async def _checked(account: Account, values: dict[str, Any], errors: dict[str, str]) -> dict[str, Any]:
    for name, check in (("email", check_email), ("username", check_username)):
        if name in values:
            try:
                values[name] = check(values[name])
            except Invalid as error:
                errors.update(error.errors)
    if "slug" in values and slugify(values["slug"], limit=60) != values["slug"]:
        errors["slug"] = _(
            "Use lower-case letters a to z, digits and single hyphens, for example: my-page-2."
        )
    if "display_name" in values and not values["display_name"].strip():
        errors["display_name"] = _("A name is needed: it stands above what this person writes.")
    named = {
        name: values[name] for name in ("email", "username", "slug") if name in values and name not in errors
    }
    errors.update(await taken(**named, but=account.id))
    if errors:
        raise Invalid(errors)
    return values


def _columns(values: Mapping[str, Any]) -> dict[Any, Any]:
    return dict(values)


async def _write(account: Account, values: Mapping[str, Any], version: int) -> Account:
    try:
        rows = await (
            User.update({**_columns(values), User.updated_at: now(), User.version: User.version + 1})
            .where(User.id == account.id, User.version == version, User.deleted_at.is_null())
            .returning(*User.all_columns())
        )
    except Exception as error:
        if is_unique_violation(error):
            raise Conflict(_("Somebody took this name or address at the same moment. Try again.")) from error
        raise
    if not rows:
        current = {name: getattr(account, name) for name in values}
        raise Conflict(_("Somebody else changed this person first."), current=current, yours=values)
    return (await load_accounts(rows))[0]
