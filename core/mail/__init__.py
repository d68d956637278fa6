"""Messages: an outbox written with the work it belongs to, sent by a job. See docs/explanation/accounts-and-rights.md."""

from core.mail.outbox import OutboxView, list_outbox, put, requeue_failed, send
from core.mail.render import Rendered, render_mail
from core.mail.setup import MailSetup, build_mail, current_mail, site_origin, use_mail
from core.mail.transports import (
    FolderTransport,
    MailRefused,
    MemoryTransport,
    NoTransport,
    SmtpTransport,
    Transport,
)

__all__ = [
    "FolderTransport",
    "MailRefused",
    "MailSetup",
    "MemoryTransport",
    "NoTransport",
    "OutboxView",
    "Rendered",
    "SmtpTransport",
    "Transport",
    "build_mail",
    "current_mail",
    "list_outbox",
    "put",
    "render_mail",
    "requeue_failed",
    "send",
    "site_origin",
    "use_mail",
]
