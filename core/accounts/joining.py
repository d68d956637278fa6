"""How people get an account: registration, invitation, and the link for a site's first administrator."""

from typing import Any
from uuid import UUID

from core.accounts.auth import begin_session
from core.accounts.decide import require
from core.accounts.events import record
from core.accounts.forms import AcceptForm, FirstAdminForm, InviteForm, NewUser, RegisterForm
from core.accounts.links import FIRST_ADMIN, JOIN, full_link
from core.accounts.matrix import ADMINISTRATOR
from core.accounts.names import check_email, free_slug, free_username, taken
from core.accounts.onetime import OneTime, issue, look, revoke, take, used_up
from core.accounts.passwords import check_new_password, seal_password
from core.accounts.recovery import ask_for_link, limit_links, limit_tries
from core.accounts.rights import actor_of, check_not_above
from core.accounts.roles import find_roles
from core.accounts.store import account_by_id, count_administrators, insert_user, lock_administrators
from core.accounts.tables import User
from core.accounts.users import create_user
from core.accounts.views import Account, load_accounts
from core.accounts.visit import current_visit
from core.clock import now
from core.context import Actor, Tenant, current_actor
from core.db import is_unique_violation, tenant_work
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.hooks import after_commit, do_action
from core.i18n import gettext as _
from core.ids import new_id
from core.mail import send
from core.tenancy import enter, site_settings
from hookspecs import accounts

__all__ = [
    "accept",
    "check_first_admin_token",
    "check_join_token",
    "first_admin",
    "first_admin_link",
    "invite",
    "request_registration",
    "require_open_registration",
    "resend_invitation",
]


async def request_registration(form: RegisterForm) -> None:
    """Ask for an account, where the site lets everybody. Says nothing about whether somebody has the address.

    Raises:
        Forbidden: The site does not let everybody register.
        Invalid: It is no address.
        RateLimited: Too many requests from this network, or for this address.
    """
    require_open_registration()
    address = check_email(form.email)
    await limit_links("register", address)
    await ask_for_link("registration_request", address)


def require_open_registration() -> None:
    """Go on if the site lets everybody register.

    Raises:
        Forbidden: It does not.
    """
    if site_settings().registration != "open":
        raise Forbidden(
            _("This site takes no registrations."), hint=_("Ask its administrators for an invitation.")
        )


async def invite(form: InviteForm) -> Account:
    """Make an account for somebody and mail a link to take it; it lasts 7 days.

    Raises:
        Forbidden: The actor may not make users or give these roles, or the site is closed to new people.
        Invalid: The address can't be used, or somebody has it.
    """
    await require("create_users")
    if site_settings().registration == "closed":
        raise Forbidden(
            _("This site is closed to new people."), hint=_("Change “Registration” in its settings.")
        )
    data = NewUser(email=form.email, display_name=form.display_name, roles=form.roles)
    async with tenant_work():
        account = await create_user(data, status="invited")
        await _mail_invitation(account)
    return account


async def resend_invitation(user_id: UUID) -> None:
    """Mail another link to somebody who was invited; the older one is dead.

    Raises:
        NotFound: There is nobody of this id on the site.
        Conflict: The invitation was accepted already.
    """
    await require("create_users")
    account = await account_by_id(user_id)
    check_not_above(account)
    if account.status != "invited":
        raise Conflict(_("This person has an account already."))
    async with tenant_work():
        await _mail_invitation(account)


async def _mail_invitation(account: Account) -> None:
    token, _id = await issue("invitation", user_id=account.id)
    context = {
        "name": account.view.name,
        "by": current_actor().name if current_actor().kind == "user" else "",
        "link": full_link(JOIN, token),
        "days": 7,
    }
    await send("invitation", account.email, context, language=account.language)
    await record("user.invite", resource_type="user", resource_id=account.id)


async def check_join_token(token: str) -> str:
    """Return the address that a link was mailed to, before its form is shown.

    Raises:
        Invalid: It is worth nothing.
    """
    found = await look(token, "registration", "invitation")
    return (await _invited(found)).email if found.purpose == "invitation" else found.email


async def _invited(token: OneTime) -> Account:
    try:
        account = await account_by_id(token.user_id) if token.user_id is not None else None
    except NotFound:
        account = None
    if account is None or account.status != "invited":
        raise used_up()
    return account


async def accept(form: AcceptForm) -> Account:
    """Take an account with the link of a registration or an invitation, and sign in.

    Raises:
        Invalid: The link is worth nothing, or the password can't be used.
        Forbidden: The site has been closed to registrations since.
        Conflict: Somebody has taken the address since.
        RateLimited: Too many tries from this network.
    """
    await limit_tries()
    token = await look(form.token, "registration", "invitation")
    if token.purpose == "registration":
        require_open_registration()
    invited = await _invited(token) if token.purpose == "invitation" else None
    email = invited.email if invited else token.email
    _check(form.password, (email, form.display_name))
    user_id = invited.id if invited else new_id()
    sealed = await seal_password(user_id, form.password)
    async with tenant_work(actor=Actor(kind="user", id=user_id, name=form.display_name)):
        await take(form.token, token.purpose)
        if invited is not None:
            account = await _activate(invited, form.display_name, sealed)
        else:
            account = await _join(user_id, email, form.display_name, sealed, site_settings().default_role)
        await record("user.join", resource_type="user", resource_id=user_id, detail={"by": token.purpose})
        await _enter(account)
    return account


def _check(password: str, words: tuple[str, ...]) -> None:
    problems = check_new_password(password, words)
    if problems:
        raise Invalid(problems)


async def _activate(account: Account, display_name: str, sealed: bytes) -> Account:
    rows = (
        await User.update(
            {
                User.status: "active",
                User.display_name: display_name,
                User.slug: await free_slug(display_name, but=account.id),
                User.password_sealed: sealed,
                User.updated_at: now(),
                User.version: User.version + 1,
            }
        )
        .where(User.id == account.id, User.status == "invited", User.deleted_at.is_null())
        .returning(*User.all_columns())
    )
    if not rows:
        raise used_up()
    (after,) = await load_accounts(rows)
    await do_action(accounts.on_user_saving, after.view, account.view)
    after_commit(accounts.on_user_saved, after.view, account.view)
    return after


async def _join(user_id: UUID, email: str, display_name: str, sealed: bytes, role: str) -> Account:
    if await taken(email=email):
        raise Conflict(_("This address has an account by now."), hint=_("Sign in, or set a new password."))
    values: dict[str, Any] = {
        "id": user_id,
        "email": email,
        "username": await free_username(email),
        "display_name": display_name,
        "slug": await free_slug(display_name),
        "password_sealed": sealed,
        "status": "active",
    }
    try:
        account = await insert_user(values, await find_roles((role,)))
    except Exception as error:
        if is_unique_violation(error):
            raise Conflict(_("Somebody took this name or address at the same moment. Try again.")) from error
        raise
    await do_action(accounts.on_user_saving, account.view, None)
    after_commit(accounts.on_user_saved, account.view, None)
    return account


async def _enter(account: Account) -> None:
    """Sign a new person in: the link and the password were just shown."""
    visit = current_visit()
    if visit is None:
        return
    rows = await User.select(User.security_stamp).where(User.id == account.id)
    await begin_session(account.id, rows[0]["security_stamp"], await actor_of(account), visit, known=False)
    await User.update({User.last_login_at: now()}).where(User.id == account.id)
    after_commit(accounts.on_logged_in, account.view)


async def first_admin_link(tenant: Tenant) -> str | None:
    """Return a link that makes the site's first administrator, once, within 24 hours (control AU04).

    An older link is dead then.

    Args:
        tenant: The site. The caller is its operator: the shell.

    Returns:
        None if the site has an administrator.
    """
    with enter(tenant):
        async with tenant_work():
            if await count_administrators():
                return None
            await revoke("first_admin")
            token, _id = await issue("first_admin")
            await record("site.first_admin_link", resource_type="site", resource_id=tenant.id)
            return full_link(FIRST_ADMIN, token)


async def check_first_admin_token(token: str) -> None:
    """Tell whether the link for the first administrator may still be used, before its form is shown.

    Raises:
        Invalid: It is worth nothing, or the site has an administrator by now.
    """
    await look(token, "first_admin")
    if await count_administrators():
        raise used_up()


async def first_admin(form: FirstAdminForm) -> Account:
    """Make the site's first administrator with the one-time link, and sign in.

    Raises:
        Invalid: The link is worth nothing, or a value can't be used.
        RateLimited: Too many tries from this network.
    """
    await limit_tries()
    await check_first_admin_token(form.token)
    errors: dict[str, str] = {}
    email = ""
    try:
        email = check_email(form.email)
        errors.update(await taken(email=email))
    except Invalid as error:
        errors.update(error.errors)
    errors.update(check_new_password(form.password, (form.email, form.display_name)))
    if errors:
        raise Invalid(errors)
    user_id = new_id()
    sealed = await seal_password(user_id, form.password)
    async with tenant_work(actor=Actor(kind="user", id=user_id, name=form.display_name)):
        await lock_administrators()
        await take(form.token, "first_admin")
        if await count_administrators():
            raise used_up()
        account = await _join(user_id, email, form.display_name, sealed, ADMINISTRATOR)
        await record("user.first_admin", resource_type="user", resource_id=user_id)
        await _enter(account)
    return account
