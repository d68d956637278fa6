"""Signing in and out, and showing the password again."""

import logging
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts.events import record, record_alone
from core.accounts.forms import LoginForm, StepUpForm
from core.accounts.keys import device_token, known_device
from core.accounts.limits import attempt, bucket_name, clear, limit
from core.accounts.matrix import ADMIN_CAPABILITIES
from core.accounts.names import normal_email, normal_username
from core.accounts.passwords import check_password, seal_password
from core.accounts.rights import actor_of
from core.accounts.sessions import end_sessions, open_session, refresh_session
from core.accounts.store import account_by_id
from core.accounts.tables import User
from core.accounts.views import Account, load_accounts
from core.accounts.visit import Visit, current_visit
from core.clock import now
from core.context import Actor, current_actor
from core.contract.views import UserView
from core.db import current_work, tenant_work
from core.errors import Invalid, Unauthenticated
from core.hooks import after_commit, apply_filters, do_action
from core.http import safe_next
from core.i18n import gettext as _
from core.ids import new_id
from core.mail import send
from hookspecs import accounts

__all__ = ["LoggedIn", "log_in", "log_out", "step_up"]

log = logging.getLogger("vitral.accounts")

HOME: Final = "/admin"
_PER_NETWORK: Final = (100, 600)
_PER_SITE: Final = (3000, 600)
_NOTABLE_FAILURES: Final = 3


class LoggedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed in, and where to go."""

    user: UserView
    path: str


def _wrong() -> Invalid:
    """Return the one answer to every sign-in that fails (control AU05)."""
    return Invalid(
        {
            "password": _(
                "The name or the password is wrong, or there were too many tries."
                " Try again in a while, or set a new password."
            )
        }
    )


async def log_in(form: LoginForm) -> LoggedIn:
    """Sign somebody in: begin a session under a new id and hand its cookie to the browser.

    Unknown people, wrong passwords, disabled accounts and accounts with too many failures get the same
    answer at the same cost. A browser that the person has signed in with before has a counter of its
    own, so that strangers' failures don't lock him out (control RL02).

    Raises:
        Invalid: It failed. One message, whatever the reason.
        RateLimited: Too many tries from this network, or on this site.
        Unavailable: Too many passwords are being checked at this moment.
    """
    visit = current_visit()
    row = await _row_of(form.identifier)
    user_id: UUID | None = row["id"] if row else None
    device = known_device(visit.device, user_id) if visit and user_id else None
    if device is None:
        await _limit(visit)
    bucket = _bucket(form.identifier, user_id, device)
    turn = await attempt(bucket)
    usable = row if row is not None and turn and row["status"] == "active" else None
    verified = await check_password(
        usable["password_sealed"] if usable else None, form.password, user_id or new_id()
    )
    if usable is None or not verified.ok:
        await _failed(form.identifier, user_id, damaged=verified.damaged)
        raise _wrong()
    (account,) = await load_accounts([usable])
    resealed = await seal_password(account.id, form.password) if verified.needs_rehash else None
    await _succeed(account, usable, visit, bucket, resealed, device)
    path = await apply_filters(accounts.filter_login_redirect, safe_next(form.next, HOME), account.view)
    return LoggedIn(user=account.view, path=safe_next(path, HOME))


async def _row_of(identifier: str) -> dict[str, Any] | None:
    # one query, whether it looks like an address or a name
    rows = await User.select().where(
        (User.email == normal_email(identifier)) | (User.username == normal_username(identifier)),
        User.deleted_at.is_null(),
    )
    return rows[0] if len(rows) == 1 else None


async def _limit(visit: Visit | None) -> None:
    if visit is not None and visit.network:
        await limit(bucket_name("login:network", visit.network), *_PER_NETWORK)
    await limit("login", *_PER_SITE)


def _bucket(identifier: str, user_id: UUID | None, device: str | None) -> str:
    if device is not None:
        return bucket_name("login:device", device)
    if user_id is not None:
        return account_bucket(user_id)
    return bucket_name("login:nobody", normal_email(identifier) or normal_username(identifier))


def account_bucket(user_id: UUID) -> str:
    """Return the name of the counter of somebody's failed sign-ins from unknown browsers."""
    return bucket_name("login:account", str(user_id))


async def _failed(identifier: str, user_id: UUID | None, *, damaged: bool) -> None:
    detail = {"damaged": True} if damaged else {}
    await record_alone(
        "session.login", resource_type="user", resource_id=user_id, detail=detail, outcome="failed"
    )
    await do_action(accounts.on_login_failed, identifier)


async def _succeed(
    account: Account,
    row: dict[str, Any],
    visit: Visit | None,
    bucket: str,
    resealed: bytes | None,
    device: str | None,
) -> None:
    actor = await actor_of(account)
    async with tenant_work(actor=actor):
        failures = await clear(bucket) - 1
        changes: dict[Any, Any] = {User.last_login_at: now()}
        if resealed is not None:
            changes[User.password_sealed] = resealed
        await User.update(changes).where(User.id == account.id)
        if visit is not None:
            await begin_session(account.id, row["security_stamp"], actor, visit, known=device is not None)
            await _tell(account, visit, known=device is not None, failures=failures)
        await record("session.login", resource_type="user", resource_id=account.id)
        after_commit(accounts.on_logged_in, account.view)


async def begin_session(user_id: UUID, stamp: int, actor: Actor, visit: Visit, *, known: bool) -> None:
    """Begin a session for this request's browser, inside the unit in progress; the one it had is over."""
    if visit.session is not None:
        await end_sessions(visit.session.user_id, only=visit.session.id)
    token, session = await open_session(
        user_id, stamp, actor.capabilities, network=visit.network, agent=visit.agent
    )

    async def adopt() -> None:
        visit.strict = bool(actor.capabilities & ADMIN_CAPABILITIES)
        visit.keep_session(token, session)
        if not known:
            visit.keep_device(device_token(user_id))

    current_work().after_commit(adopt)


async def _tell(account: Account, visit: Visit, *, known: bool, failures: int) -> None:
    """Mail notices that a thief would not send (control AU11): a new browser, success after failures."""
    context = {
        "name": account.view.name,
        "network": visit.network,
        "agent": visit.agent,
        "failures": failures,
    }
    if failures >= _NOTABLE_FAILURES:
        await send("login-after-failures", account.email, context, language=account.language)
    elif not known and account.last_login_at is not None:
        await send("login-new-device", account.email, context, language=account.language)


async def log_out() -> None:
    """End the current session and have the browser forget it."""
    visit, actor = current_visit(), current_actor()
    if visit is None or visit.session is None or actor.id is None:
        return
    account = await account_by_id(actor.id)
    async with tenant_work():
        await end_sessions(actor.id, only=visit.session.id)
        await record("session.logout", resource_type="user", resource_id=actor.id)
        after_commit(accounts.on_logged_out, account.view)
    visit.forget()
    visit.clear_site_data()


async def step_up(form: StepUpForm) -> str:
    """Note that the current user has just shown the password; the session goes on under a new id.

    Returns:
        The path to go to.

    Raises:
        Unauthenticated: Nobody is signed in.
        Invalid: The password is wrong, or there were too many tries.
    """
    visit = current_visit()
    if visit is None or visit.session is None:
        raise Unauthenticated(_("Sign in to do this."))
    await confirm_password(form.password)
    async with tenant_work():
        token = await refresh_session(visit.session.id)
        await record("session.step_up", resource_type="user", resource_id=visit.session.user_id)
    visit.keep_session(token, msgspec.structs.replace(visit.session, authenticated_at=now()))
    return safe_next(form.next, HOME)


async def confirm_password(password: str, *, field: str = "password") -> Account:
    """Check the current user's own password; wrong ones count as they do for signing in.

    Raises:
        Unauthenticated: Nobody is signed in.
        Invalid: It is wrong, or there were too many tries; under `field`.
    """
    actor = current_actor()
    if actor.kind != "user" or actor.id is None or actor.scopes is not None:
        raise Unauthenticated(_("Sign in to do this."))
    bucket = bucket_name("confirm", str(actor.id))
    turn = await attempt(bucket)
    rows = await User.select().where(User.id == actor.id, User.status == "active", User.deleted_at.is_null())
    usable = rows[0] if rows and turn else None
    verified = await check_password(usable["password_sealed"] if usable else None, password, actor.id)
    if usable is None or not verified.ok:
        await record_alone("session.confirm", resource_type="user", resource_id=actor.id, outcome="failed")
        raise Invalid(
            {field: _("The password is wrong, or there were too many tries. Wait a moment and try again.")}
        )
    async with tenant_work():
        await clear(bucket)
    (account,) = await load_accounts([usable])
    return account
