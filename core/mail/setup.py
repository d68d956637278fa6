"""How this installation sends mail, built once from its settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.ambient import Ambient
from core.context import Tenant
from core.errors import StartError, VitralError
from core.mail.transports import FolderTransport, NoTransport, SmtpTransport, Transport
from core.settings import Settings

__all__ = ["MailSetup", "build_mail", "current_mail", "site_origin", "use_mail"]

Folders = Callable[[], Sequence[Path]]
"""Returns the template folders of the current site that come before the core's: overrides, themes, plugins."""


def _no_folders() -> Sequence[Path]:
    return ()


@dataclass(frozen=True, slots=True)
class MailSetup:
    """What sends mail.

    Args:
        transport: What messages are handed to.
        sender: Address that all mail comes from.
        https: Whether links begin with https.
        port: Port of links where it is not the scheme's own; 0 for none.
        folders: Where `mail/...` templates are looked for before the core's.
    """

    transport: Transport
    sender: str
    https: bool = False
    port: int = 0
    folders: Folders = _no_folders


def build_mail(settings: Settings, *, folders: Folders = _no_folders) -> MailSetup:
    """Return the set-up that the settings describe.

    Without `smtp_url`, development writes messages into `var/mail`; production keeps them in the
    outbox, and says so.

    Raises:
        StartError: `smtp_url` or `mail_from` can't be used.
    """
    if "@" not in settings.mail_from or any(ch in settings.mail_from for ch in "\r\n<>, "):
        raise StartError(
            f"mail_from is {settings.mail_from!r}.", hint="Set VITRAL_MAIL_FROM to one plain address."
        )
    transport: Transport
    if settings.smtp_url:
        transport = SmtpTransport.from_url(settings.smtp_url)
    elif settings.production:
        transport = NoTransport()
    else:
        transport = FolderTransport(Path(settings.var_folder) / "mail")
    port = 0 if settings.https or settings.port == 80 else settings.port
    return MailSetup(transport, settings.mail_from, https=settings.https, port=port, folders=folders)


_mail = Ambient[MailSetup]("mail set-up", "use_mail(build_mail(settings))")
current_mail, use_mail = _mail.get, _mail.use


def site_origin(tenant: Tenant) -> str:
    """Return scheme, main host and port of a site, for links in mail. Never taken from a request (AU09).

    Raises:
        VitralError: The site has no host name.
    """
    setup = current_mail()
    if not tenant.hosts:
        raise VitralError(
            f"The site {tenant.slug!r} has no host name, so no link can lead there.",
            hint=f"Give it one: vitral site set {tenant.slug} --host example.org",
        )
    return f"{'https' if setup.https else 'http'}://{tenant.hosts[0]}" + (
        f":{setup.port}" if setup.port else ""
    )
