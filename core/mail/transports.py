"""What a message is handed to: a mail server, a folder, or a list."""

import asyncio
import os
import secrets
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from core.clock import now
from core.errors import StartError, VitralError

__all__ = ["FolderTransport", "MailRefused", "MemoryTransport", "NoTransport", "SmtpTransport", "Transport"]

_TIMEOUT = 30.0


class MailRefused(VitralError):
    """The mail server refused this message for good; trying again would not help."""


class Transport(Protocol):
    """Takes one message at a time."""

    async def deliver(self, message: EmailMessage) -> None:
        """Hand the message over.

        Raises:
            MailRefused: It was refused for good.
            VitralError: It could not be handed over now; trying again may help.
        """
        ...


class SmtpTransport:
    """A mail server.

    Args:
        host: Its name.
        port: 465 for TLS from the start, 587 or 25 with STARTTLS.
        username: "" for none.
        password: "" for none.
        tls: TLS from the start; otherwise STARTTLS is used, and required as soon as there is a password.
    """

    def __init__(
        self, host: str, port: int, *, username: str = "", password: str = "", tls: bool = False
    ) -> None:
        self.host = host
        self.port = port
        self.tls = tls
        self._username = username
        self._password = password

    @classmethod
    def from_url(cls, url: str) -> "SmtpTransport":
        """Read `smtp://user:password@host:587` or `smtps://...`.

        Raises:
            StartError: It has another scheme, or no host.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise StartError(f"smtp_url can't be read: {error}.") from error
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise StartError(
                "smtp_url must be smtp://host:587 or smtps://host:465, with user:password@ if needed."
            )
        tls = parts.scheme == "smtps"
        return cls(
            parts.hostname,
            port or (465 if tls else 587),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=tls,
        )

    def __repr__(self) -> str:
        return f"<SmtpTransport {self.host}:{self.port}>"

    async def deliver(self, message: EmailMessage) -> None:
        """Hand the message to the server, over a connection of its own."""
        try:
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self._username or None,
                password=self._password or None,
                use_tls=self.tls,
                # a password never goes over a connection in clear; None means STARTTLS if it is offered
                start_tls=None if self.tls or not self._password else True,
                timeout=_TIMEOUT,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(refusal.code >= 500 for refusal in error.recipients):
                raise MailRefused("The mail server does not take mail for this recipient.") from error
            raise VitralError("The mail server does not take mail for this recipient now.") from error
        except aiosmtplib.SMTPResponseException as error:
            kind = (
                MailRefused
                if error.code >= 500 and not isinstance(error, aiosmtplib.SMTPAuthenticationError)
                else VitralError
            )
            raise kind(f"The mail server answered {error.code}.") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise VitralError(
                f"The mail server {self.host}:{self.port} could not be reached: {type(error).__name__}."
            ) from error


class FolderTransport:
    """A folder that messages are written into as `.eml` files, for development.

    Args:
        folder: Made when the first message comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def deliver(self, message: EmailMessage) -> None:
        """Write the message, whole or not at all, readable by this user only: it may hold a one-time link."""
        await asyncio.to_thread(self._write, bytes(message))

    def _write(self, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}.eml"
        temporary = self.folder / f".{name}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as target:
            target.write(content)
        temporary.rename(self.folder / name)


class MemoryTransport:
    """A list, for tests."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def deliver(self, message: EmailMessage) -> None:
        """Keep the message."""
        self.messages.append(message)


class NoTransport:
    """Nothing: messages stay in the outbox until a mail server is set."""

    async def deliver(self, message: EmailMessage) -> None:
        """Refuse for now.

        Raises:
            VitralError: Always.
        """
        raise VitralError("No mail server is set.", hint="Set VITRAL_SMTP_URL=smtp://user:password@host:587.")
