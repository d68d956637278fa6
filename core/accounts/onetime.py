"""One-time links: 256 random bits, stored as SHA-256, good once and for a short time (control AU09)."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from core.accounts.keys import digest, new_token
from core.accounts.tables import OneTimeToken
from core.clock import now
from core.db import execute
from core.errors import Invalid
from core.i18n import gettext as _

__all__ = ["LIFE", "OneTime", "Purpose", "forget_stale", "issue", "look", "revoke", "take"]

Purpose = Literal[
    "reset", "reset_request", "registration", "registration_request", "invitation", "first_admin", "email"
]

LIFE: dict[Purpose, timedelta] = {
    "reset": timedelta(minutes=10),
    "reset_request": timedelta(hours=1),
    "registration": timedelta(hours=24),
    "registration_request": timedelta(hours=1),
    "invitation": timedelta(days=7),
    "first_admin": timedelta(hours=24),
    "email": timedelta(hours=24),
}


class OneTime(msgspec.Struct, frozen=True, kw_only=True):
    """What a one-time token stands for."""

    id: UUID
    purpose: Purpose
    user_id: UUID | None = None
    email: str = ""
    data: Mapping[str, Any] = {}


async def issue(
    purpose: Purpose, *, user_id: UUID | None = None, email: str = "", data: Mapping[str, Any] | None = None
) -> tuple[str, UUID]:
    """Make a one-time token, inside the unit in progress; older ones for the same person or address are dead.

    Returns:
        The token, which is stored nowhere, and its row's id.
    """
    await revoke(purpose, user_id=user_id, email=email)
    token = new_token()
    row = OneTimeToken(
        purpose=purpose,
        token_hash=digest(token),
        user_id=user_id,
        email=email,
        data=json.dumps(dict(data or {})),
        created_at=now(),
        expires_at=now() + LIFE[purpose],
    )
    await OneTimeToken.insert(row)
    return token, row.id


async def revoke(*purposes: Purpose, user_id: UUID | None = None, email: str = "") -> None:
    """Make tokens of a person, an address, or (without either) a purpose worthless, inside the unit in progress."""
    query = OneTimeToken.delete().where(OneTimeToken.purpose.is_in(list(purposes)))
    if user_id is not None:
        query = query.where(OneTimeToken.user_id == user_id)
    elif email:
        query = query.where(OneTimeToken.email == email, OneTimeToken.user_id.is_null())
    await query


def _read(row: Mapping[str, Any]) -> OneTime:
    return OneTime(
        id=row["id"],
        purpose=row["purpose"],
        user_id=row["user_id"],
        email=row["email"],
        data=json.loads(row["data"]),
    )


def used_up() -> Invalid:
    """Return the error for every token that is worth nothing, whatever the reason."""
    return Invalid(
        {"token": _("This link was used already, is too old, or is not complete. Ask for a new one.")}
    )


async def look(token: str, *purposes: Purpose) -> OneTime:
    """Return what a token stands for without using it up, to show its page.

    Raises:
        Invalid: It is worth nothing.
    """
    rows = await OneTimeToken.select().where(
        OneTimeToken.token_hash == digest(token),
        OneTimeToken.purpose.is_in(list(purposes)),
        OneTimeToken.used_at.is_null(),
        OneTimeToken.expires_at > now(),
    )
    if not rows:
        raise used_up()
    return _read(rows[0])


async def take(token: str, purpose: Purpose) -> OneTime:
    """Use a token up, inside the unit in progress. Of several at once, one succeeds.

    Raises:
        Invalid: It is worth nothing.
    """
    rows = await execute(
        "UPDATE one_time_tokens SET used_at = {} WHERE tenant_id = {tenant} AND token_hash = {}"
        " AND used_at IS NULL AND expires_at > {} AND purpose = {}"
        " RETURNING id, purpose, user_id, email, data",
        now(),
        digest(token),
        now(),
        purpose,
    )
    if not rows:
        raise used_up()
    return _read(rows[0])


async def forget_stale() -> None:
    """Remove tokens that are used up or too old, inside the unit in progress."""
    await OneTimeToken.delete().where(
        (OneTimeToken.expires_at < now()) | (OneTimeToken.used_at < now() - timedelta(days=1))
    )
