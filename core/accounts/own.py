"""What people do with their own account: password, address, sessions."""

from uuid import UUID

from core.accounts.auth import confirm_password
from core.accounts.events import record
from core.accounts.forms import EmailForm, PasswordForm
from core.accounts.limits import bucket_name, limit
from core.accounts.links import CONFIRM_EMAIL, full_link
from core.accounts.names import check_email, taken
from core.accounts.onetime import issue, look, revoke, take, used_up
from core.accounts.passwords import check_new_password, seal_password
from core.accounts.recovery import set_password
from core.accounts.sessions import SessionView, end_sessions, sessions_of
from core.accounts.store import account_by_id
from core.accounts.tables import User
from core.accounts.visit import current_visit
from core.clock import now
from core.context import Actor, current_actor
from core.db import is_unique_violation, tenant_work
from core.errors import Invalid, NotFound, Unauthenticated
from core.i18n import gettext as _
from core.mail import send

__all__ = [
    "change_email",
    "change_password",
    "confirm_email",
    "end_other_sessions",
    "end_own_session",
    "own_sessions",
]

_EMAIL_CHANGES = (5, 3600)


def _own_id() -> UUID:
    actor = current_actor()
    if actor.kind != "user" or actor.id is None:
        raise Unauthenticated(_("Sign in to do this."))
    return actor.id


async def change_password(form: PasswordForm) -> None:
    """Change the own password. Other sessions end, this one goes on under a new id.

    Raises:
        Invalid: The present password is wrong, or the new one can't be used.
        Unauthenticated: Nobody is signed in, or only an API token is.
    """
    account = await confirm_password(form.current, field="current")
    problems = check_new_password(form.password, (account.email, account.username, account.display_name))
    if not problems and form.password == form.current:
        problems = {"password": _("This is the password you have already.")}
    if problems:
        raise Invalid(problems)
    sealed = await seal_password(account.id, form.password)
    async with tenant_work():
        await set_password(account, sealed)
        await record("user.change_password", resource_type="user", resource_id=account.id)


async def change_email(form: EmailForm) -> None:
    """Ask for another address: a link is mailed to the new one, a notice to the old one.

    Says nothing about whether somebody has the new address.

    Raises:
        Invalid: The password is wrong, or it is no address.
        RateLimited: Too many changes in an hour.
        Unauthenticated: Nobody is signed in, or only an API token is.
    """
    account = await confirm_password(form.password)
    address = check_email(form.email)
    if address == account.email:
        raise Invalid({"email": _("This is your address already.")})
    await limit(bucket_name("email:account", str(account.id)), *_EMAIL_CHANGES)
    async with tenant_work():
        context = {"name": account.view.name}
        if await taken(email=address):
            await send("address-taken", address, context)
        else:
            token, _id = await issue("email", user_id=account.id, email=address)
            link = full_link(CONFIRM_EMAIL, token)
            await send(
                "address-confirm", address, {**context, "link": link, "hours": 24}, language=account.language
            )
        await send("address-changing", account.email, context, language=account.language)
        await record("user.change_email", resource_type="user", resource_id=account.id)


async def confirm_email(token: str) -> None:
    """Make the new address count, with the link that was mailed there.

    Raises:
        Invalid: The link is worth nothing, or somebody has taken the address since.
    """
    found = await look(token, "email")
    try:
        account = await account_by_id(found.user_id) if found.user_id is not None else None
    except NotFound:
        account = None
    if account is None:
        raise used_up()
    async with tenant_work(actor=Actor(kind="user", id=account.id, name=account.view.name)):
        await take(token, "email")
        try:
            await User.update(
                {User.email: found.email, User.updated_at: now(), User.version: User.version + 1}
            ).where(User.id == account.id)
        except Exception as error:
            if is_unique_violation(error):
                raise used_up() from error
            raise
        await revoke("reset", user_id=account.id)  # it lies in the old mailbox
        await send("address-changed", account.email, {"name": account.view.name}, language=account.language)
        await record("user.confirm_email", resource_type="user", resource_id=account.id)


async def own_sessions() -> tuple[SessionView, ...]:
    """Return the actor's own sessions, the one used last first. `current_visit().session` is the present one."""
    return await sessions_of(_own_id())


async def end_own_session(session_id: UUID) -> None:
    """End one of the actor's own sessions, the present one too.

    Raises:
        NotFound: It is none of his.
    """
    owner = _own_id()
    async with tenant_work():
        if not await end_sessions(owner, only=session_id):
            raise NotFound(_("This session is over already."))
        await record("session.end", resource_type="user", resource_id=owner)
    visit = current_visit()
    if visit is not None and visit.session is not None and visit.session.id == session_id:
        visit.forget()


async def end_other_sessions() -> int:
    """End all of the actor's own sessions but the present one; return how many there were."""
    owner = _own_id()
    visit = current_visit()
    keep = visit.session.id if visit is not None and visit.session is not None else None
    async with tenant_work():
        count = await end_sessions(owner, keep=keep)
        await record("session.end", resource_type="user", resource_id=owner, detail={"count": count})
    return count
