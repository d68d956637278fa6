"""E-mail addresses, user names and author slugs: how they are written, and that nobody has them already."""

import re
from typing import Final
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from core.accounts.tables import User
from core.errors import Invalid
from core.i18n import gettext as _
from core.ids import new_id
from core.text import slugify

__all__ = [
    "check_email",
    "check_username",
    "free_slug",
    "free_username",
    "normal_email",
    "normal_username",
    "taken",
]

_USERNAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?")
_NOT_USERNAME: Final = re.compile(r"[^a-z0-9._-]+")
_TRIES: Final = 20


def check_email(value: str) -> str:
    """Return an address in the form it is stored in: normalised, lower case. Asks no DNS.

    Raises:
        Invalid: It is no address; the message says why. Key "email".
    """
    try:
        # the reserved domain .test is taken too: rehearsals need addresses that reach nobody
        checked = validate_email(value.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Invalid({"email": _("This is not an e-mail address, such as ana@example.org.")}) from None
    if len(checked.normalized) > 255:
        raise Invalid({"email": _("This address is too long.")})
    return checked.normalized.lower()


def normal_email(value: str) -> str:
    """Return what somebody typed as it would be stored if it were an address; never raises."""
    try:
        return check_email(value[:400])
    except Invalid:
        return ""


def normal_username(value: str) -> str:
    """Return what somebody typed as a user name is stored."""
    return value.strip().lower()[:60]


def check_username(value: str) -> str:
    """Return a user name in the form it is stored in.

    Raises:
        Invalid: It holds other characters than names do. Key "username".
    """
    name = value.strip().lower()
    if not _USERNAME.fullmatch(name):
        raise Invalid(
            {
                "username": _(
                    "Use 1 to 60 of: a to z, digits, dots, hyphens and underscores, no @. Begin and end with a letter or digit."
                )
            }
        )
    return name


async def taken(
    *, email: str = "", username: str = "", slug: str = "", but: UUID | None = None
) -> dict[str, str]:
    """Return a sentence per field that somebody else has already."""
    wanted = ((User.email, email), (User.username, username), (User.slug, slug))
    errors: dict[str, str] = {}
    for column, value in wanted:
        if not value:
            continue
        query = User.exists().where(column == value, User.deleted_at.is_null())
        if but is not None:
            query = query.where(User.id != but)
        if await query:
            errors[column._meta.name] = _("Somebody has this already.")
    return errors


async def free_username(wish: str) -> str:
    """Return a free user name that resembles `wish` (a name, or an address: its local part counts)."""
    base = _NOT_USERNAME.sub("-", slugify(wish.partition("@")[0], limit=50)).strip("._-") or "user"
    for number in range(1, _TRIES):
        name = base if number == 1 else f"{base}-{number}"
        if not await taken(username=name):
            return name
    return f"{base}-{new_id().hex[-8:]}"


async def free_slug(wish: str, *, but: UUID | None = None) -> str:
    """Return a free author slug that resembles `wish`. It is made of the shown name, never of the log-in name."""
    base = slugify(wish, limit=50) or "author"
    for number in range(1, _TRIES):
        slug = base if number == 1 else f"{base}-{number}"
        if not await taken(slug=slug, but=but):
            return slug
    return f"{base}-{new_id().hex[-8:]}"
