"""Putting messages into the outbox. They leave it if and only if the unit that wrote them commits."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from core.clock import now
from core.context import current_tenant
from core.contract.work import MailMessage
from core.crypto import sealed
from core.db import execute, tenant_work
from core.errors import Invalid, VitralError
from core.hooks import apply_filters
from core.i18n import gettext as _
from core.ids import new_id
from core.jobs import enqueue
from core.mail.render import render_mail
from core.mail.tables import OutboxMessage
from hookspecs import platform

__all__ = ["DELIVER", "OutboxView", "list_outbox", "put", "requeue_failed", "send"]

DELIVER = "mail.deliver"
PURPOSE = "mail"
SEALED = ("subject_sealed", "body_sealed")
KEEP = timedelta(days=30)


class Body(msgspec.Struct, frozen=True):
    """What is sealed in `body_sealed`."""

    text: str
    html: str = ""


class OutboxView(msgspec.Struct, frozen=True, kw_only=True):
    """A message of the outbox, without what it says."""

    id: UUID
    recipient: str
    template: str
    status: str
    attempts: int
    error: str
    created_at: datetime
    sent_at: datetime | None = None


async def send(template: str, to: str, context: Mapping[str, Any], *, language: str = "") -> UUID | None:
    """Render a message and put it into the outbox, inside the unit in progress.

    Args:
        template: Name of a mail template, such as "reset".
        to: One address.
        context: What the template shows.
        language: The recipient's; the site's for "".

    Returns:
        The message's id, None if a plugin dropped it (`filter_mail`).
    """
    rendered = await render_mail(template, context, language=language)
    return await put(
        MailMessage(
            to=to, subject=rendered.subject, text=rendered.text, html=rendered.html, template=template
        )
    )


async def put(message: MailMessage) -> UUID | None:
    """Put a message into the outbox, inside the unit in progress.

    Returns:
        Its id, None if a plugin dropped it (`filter_mail`).

    Raises:
        Invalid: The address or the subject holds what no header may: line breaks above all.
    """
    template = message.template
    filtered = await apply_filters(platform.filter_mail, message)
    if filtered is None:
        return None
    check_headers(filtered)
    tenant = current_tenant()
    row = {
        "id": new_id(),
        "subject_sealed": filtered.subject,
        "body_sealed": msgspec.json.encode(Body(filtered.text, filtered.html)).decode(),
    }
    (stored,) = await sealed.write("outbox", tenant.id, [row], SEALED, purpose=PURPOSE)
    await OutboxMessage.insert(
        OutboxMessage(**stored, recipient=filtered.to, template=filtered.template or template)
    )
    await enqueue(DELIVER, {"message": str(row["id"])})
    message_id: UUID = stored["id"]
    return message_id


def check_headers(message: MailMessage) -> None:
    """Refuse what would let a value become a header of its own (header injection), and no address at all.

    Raises:
        Invalid: Names the field.
    """
    errors = {}
    if any(ch < " " or ch == "\x7f" or ch in "\x85\u2028\u2029" for ch in message.subject):
        errors["subject"] = _("A subject is one line.")
    to = message.to
    if (
        to.count("@") != 1
        or any(ch <= " " or ch in '<>,;:"()[]\\\x7f' for ch in to)
        or not all(to.split("@"))
    ):
        errors["to"] = _("This is not one plain e-mail address.")
    if errors:
        raise Invalid(errors)


async def list_outbox(*, status: str = "", limit: int = 50, offset: int = 0) -> tuple[OutboxView, ...]:
    """Return messages of the outbox, the newest first, without what they say."""
    query = OutboxMessage.select().order_by(OutboxMessage.created_at, ascending=False)
    if status:
        query = query.where(OutboxMessage.status == status)
    rows = await query.limit(limit).offset(offset)
    return tuple(OutboxView(**{name: row[name] for name in OutboxView.__struct_fields__}) for row in rows)


async def requeue_failed() -> int:
    """Try the messages again that were given up, say because the mail server was away; return how many."""
    async with tenant_work():
        rows = await execute(
            "UPDATE outbox SET status = 'queued', attempts = 0, error = ''"
            " WHERE tenant_id = {tenant} AND status = 'failed' AND body_sealed IS NOT NULL RETURNING id"
        )
        for row in rows:
            await enqueue(DELIVER, {"message": str(row["id"])})
    return len(rows)


async def forget_old() -> None:
    """Remove messages that were sent or given up a month ago, inside the unit in progress."""
    await OutboxMessage.delete().where(
        OutboxMessage.status != "queued", OutboxMessage.created_at < now() - KEEP
    )


async def opened(row: Mapping[str, Any]) -> tuple[str, Body]:
    """Return subject and body of a row of the outbox.

    Raises:
        VitralError: It was sent already, so what it said is gone.
    """
    if row["body_sealed"] is None:
        raise VitralError("This message was sent, and what it said is gone.")
    (clear,) = await sealed.read("outbox", row["tenant_id"], [row], SEALED, purpose=PURPOSE)
    return clear["subject_sealed"], msgspec.json.decode(clear["body_sealed"], type=Body)
