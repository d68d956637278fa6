"""Whose data is this? (the fifth seam) Giving out and taking away what a site keeps about a person.

The core asks every provider of the site: its own, and those of the enabled plugins. LGPD, article 18:
access (II), portability (V), erasure (VI).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts.decide import require
from core.accounts.events import record
from core.accounts.extensions import extensions_of
from core.accounts.freshness import require_fresh
from core.accounts.standing import anonymise
from core.accounts.tables import (
    ApiToken,
    Notice,
    OneTimeToken,
    RoleAssignment,
    Session,
    User,
    UserMeta,
    UserRole,
)
from core.contract.work import PersonalDataProvider
from core.db import tenant_work
from core.errors import Refused
from core.hooks import collect
from core.i18n import gettext as _
from hookspecs import platform

__all__ = [
    "ACCOUNTS",
    "LINKS",
    "PersonalData",
    "accounts_of",
    "address_of",
    "erase_personal_data",
    "export_personal_data",
]


_OF_ACCOUNT: Final = (
    "number",
    "email",
    "username",
    "display_name",
    "slug",
    "first_name",
    "last_name",
    "url",
    "bio",
    "language",
    "status",
    "created_at",
    "last_login_at",
    "deleted_at",
)


class PersonalData(msgspec.Struct, frozen=True, kw_only=True):
    """What one provider keeps about a person, as JSON values."""

    name: str
    title: str
    rows: tuple[Mapping[str, Any], ...]


async def export_personal_data(email: str) -> tuple[PersonalData, ...]:
    """Return all that the current site keeps about the person with an e-mail address. It is recorded.

    Raises:
        Forbidden: The actor may not.
        StepUp: The password was shown too long ago.
    """
    await require("export_others_personal_data")
    require_fresh()
    found = []
    async with tenant_work():
        for provider in collect(platform.register_personal_data):
            ids = await provider.find(email)
            rows = tuple(await provider.export(ids)) if ids else ()
            found.append(PersonalData(name=provider.name, title=provider.title, rows=rows))
        await record("personal_data.export", detail={each.name: len(each.rows) for each in found})
    return tuple(found)


async def erase_personal_data(email: str) -> dict[str, int]:
    """Erase what the current site keeps about the person with an e-mail address: all of it or nothing.

    Returns:
        How many rows were changed or removed, by provider.

    Raises:
        Forbidden: The actor may not.
        StepUp: The password was shown too long ago.
        Refused: A provider must keep what it has; the message says why.
    """
    await require("erase_others_personal_data")
    require_fresh()
    changed = {}
    async with tenant_work():
        for provider in collect(platform.register_personal_data):
            ids = await provider.find(email)
            changed[provider.name] = await provider.erase(ids) if ids else 0
        await record("personal_data.erase", detail=changed)
    return changed


async def accounts_of(email: str) -> Sequence[UUID]:
    """Return the ids of the accounts with an address, those that were deleted too. For `find` of a provider."""
    rows = await User.select(User.id).where(User.email == email.strip().lower())
    return [row["id"] for row in rows]


async def address_of(user_id: UUID) -> str:
    """Return the address of an account, "" if there is none of this id. For those who keep what it left behind."""
    rows = await User.select(User.email).where(User.id == user_id)
    return rows[0]["email"] if rows else ""


async def _export_accounts(ids: Sequence[UUID]) -> Sequence[Mapping[str, Any]]:
    found = []
    for row in await User.select().where(User.id.is_in(list(ids))).order_by(User.number):
        roles = await RoleAssignment.select(RoleAssignment.role_id).where(RoleAssignment.user_id == row["id"])
        titles = await UserRole.select(UserRole.role_name).where(
            UserRole.id.is_in([role["role_id"] for role in roles] or [row["id"]])
        )
        meta = await UserMeta.select(UserMeta.meta_key, UserMeta.meta_value).where(
            UserMeta.user_id == row["id"]
        )
        sessions = await Session.select(
            Session.created_at, Session.last_seen_at, Session.network, Session.agent
        ).where(Session.user_id == row["id"])
        tokens = await ApiToken.select(ApiToken.title, ApiToken.created_at, ApiToken.last_used_at).where(
            ApiToken.user_id == row["id"]
        )
        notices = await Notice.select(Notice.title, Notice.body, Notice.created_at).where(
            Notice.user_id == row["id"]
        )
        found.append(
            {
                **{name: row[name] for name in _OF_ACCOUNT},
                "roles": [title["role_name"] for title in titles],
                "values": [dict(each) for each in meta],
                "sessions": [dict(each) for each in sessions],
                "tokens": [dict(each) for each in tokens],
                "notices": [dict(each) for each in notices],
                "ext": {each.key: await each.export(row["id"]) for each in extensions_of("user")},
            }
        )
    return [msgspec.to_builtins(each) for each in found]


async def _erase_accounts(ids: Sequence[UUID]) -> int:
    rows = await User.select(User.id, User.number, User.deleted_at).where(User.id.is_in(list(ids)))
    for row in rows:
        if row["deleted_at"] is None:
            raise Refused(
                _("This person has an account."),
                hint=_("Delete the account first, and say who gets what belongs to it."),
            )
        await anonymise(row["id"], row["number"])
    return len(rows)


async def _find_links(email: str) -> Sequence[UUID]:
    rows = await OneTimeToken.select(OneTimeToken.id).where(OneTimeToken.email == email.strip().lower())
    return [row["id"] for row in rows]


async def _export_links(ids: Sequence[UUID]) -> Sequence[Mapping[str, Any]]:
    shown = (OneTimeToken.purpose, OneTimeToken.email, OneTimeToken.created_at, OneTimeToken.expires_at)
    rows = await OneTimeToken.select(*shown).where(OneTimeToken.id.is_in(list(ids)))
    return [msgspec.to_builtins(row) for row in rows]


async def _erase_links(ids: Sequence[UUID]) -> int:
    await OneTimeToken.delete().where(OneTimeToken.id.is_in(list(ids)))
    return len(ids)


ACCOUNTS: Final = PersonalDataProvider(
    name="accounts", title="Accounts", find=accounts_of, export=_export_accounts, erase=_erase_accounts
)
LINKS: Final = PersonalDataProvider(
    name="links",
    title="Invitations and links by e-mail",
    find=_find_links,
    export=_export_links,
    erase=_erase_links,
)
