"""Tokens and signed values: what is handed out, what is stored of it, and parsers that never raise."""

import base64
import binascii
import hashlib
import re
import secrets
import string
import zlib
from datetime import datetime
from uuid import UUID

from core.clock import now
from core.crypto.ring import keyring
from core.crypto.secret import Masked
from core.errors import VitralError

__all__ = [
    "ApiTokenText",
    "from_base64url",
    "hash_token",
    "new_api_token",
    "new_token",
    "parse_api_token",
    "sign",
    "to_base64url",
    "unsign",
]

TOKEN_SIZE = 32
_ID_ALPHABET = string.ascii_lowercase + string.digits
_API_TOKEN = re.compile(r"cms_([a-z]{2,12})_([a-z0-9]{8})_([A-Za-z0-9_-]{43})_([0-9a-f]{8})")
_KIND = re.compile(r"[a-z]{2,12}")
_SIGNED_VERSION = b"cms-signed-1"
_SIGNED = re.compile(r"v1\.(0|[1-9][0-9]{0,14})\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]{43})")
_LONGEST_SIGNED = 8192


def to_base64url(value: bytes) -> str:
    """Return `value` in base64url without padding."""
    return base64.urlsafe_b64encode(value).decode("ascii").rstrip("=")


def from_base64url(text: str) -> bytes | None:
    """Return the bytes behind base64url without padding, or None. Exactly one text stands for each value."""
    try:
        value = base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
    except (ValueError, binascii.Error):
        return None
    return value if to_base64url(value) == text else None


def new_token() -> str:
    """Return a new random token: 256 bits as 43 characters of base64url."""
    return secrets.token_urlsafe(TOKEN_SIZE)


def hash_token(token: str) -> bytes:
    """Return what is stored of a token: its SHA-256, 32 bytes.

    A plain hash is enough because the token is random: there is nothing to guess.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class ApiTokenText(Masked):
    """A program's token as text, and its parts.

    The format is `cms_<kind>_<8-character key>_<43-character secret>_<8-character CRC-32>`, so that
    scanners of leaked secrets find it and a mistyped one is told apart without a query.

    Args:
        kind: What it is for, such as `api`.
        key: Its public part, by which its row is found.
        text: The whole; shown once, never stored.
    """

    __slots__ = ("key", "kind", "text")

    def __init__(self, kind: str, key: str, text: str) -> None:
        self.kind = kind
        self.key = key
        self.text = text

    def public_name(self) -> str:
        """Return what may be shown of the token: its kind and key."""
        return f"cms_{self.kind}_{self.key}"

    @property
    def digest(self) -> bytes:
        """What is stored: the SHA-256 of the whole text. Compare it in constant time or by unique index."""
        return hash_token(self.text)


def new_api_token(kind: str) -> ApiTokenText:
    """Return a new API token.

    Args:
        kind: 2 to 12 lower-case letters.

    Raises:
        ValueError: The kind has other characters.
    """
    if not _KIND.fullmatch(kind):
        raise ValueError(f"A token's kind is 2 to 12 letters from a to z, not {kind!r}.")
    key = "".join(secrets.choice(_ID_ALPHABET) for _ in range(8))
    body = f"cms_{kind}_{key}_{new_token()}"
    return ApiTokenText(kind, key, f"{body}_{_crc(body)}")


def parse_api_token(text: str) -> ApiTokenText | None:
    """Return the parts of an API token, or None if it isn't one. Never raises.

    It may still be unknown, expired or revoked: look it up by `key` and compare `digest`.
    """
    match = _API_TOKEN.fullmatch(text)
    if match is None:
        return None
    kind, key, secret, crc = match.groups()
    if crc != _crc(text[:-9]) or from_base64url(secret) is None:
        return None
    return ApiTokenText(kind, key, text)


def sign(payload: bytes, purpose: str, expires: datetime, *, tenant: UUID) -> str:
    """Return `payload` as text that only this installation can make, for cookies and addresses.

    The payload can be read by whoever holds it; it only can't be changed. The text has letters,
    digits, `-`, `_` and `.`.

    Args:
        payload: At most about 6,000 bytes.
        purpose: What it is for, such as `preview`; a value signed for one purpose is nothing for another.
        expires: When it ends, aware; whole seconds count.
        tenant: The site it counts on, or `PLATFORM`.

    Raises:
        VitralError: It would be longer than 8,192 characters.
    """
    if expires.tzinfo is None:
        raise ValueError("`expires` must be aware.")
    end = max(0, int(expires.timestamp()))
    text = f"v1.{end}.{to_base64url(payload)}."
    if len(text) + 43 > _LONGEST_SIGNED:
        raise VitralError(
            f"A signed value is at most {_LONGEST_SIGNED} characters.", hint="Store it and sign its id."
        )
    return text + to_base64url(keyring().mac("signing", *_signed_parts(payload, purpose, end, tenant)))


def unsign(text: str, purpose: str, *, tenant: UUID) -> bytes | None:
    """Return the payload of a signed value, or None if it is forged, expired or for something else.

    Never raises on any text.

    Args:
        text: From `sign`, or from an attacker.
        purpose: As it was signed for.
        tenant: The site that is asked.
    """
    match = _SIGNED.fullmatch(text) if len(text) <= _LONGEST_SIGNED else None
    if match is None:
        return None
    end, payload, tag = int(match[1]), from_base64url(match[2]), from_base64url(match[3])
    if payload is None or tag is None:
        return None
    if not keyring().verify_mac("signing", tag, *_signed_parts(payload, purpose, end, tenant)):
        return None
    return payload if now().timestamp() < end else None


def _signed_parts(payload: bytes, purpose: str, end: int, tenant: UUID) -> tuple[bytes, ...]:
    return (_SIGNED_VERSION, tenant.bytes, purpose.encode(), end.to_bytes(8, "big"), payload)


def _crc(body: str) -> str:
    return f"{zlib.crc32(body.encode('ascii')):08x}"
