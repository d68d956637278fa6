"""The outbox. What a message says is sealed: it may carry a one-time link, and a dump must not."""

from piccolo.columns import Integer, Timestamptz, Varchar

from core.clock import now
from core.db import Personal, SealedText, TenantTable, personal

__all__ = ["OutboxMessage"]

_CONTACT = Personal(
    category="contact",
    purpose="Sending a message, and showing whether it was sent.",
    basis="contract",
    retention="30 days after it was sent or given up.",
    erase="delete",
)


class OutboxMessage(TenantTable, tablename="outbox"):
    """A message that waits, was sent, or could not be."""

    recipient = personal(Varchar(255), _CONTACT)
    subject_sealed = SealedText()
    body_sealed = SealedText()
    """Text and HTML as JSON; gone as soon as the message was sent."""
    template = Varchar(100)
    status = Varchar(20, default="queued")
    attempts = Integer(default=0)
    error = Varchar(500, default="")
    created_at = Timestamptz(default=now)
    sent_at = Timestamptz(null=True, default=None)
