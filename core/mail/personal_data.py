"""Whose data is this? Messages in the outbox, by their recipient."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from core.contract.work import PersonalDataProvider
from core.db import execute
from core.mail.tables import OutboxMessage

__all__ = ["OUTBOX"]


async def _find(email: str) -> Sequence[UUID]:
    rows = await execute(
        "SELECT id FROM outbox WHERE tenant_id = {tenant} AND lower(recipient) = {} ORDER BY id",
        email.strip().lower(),
    )
    return [row["id"] for row in rows]


async def _export(ids: Sequence[UUID]) -> Sequence[Mapping[str, Any]]:
    """What a message said is not kept once it was sent."""
    rows = await OutboxMessage.select(
        OutboxMessage.recipient,
        OutboxMessage.template,
        OutboxMessage.status,
        OutboxMessage.created_at,
        OutboxMessage.sent_at,
    ).where(OutboxMessage.id.is_in(list(ids)))
    return [msgspec.to_builtins(row) for row in rows]


async def _erase(ids: Sequence[UUID]) -> int:
    await OutboxMessage.delete().where(OutboxMessage.id.is_in(list(ids)))
    return len(ids)


OUTBOX: Final = PersonalDataProvider(
    name="mail", title="Messages sent", find=_find, export=_export, erase=_erase
)
