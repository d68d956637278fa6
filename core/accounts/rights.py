"""What an actor holds, and what he may therefore hand on."""

from collections.abc import Iterable
from uuid import UUID

from core.accounts.capabilities import catalogue, extra_names, granted
from core.accounts.matrix import ADMINISTRATOR
from core.accounts.views import Account
from core.context import Actor, current_actor
from core.contract.views import UserView
from core.errors import Forbidden
from core.hooks import apply_filters
from core.i18n import gettext as _
from hookspecs import accounts

__all__ = ["actor_of", "check_not_above", "lacking", "user_actor"]


async def user_actor(
    user: UserView,
    roles: frozenset[str],
    capabilities: frozenset[str],
    *,
    session: UUID | None = None,
    scopes: frozenset[str] | None = None,
) -> Actor:
    """Return a person as an actor, with everything he may do on the site.

    Administrators hold what plugins and content types add, besides what their role lists, so that
    there is always somebody who can hand it on.
    """
    if ADMINISTRATOR in roles:
        capabilities |= extra_names()
    capabilities = await apply_filters(accounts.filter_user_capabilities, capabilities, user)
    return Actor(
        kind="user",
        id=user.id,
        name=user.name,
        roles=roles,
        capabilities=frozenset(capabilities),
        session=session,
        scopes=scopes,
    )


async def actor_of(account: Account) -> Actor:
    """Return an account as an actor; for code that works on somebody's behalf (imports, jobs, tests)."""
    return await user_actor(account.view, account.roles, account.capabilities)


def lacking(capabilities: Iterable[str]) -> frozenset[str]:
    """Return those of `capabilities` that mean something here and that the current actor does not hold."""
    actor = current_actor()
    if actor.kind in ("cli", "job"):
        return frozenset()
    held = granted(actor.capabilities) if actor.kind == "user" else frozenset[str]()
    if actor.scopes is not None:
        held &= actor.scopes
    return (frozenset(capabilities) & frozenset(catalogue())) - held


def check_not_above(account: Account) -> None:
    """Refuse to change somebody who may do more than the current actor: it would be a way to become him.

    Raises:
        Forbidden: Names what the actor lacks.
    """
    actor = current_actor()
    if actor.kind == "user" and actor.id == account.id:
        return
    missing = lacking(account.capabilities)
    if missing:
        names = ", ".join(sorted(missing))
        raise Forbidden(
            _("This person may do more than you."),
            hint=_("You lack: %(names)s.") % {"names": names},
            reasons=(_("You lack: %(names)s.") % {"names": names},),
        )
