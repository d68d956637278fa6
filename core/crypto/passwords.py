"""Passwords: an Argon2id verifier inside an envelope, so that a stolen database holds nothing to guess at.

The envelope is the pepper: it names the user and the site in its associated data, its key is not in
the database, and it can be rotated without anybody typing a password (security control AU01).
"""

import logging
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from core.crypto.aad import SealContext
from core.crypto.errors import CannotOpen
from core.crypto.ring import keyring
from core.errors import Invalid
from core.i18n import gettext as _

__all__ = ["MAX_PASSWORD_BYTES", "Verified", "hash_password", "reseal_password", "verify_password"]

log = logging.getLogger("vitral.crypto")

MAX_PASSWORD_BYTES = 1024
"""Longest password in UTF-8, as typed; 128 characters always fit. Longer ones are refused before hashing."""

PURPOSE = "password"


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome of checking a password.

    Args:
        ok: The password is right.
        needs_rehash: It is right, and what is stored is of an older cost or under an older key: hash it
            again now, while the password is known.
        damaged: What is stored can't be opened or read, so nobody can sign in with it. `ok` is False,
            at the same cost; record it in the audit, it is a sign of tampering.
    """

    ok: bool
    needs_rehash: bool = False
    damaged: bool = False


async def hash_password(
    password: str, *, tenant: UUID, user: UUID, table: str = "users", column: str = "password_sealed"
) -> bytes:
    """Return a password's sealed verifier, for the row of `user` and no other.

    The password is normalised with NFKC once; nothing is cut or folded. Whether it is good enough is
    asked of `check_password_policy` before.

    Args:
        password: At most 1,024 bytes in UTF-8.
        tenant: The site, or `PLATFORM` for an operator.
        user: The row's id.
        table: The row's table.
        column: The column that will hold it.

    Raises:
        Invalid: The password is too long or not valid text.
        Unavailable: Too many passwords are being hashed.
    """
    secret = _encode(password)
    if secret is None:
        raise Invalid(
            {
                "password": _("This password is too long: use at most {limit} characters.").format(limit=128)
                if _is_text(password)
                else _("This password has characters that can't be stored.")
            }
        )
    ring = keyring()
    verifier = await ring.passwords.hash(secret)
    return ring.seal(verifier, SealContext(tenant, table, column, user, PURPOSE))


async def verify_password(
    sealed: bytes | None,
    password: str,
    *,
    tenant: UUID,
    user: UUID,
    table: str = "users",
    column: str = "password_sealed",
) -> Verified:
    """Tell whether `password` is the one that was sealed for this user.

    For an unknown user call it with `sealed=None` and any id: it takes as long and says no (AU05).
    The caller answers the same way to an unknown user, a wrong password, a disabled user and a damaged
    value. An over-long password is wrong, at once and for everybody.

    Args:
        sealed: What `hash_password` returned, or None.
        password: What was typed.
        tenant: The site, or `PLATFORM`.
        user: The row's id.
        table: The row's table.
        column: The column it comes from.

    Raises:
        Unavailable: Too many passwords are being checked.
    """
    secret = _encode(password)
    if secret is None:
        return Verified(ok=False)
    ring = keyring()
    verifier: bytes | None = None
    needs_rehash = damaged = False
    if sealed is not None:
        try:
            verifier = ring.open(sealed, SealContext(tenant, table, column, user, PURPOSE))
            needs_rehash = ring.passwords.needs_rehash(verifier) or not ring.is_current(sealed, PURPOSE)
        except (CannotOpen, ValueError):
            log.error(
                "The password of %s %s (site %s) can't be opened: changed, moved, or another key.",
                table,
                user,
                tenant,
            )
            verifier, damaged = None, True
    ok = await ring.passwords.verify(verifier, secret)
    return Verified(ok=ok, needs_rehash=ok and needs_rehash, damaged=damaged)


def reseal_password(
    sealed: bytes, *, tenant: UUID, user: UUID, table: str = "users", column: str = "password_sealed"
) -> bytes:
    """Return a sealed verifier under the newest root key, without knowing the password (rotation).

    Raises:
        CannotOpen: It doesn't belong to this user.
    """
    place = SealContext(tenant, table, column, user, PURPOSE)
    return keyring().reseal(sealed, place, place)


def _encode(password: str) -> bytes | None:
    """Return the bytes that are hashed, or None if the password can't be one.

    The limit is on what was typed: NFKC lengthens some characters up to elevenfold in UTF-8, and
    128 characters must be accepted whichever they are.
    """
    if len(password) > MAX_PASSWORD_BYTES or not _is_text(password):
        return None
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        return None
    return unicodedata.normalize("NFKC", password).encode()


def _is_text(password: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in password[: MAX_PASSWORD_BYTES + 1])
