"""The job that takes a message out of the outbox and hands it to the transport."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from uuid import UUID

from core.clock import now
from core.context import current_tenant
from core.contract.work import JobContext
from core.db import tenant_read, tenant_work
from core.errors import VitralError
from core.mail.outbox import Body, opened
from core.mail.setup import current_mail
from core.mail.tables import OutboxMessage
from core.mail.transports import MailRefused
from core.tenancy import site_settings

__all__ = ["ATTEMPTS", "compose", "deliver"]

ATTEMPTS = 8
"""Tries before a message is given up; with the queue's back-off they span most of an hour."""


async def deliver(job: JobContext) -> None:
    """Send one message, once. A message that is sent or gone already is left alone.

    A worker that dies between handing it over and noting that sends it again; the Message-ID is the
    same then, so mail programs show it once.

    Raises:
        VitralError: It could not be handed over now; the queue tries again.
    """
    message_id = UUID(job.payload["message"])
    async with tenant_read():
        rows = await OutboxMessage.select().where(
            OutboxMessage.id == message_id, OutboxMessage.status == "queued"
        )
        if not rows:
            return
        subject, body = await opened(rows[0])
    try:
        await current_mail().transport.deliver(compose(rows[0], subject, body))
    except MailRefused as error:
        await _note(message_id, job.attempt, str(error), given_up=True)
    except Exception as error:
        text = str(error) if isinstance(error, VitralError) else type(error).__name__
        await _note(message_id, job.attempt, text, given_up=job.attempt >= ATTEMPTS)
        raise
    else:
        await _sent(message_id, job.attempt)


def compose(row: dict[str, Any], subject: str, body: Body) -> EmailMessage:
    """Return a row of the outbox as a message.

    Args:
        row: The row.
        subject: Its subject, opened.
        body: Its body, opened.
    """
    site = site_settings()
    sender = current_mail().sender
    user, _, domain = sender.rpartition("@")
    name = " ".join((site.mail_from_name or site.title or current_tenant().title).split())
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=name, username=user, domain=domain)
    message["To"] = row["recipient"]
    message["Subject"] = subject
    message["Date"] = row["created_at"]
    message["Message-ID"] = f"<{row['id']}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    message.set_content(body.text, cte="quoted-printable")
    if body.html:
        message.add_alternative(body.html, subtype="html", cte="quoted-printable")
    return message


async def _sent(message_id: UUID, attempts: int) -> None:
    async with tenant_work():
        await OutboxMessage.update(
            {
                OutboxMessage.status: "sent",
                OutboxMessage.sent_at: now(),
                OutboxMessage.attempts: attempts,
                OutboxMessage.error: "",
                OutboxMessage.subject_sealed: None,
                OutboxMessage.body_sealed: None,
            }
        ).where(OutboxMessage.id == message_id)


async def _note(message_id: UUID, attempts: int, error: str, *, given_up: bool) -> None:
    async with tenant_work():
        await OutboxMessage.update(
            {
                OutboxMessage.status: "failed" if given_up else "queued",
                OutboxMessage.attempts: attempts,
                OutboxMessage.error: error[:500],
            }
        ).where(OutboxMessage.id == message_id)
