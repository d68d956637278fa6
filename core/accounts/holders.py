"""Who may do something: whom a message about it is for."""

from typing import Final

from core.accounts.capabilities import granted
from core.accounts.matrix import ADMINISTRATOR
from core.accounts.rights import actor_of
from core.accounts.tables import RoleAssignment, User, UserRole
from core.accounts.views import Account, load_accounts

__all__ = ["holders"]

_MOST: Final = 100


async def holders(capability: str) -> tuple[Account, ...]:
    """Return the active people of the site who hold a capability, 100 at most, those who came first before others.

    Args:
        capability: One that a role lists or a plugin brings; not one that depends on an object.
    """
    roles = await UserRole.select(UserRole.id, UserRole.role_name, UserRole.capabilities)
    # an administrator's role does not list what plugins bring; everybody's own rights are asked below
    able = [
        role["id"]
        for role in roles
        if role["role_name"] == ADMINISTRATOR or capability in role["capabilities"]
    ]
    if not able:
        return ()
    theirs = RoleAssignment.select(RoleAssignment.user_id).where(RoleAssignment.role_id.is_in(able))
    rows = (
        await User.select()
        .where(User.status == "active", User.deleted_at.is_null(), User.id.is_in(theirs))
        .order_by(User.number)
        .limit(_MOST)
    )
    found = [(account, await actor_of(account)) for account in await load_accounts(rows)]
    return tuple(account for account, actor in found if capability in granted(actor.capabilities))
