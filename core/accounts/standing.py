"""What takes rights away or gives them: roles, disabling, deleting. Each ends the person's sessions."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from core.accounts.decide import require
from core.accounts.events import record
from core.accounts.extensions import extensions_of
from core.accounts.freshness import require_fresh
from core.accounts.onetime import revoke
from core.accounts.rights import check_not_above, lacking
from core.accounts.roles import find_roles
from core.accounts.sessions import end_sessions
from core.accounts.store import (
    account_by_id,
    assign_roles,
    keep_an_administrator,
    lock_administrators,
    restart_sessions,
)
from core.accounts.tables import ApiToken, Notice, RoleAssignment, User, UserMeta
from core.accounts.views import Account
from core.clock import now
from core.context import current_actor
from core.db import is_foreign_key_violation, savepoint, tenant_work
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.hooks import after_commit, do_action
from core.i18n import gettext as _
from hookspecs import accounts

__all__ = ["delete_user", "disable_user", "enable_user", "end_user_sessions", "purge_deleted", "set_roles"]

KEEP_DELETED = timedelta(days=30)


async def set_roles(user_id: UUID, names: Iterable[str]) -> Account:
    """Give somebody exactly these roles. The person's sessions end; one's own goes on under a new id.

    Raises:
        NotFound: There is nobody of this id on the site.
        Forbidden: The actor may not, or lacks a right that a role gives or that the person has.
        Invalid: A role does not exist.
        Refused: Nobody would be left as administrator.
        StepUp: The password was shown too long ago.
    """
    account = await account_by_id(user_id)
    await require("promote_users")
    require_fresh()
    check_not_above(account)
    roles = await find_roles(names)
    after = frozenset(role.name for role in roles)
    missing = lacking(name for role in roles if role.name not in account.roles for name in role.capabilities)
    if missing:
        raise Forbidden(
            _("You can't give rights that you don't have yourself."),
            hint=_("You lack: %(names)s.") % {"names": ", ".join(sorted(missing))},
        )
    if after == account.roles:
        return account
    async with tenant_work():
        await lock_administrators()
        await assign_roles(account.id, roles)
        await keep_an_administrator(account)
        await restart_sessions(account.id)
        await record(
            "user.set_roles",
            resource_type="user",
            resource_id=account.id,
            before={"roles": sorted(account.roles)},
            after={"roles": sorted(after)},
        )
        after_commit(accounts.on_user_roles_changed, account.view, account.roles, after)
        return await account_by_id(account.id)


async def disable_user(user_id: UUID) -> Account:
    """Keep somebody from signing in, from now on: sessions and tokens end at once, nothing is lost.

    Raises:
        NotFound: There is nobody of this id on the site.
        Forbidden: The actor may not, the person may do more, or it is the actor himself.
        Refused: Nobody would be left as administrator.
    """
    return await _set_status(user_id, "disabled")


async def enable_user(user_id: UUID) -> Account:
    """Let somebody sign in again who was disabled."""
    return await _set_status(user_id, "active")


async def _set_status(user_id: UUID, status: str) -> Account:
    account = await account_by_id(user_id)
    await require("edit_users")
    check_not_above(account)
    if current_actor().id == account.id:
        raise Forbidden(_("You can't do this to yourself."))
    if account.status == "invited":
        raise Conflict(
            _("This person has not accepted the invitation yet."), hint=_("Delete the account instead.")
        )
    if account.status == status:
        return account
    async with tenant_work():
        await lock_administrators()
        await User.update(
            {User.status: status, User.updated_at: now(), User.version: User.version + 1}
        ).where(User.id == account.id)
        await keep_an_administrator(account)
        await restart_sessions(account.id)
        await revoke("reset", "email", user_id=account.id)
        action = "user.disable" if status == "disabled" else "user.enable"
        await record(action, resource_type="user", resource_id=account.id)
        changed = await account_by_id(account.id)
        await do_action(accounts.on_user_saving, changed.view, account.view)
        after_commit(accounts.on_user_saved, changed.view, account.view)
    return changed


async def end_user_sessions(user_id: UUID) -> int:
    """End all sessions of somebody else; return how many there were."""
    account = await account_by_id(user_id)
    await require("edit_users")
    check_not_above(account)
    async with tenant_work():
        count = await end_sessions(account.id)
        await record("session.end", resource_type="user", resource_id=account.id, detail={"count": count})
    return count


async def delete_user(user_id: UUID, reassign_to: UUID | None = None) -> None:
    """Delete somebody. What belongs to the person goes to somebody else, or the rooms that keep it say no.

    The account is gone at once for everybody; its row stays 30 days for the records, then it is removed.

    Args:
        user_id: Who.
        reassign_to: Who gets posts, files and the like; None if there is nothing to give.

    Raises:
        NotFound: There is nobody of this id on the site.
        Invalid: `reassign_to` can't be given anything.
        Forbidden: The actor may not, the person may do more, or it is the actor himself.
        Refused: Something belongs to the person and nobody was named, or no administrator would be left.
        StepUp: The password was shown too long ago.
    """
    account = await account_by_id(user_id)
    await require("delete_user", account.view)
    require_fresh()
    check_not_above(account)
    heir = await _heir(account, reassign_to) if reassign_to is not None else None
    heir_view = heir.view if heir is not None else None
    async with tenant_work():
        await lock_administrators()
        await do_action(accounts.on_user_deleting, account.view, heir_view)
        await _mark_deleted(account)
        await keep_an_administrator(account)
        await record(
            "user.delete",
            resource_type="user",
            resource_id=account.id,
            before={"roles": sorted(account.roles)},
            detail={"reassigned_to": str(heir.id) if heir is not None else None},
        )
        after_commit(accounts.on_user_deleted, account.view, heir_view)


async def _heir(account: Account, reassign_to: UUID) -> Account:
    if reassign_to == account.id:
        raise Invalid({"reassign_to": _("Choose somebody else.")})
    try:
        heir = await account_by_id(reassign_to)
    except NotFound:
        raise Invalid({"reassign_to": _("There is no such person on this site.")}) from None
    if heir.status != "active":
        raise Invalid({"reassign_to": _("This person can't sign in, so choose somebody else.")})
    return heir


async def _mark_deleted(account: Account) -> None:
    actor = current_actor()
    await User.update(
        {
            User.deleted_at: now(),
            User.deleted_by: actor.id,
            User.status: "disabled",
            User.password_sealed: None,
            User.security_stamp: User.security_stamp + 1,
        }
    ).where(User.id == account.id)
    await end_sessions(account.id)
    await RoleAssignment.delete().where(RoleAssignment.user_id == account.id)
    await ApiToken.delete().where(ApiToken.user_id == account.id)
    await Notice.delete().where(Notice.user_id == account.id)
    await revoke("reset", "email", "invitation", user_id=account.id)


async def purge_deleted() -> int:
    """Remove the rows of people who were deleted a month ago, inside the unit in progress.

    Where a row is still pointed at, the person in it is made unknowable instead.

    Returns:
        How many there were.
    """
    rows = await User.select(User.id, User.number).where(
        User.deleted_at < now() - KEEP_DELETED, User.email.not_like("deleted-%@invalid")
    )
    for row in rows:
        try:
            async with savepoint():
                await _erase_extensions(row["id"])
                await User.delete().where(User.id == row["id"])
        except Exception as error:
            if not is_foreign_key_violation(error):
                raise
            await anonymise(row["id"], row["number"])
    return len(rows)


async def anonymise(user_id: UUID, number: int) -> None:
    """Make somebody who was deleted unknowable, inside the unit in progress; the row stays for what points at it."""
    name = f"deleted-{number}"
    await _erase_extensions(user_id)
    await User.update(
        {
            User.email: f"{name}@invalid",
            User.username: name,
            User.slug: name,
            User.display_name: "",
            User.first_name: "",
            User.last_name: "",
            User.url: "",
            User.bio: "",
            User.last_login_at: None,
        }
    ).where(User.id == user_id)
    await UserMeta.delete().where(UserMeta.user_id == user_id)


async def _erase_extensions(user_id: UUID) -> None:
    """Have plugins erase what they keep with a person."""
    for extension in extensions_of("user"):
        await extension.erase(user_id)
