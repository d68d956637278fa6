"""Reading and writing rows of people; no rights are asked here. Operations are in the modules beside it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.accounts.matrix import ADMINISTRATOR
from core.accounts.sessions import end_sessions, renew_session
from core.accounts.tables import RoleAssignment, User
from core.accounts.views import Account, RoleView, account_of, load_accounts
from core.accounts.visit import current_visit
from core.clock import now
from core.db import current_work, execute, next_number
from core.errors import NotFound, Refused
from core.i18n import gettext as _

__all__ = [
    "account_by_email",
    "account_by_id",
    "account_by_name",
    "assign_roles",
    "count_administrators",
    "insert_user",
    "keep_an_administrator",
    "lock_administrators",
    "no_such_user",
    "restart_sessions",
]


def no_such_user() -> NotFound:
    """Return the error for an id that is nobody's here, whether or not it is somebody's elsewhere."""
    return NotFound(_("There is no such person on this site."))


async def account_by_id(user_id: UUID) -> Account:
    """Return somebody with roles.

    Raises:
        NotFound: There is nobody of this id on the site.
    """
    rows = await User.select().where(User.id == user_id, User.deleted_at.is_null())
    if not rows:
        raise no_such_user()
    return (await load_accounts(rows))[0]


async def account_by_email(email: str) -> Account | None:
    """Return who has this address (normalised), or None."""
    rows = await User.select().where(User.email == email, User.deleted_at.is_null())
    return (await load_accounts(rows))[0] if rows else None


async def account_by_name(username: str) -> Account | None:
    """Return who has this user name, or None."""
    rows = await User.select().where(User.username == username, User.deleted_at.is_null())
    return (await load_accounts(rows))[0] if rows else None


async def insert_user(values: Mapping[str, Any], roles: tuple[RoleView, ...]) -> Account:
    """Insert somebody with roles, inside the unit in progress."""
    row = User(number=await next_number("users"), created_at=now(), updated_at=now(), **values)
    await User.insert(row)
    await assign_roles(row.id, roles)
    return account_of(row.to_dict(), roles)


async def assign_roles(user_id: UUID, roles: tuple[RoleView, ...]) -> None:
    """Give somebody exactly these roles, inside the unit in progress."""
    await RoleAssignment.delete().where(RoleAssignment.user_id == user_id)
    if roles:
        await RoleAssignment.insert(*(RoleAssignment(user_id=user_id, role_id=role.id) for role in roles))


async def lock_administrators() -> None:
    """Let one unit at a time change who is an administrator of the site, until this one ends."""
    await execute(
        "UPDATE user_roles SET updated_at = updated_at WHERE tenant_id = {tenant} AND role_name = {}",
        ADMINISTRATOR,
    )


async def count_administrators() -> int:
    """Return how many people can sign in and are administrators."""
    rows = await execute(
        "SELECT count(*) AS n FROM users u"
        " JOIN role_assignments a ON a.tenant_id = u.tenant_id AND a.user_id = u.id"
        " JOIN user_roles r ON r.tenant_id = a.tenant_id AND r.id = a.role_id"
        " WHERE u.tenant_id = {tenant} AND u.status = 'active' AND u.deleted_at IS NULL AND r.role_name = {}",
        ADMINISTRATOR,
    )
    return int(rows[0]["n"])


async def keep_an_administrator(before: Account) -> None:
    """Refuse the unit in progress if it took the site's last administrator. Call `lock_administrators` first.

    Args:
        before: The person that was changed, as he was.

    Raises:
        Refused: Nobody would be left.
    """
    if ADMINISTRATOR in before.roles and before.status == "active" and not await count_administrators():
        raise Refused(
            _("This is the site's last administrator."), hint=_("Make somebody else an administrator first.")
        )


async def restart_sessions(user_id: UUID) -> int:
    """End somebody's sessions, inside the unit in progress, because what they stood for has changed.

    If it is the actor himself, his present session goes on under a new token.

    Returns:
        The new security stamp.
    """
    rows = await execute(
        "UPDATE users SET security_stamp = security_stamp + 1 WHERE tenant_id = {tenant} AND id = {} RETURNING security_stamp",
        user_id,
    )
    stamp = int(rows[0]["security_stamp"])
    visit = current_visit()
    if visit is None or visit.session is None or visit.session.user_id != user_id:
        await end_sessions(user_id)
        return stamp
    await end_sessions(user_id, keep=visit.session.id)
    token = await renew_session(visit.session.id, stamp)

    async def adopt() -> None:
        visit.keep_session(token)

    current_work().after_commit(adopt)
    return stamp
