"""Setting a new password with a mailed link (control AU09).

What is asked for on the page is only noted down; a job looks whether there is such a person and sends
the link. So the page answers the same, at the same cost, to an address that nobody has (AU05).
"""

from uuid import UUID

from core.accounts.auth import account_bucket
from core.accounts.events import record
from core.accounts.forms import NewPasswordForm, ResetForm
from core.accounts.keys import digest, known_device, new_token
from core.accounts.limits import bucket_name, clear, limit
from core.accounts.links import JOIN, LOGIN, RESET, full_link
from core.accounts.names import normal_email, normal_username
from core.accounts.onetime import LIFE, Purpose, issue, look, revoke, take, used_up
from core.accounts.passwords import check_new_password, seal_password
from core.accounts.store import account_by_email, account_by_id, account_by_name, restart_sessions
from core.accounts.tables import ApiToken, OneTimeToken, User
from core.accounts.views import Account
from core.accounts.visit import current_visit
from core.clock import now
from core.context import Actor, current_actor
from core.contract.work import JobContext
from core.db import tenant_work
from core.errors import Invalid, NotFound
from core.jobs import enqueue
from core.mail import send

__all__ = [
    "LINKS_JOB",
    "ask_for_link",
    "check_reset_token",
    "limit_links",
    "limit_tries",
    "request_reset",
    "reset_password",
    "send_link",
]

LINKS_JOB = "accounts.links"
_PER_NETWORK = (20, 3600)
_PER_ADDRESS = (5, 3600)


async def limit_links(kind: str, address: str) -> None:
    """Count a request for a link, by network and by address, whether or not somebody has it.

    Raises:
        RateLimited: Too many.
    """
    visit = current_visit()
    if visit is not None and visit.network:
        await limit(bucket_name(f"{kind}:network", visit.network), *_PER_NETWORK)
    await limit(bucket_name(f"{kind}:address", address), *_PER_ADDRESS)


async def limit_tries() -> None:
    """Count a try of a link, whatever it is for, by network.

    Raises:
        RateLimited: Too many.
    """
    visit = current_visit()
    if visit is not None and visit.network:
        await limit(bucket_name("link:network", visit.network), *_PER_NETWORK)


async def ask_for_link(purpose: Purpose, address: str) -> None:
    """Note that somebody asked for a link, and let a job see to it."""
    async with tenant_work():
        row = OneTimeToken(
            purpose=purpose,
            token_hash=digest(new_token()),  # nobody has it: this row is a note, not a link
            email=address,
            created_at=now(),
            expires_at=now() + LIFE[purpose],
        )
        await OneTimeToken.insert(row)
        await enqueue(LINKS_JOB, {"request": str(row.id)})


async def request_reset(form: ResetForm) -> None:
    """Ask for a link to set a new password. Says nothing about whether somebody has the address.

    Raises:
        RateLimited: Too many requests from this network, or for this address.
    """
    address = normal_email(form.email) or normal_username(form.email)
    await limit_links("reset", address)
    await ask_for_link("reset_request", address)


async def send_link(job: JobContext) -> None:
    """Answer a request for a link. Runs as a job; a second run finds nothing to do."""
    async with tenant_work():
        rows = (
            await OneTimeToken.delete()
            .where(
                OneTimeToken.id == UUID(job.payload["request"]),
                OneTimeToken.purpose.is_in(["reset_request", "registration_request"]),
            )
            .returning(OneTimeToken.purpose, OneTimeToken.email, OneTimeToken.expires_at)
        )
        if not rows or rows[0]["expires_at"] <= now():
            return
        address = rows[0]["email"]
        account = await account_by_email(address) or await account_by_name(address)
        if rows[0]["purpose"] == "registration_request":
            await _send_registration(address, account)
        elif account is not None:
            await _send_reset(account)


async def _send_reset(account: Account) -> None:
    if account.status != "active":
        return
    token, _id = await issue("reset", user_id=account.id)
    context = {"name": account.view.name, "link": full_link(RESET, token), "minutes": 10}
    await send("reset", account.email, context, language=account.language)
    await record("user.reset_link", resource_type="user", resource_id=account.id)


async def _send_registration(address: str, account: Account | None) -> None:
    if account is not None:
        context = {"name": account.view.name, "link": full_link(LOGIN), "reset": full_link(RESET)}
        await send("already-registered", account.email, context, language=account.language)
        return
    token, _id = await issue("registration", email=address)
    await send("registration", address, {"link": full_link(JOIN, token), "hours": 24})


async def check_reset_token(token: str) -> None:
    """Tell whether a link may still be used, before its form is shown.

    Raises:
        Invalid: It is worth nothing.
    """
    await look(token, "reset")


async def reset_password(form: NewPasswordForm) -> Account:
    """Set a new password with a mailed link. All sessions and API tokens of the person end.

    It signs nobody in: whatever else signing in asks for is not passed by.

    Returns:
        Whose password it was.

    Raises:
        Invalid: The link is worth nothing, or the password can't be used.
        RateLimited: Too many tries from this network.
    """
    await limit_tries()
    token = await look(form.token, "reset")
    account = await _owner(token.user_id)
    problems = check_new_password(form.password, (account.email, account.username, account.display_name))
    if problems:
        raise Invalid(problems)
    sealed = await seal_password(account.id, form.password)
    actor = Actor(kind="user", id=account.id, name=account.view.name)
    async with tenant_work(actor=actor):
        await take(form.token, "reset")
        await set_password(account, sealed)
        await ApiToken.update({ApiToken.revoked_at: now()}).where(
            ApiToken.user_id == account.id, ApiToken.revoked_at.is_null()
        )
        visit = current_visit()
        if visit is not None and (device := known_device(visit.device, account.id)) is not None:
            await clear(bucket_name("login:device", device))
        await record("user.reset_password", resource_type="user", resource_id=account.id)
    return account


async def _owner(user_id: UUID | None) -> Account:
    """Return whose token it was; a token of somebody who is gone or may not sign in is worth nothing."""
    try:
        account = await account_by_id(user_id) if user_id is not None else None
    except NotFound:
        account = None
    if account is None or account.status != "active":
        raise used_up()
    return account


async def set_password(account: Account, sealed: bytes) -> None:
    """Store a new password, inside the unit in progress: sessions end, links die, counters are forgotten."""
    await User.update(
        {User.password_sealed: sealed, User.updated_at: now(), User.version: User.version + 1}
    ).where(User.id == account.id)
    await restart_sessions(account.id)
    await revoke("reset", "email", user_id=account.id)
    await clear(account_bucket(account.id))
    await clear(bucket_name("confirm", str(account.id)))
    visit = current_visit()
    context = {
        "name": account.view.name,
        "network": visit.network if visit is not None and current_actor().kind == "user" else "",
        "link": full_link(RESET),
    }
    await send("password-changed", account.email, context, language=account.language)
