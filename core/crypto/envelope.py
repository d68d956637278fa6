"""Envelope version 1: how a sealed value looks, byte by byte (docs/explanation/cryptography.md).

    0   1   version      0x01
    1   1   suite        0x01, 0x02 or 0x03
    2   8   key_id       names the data key
    10  24  salt         random per message
    34  32  commitment   binds the message to exactly one key
    66  n   ciphertext
    66+n 16 tag

The message key comes from HKDF with the salt and is used once, so the nonce is constant.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import constant_time, hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from core.crypto.aad import SealContext, encode_aad
from core.crypto.errors import CannotOpen
from core.crypto.labels import Label
from core.crypto.secret import Masked
from core.errors import TooLarge, VitralError

__all__ = [
    "MAX_PLAINTEXT",
    "OVERHEAD",
    "DataKey",
    "Header",
    "Suite",
    "from_text",
    "open_envelope",
    "read_header",
    "seal_envelope",
    "to_text",
]

VERSION = 1
KEY_ID_SIZE = 8
SALT_SIZE = 24
KEY_SIZE = 32
COMMITMENT_SIZE = 32
TAG_SIZE = 16
HEADER_SIZE = 2 + KEY_ID_SIZE + SALT_SIZE + COMMITMENT_SIZE
OVERHEAD = HEADER_SIZE + TAG_SIZE
"""Bytes that sealing adds: 82."""

MAX_PLAINTEXT = 16 * 1024 * 1024
"""Longest value in bytes; a sealed field is held in memory whole, files need a segmented format."""

TEXT_PREFIX = "cmsf1."
_NONCE = bytes(12)
_SHA256 = hashes.SHA256()
_FIELD = Label.FIELD.encode()


class Suite(IntEnum):
    """How a message is encrypted. All derive their key and commitment with HKDF-SHA-256."""

    AES_256_GCM = 1
    CHACHA20_POLY1305 = 2
    AES_256_GCM_SIV = 3


class _Aead(Protocol):
    def __init__(self, key: bytes) -> None: ...
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


_AEADS: dict[Suite, type[_Aead]] = {
    Suite.AES_256_GCM: AESGCM,
    Suite.CHACHA20_POLY1305: ChaCha20Poly1305,
    Suite.AES_256_GCM_SIV: AESGCMSIV,
}


class DataKey(Masked):
    """A key that seals values, its public name, and the one suite it is used with.

    Args:
        key_id: 8 bytes, unique in the installation.
        material: 32 uniformly random bytes.
        suite: The suite of every message under this key.
    """

    __slots__ = ("_material", "key_id", "suite")

    def __init__(self, key_id: bytes, material: bytes, suite: Suite = Suite.AES_256_GCM) -> None:
        if len(key_id) != KEY_ID_SIZE or len(material) != KEY_SIZE:
            raise ValueError(f"A data key is {KEY_SIZE} bytes and its id {KEY_ID_SIZE}.")
        self.key_id = key_id
        self.suite = Suite(suite)
        self._material = material

    @classmethod
    def generate(cls, suite: Suite = Suite.AES_256_GCM) -> "DataKey":
        """Return a new random key with a new random id."""
        return cls(os.urandom(KEY_ID_SIZE), os.urandom(KEY_SIZE), suite)

    def public_name(self) -> str:
        """Return what may be shown of the key: its id in hexadecimal."""
        return self.key_id.hex()

    def material(self) -> bytes:
        """Return the secret itself, for wrapping it under another key. Nothing else may need it."""
        return self._material

    def for_message(self, salt: bytes) -> tuple[_Aead, bytes]:
        """Return what encrypts the message with this salt, and its commitment.

        The message key stays inside this call, so that no traceback with local variables holds it.

        Raises:
            VitralError: This build of OpenSSL doesn't have the suite.
        """
        info = _FIELD + bytes((self.suite,)) + self.key_id + salt
        okm = HKDFExpand(_SHA256, KEY_SIZE + COMMITMENT_SIZE, info).derive(self._material)
        try:
            return _AEADS[self.suite](okm[:KEY_SIZE]), okm[KEY_SIZE:]
        except UnsupportedAlgorithm:
            del okm
            raise VitralError(
                f"This OpenSSL has no {self.suite.name}.",
                hint="Use the `cryptography` wheel, which brings its own.",
            ) from None


@dataclass(frozen=True, slots=True)
class Header:
    """The public part of an envelope."""

    suite: Suite
    key_id: bytes
    salt: bytes
    commitment: bytes


def read_header(blob: bytes) -> Header:
    """Return the header of an envelope, which is not yet authenticated.

    Raises:
        CannotOpen: It isn't an envelope of version 1 with a known suite, or its length can't be.
    """
    if not OVERHEAD <= len(blob) <= MAX_PLAINTEXT + OVERHEAD or blob[0] != VERSION:
        raise CannotOpen
    try:
        suite = Suite(blob[1])
    except ValueError:
        raise CannotOpen from None
    return Header(suite, bytes(blob[2:10]), bytes(blob[10:34]), bytes(blob[34:HEADER_SIZE]))


def seal_envelope(key: DataKey, plaintext: bytes, context: SealContext) -> bytes:
    """Seal `plaintext` for one place.

    Args:
        key: The data key.
        plaintext: At most `MAX_PLAINTEXT` bytes; its length can be seen from outside.
        context: Where the value will live. It opens nowhere else.

    Raises:
        TooLarge: The value is longer than `MAX_PLAINTEXT`.
        VitralError: This build of OpenSSL doesn't have the key's suite.
    """
    return _seal(key, plaintext, context, os.urandom(SALT_SIZE))


def _seal(key: DataKey, plaintext: bytes, context: SealContext, salt: bytes) -> bytes:
    if len(plaintext) > MAX_PLAINTEXT:
        raise TooLarge(f"A sealed field holds at most {MAX_PLAINTEXT // 1024 // 1024} MiB.")
    aead, commitment = key.for_message(salt)
    header = bytes((VERSION, key.suite)) + key.key_id + salt + commitment
    return header + aead.encrypt(_NONCE, plaintext, encode_aad(context, header))


def open_envelope(key: DataKey, blob: bytes, context: SealContext) -> bytes:
    """Return the plaintext of an envelope.

    The suite is the key's, not the message's: a message can't choose how it is read.

    Raises:
        CannotOpen: For every reason there is in the message.
        VitralError: This build of OpenSSL doesn't have the key's suite.
    """
    header = read_header(blob)
    aead, commitment = key.for_message(header.salt)
    same = constant_time.bytes_eq(commitment, header.commitment)
    if not same or header.suite is not key.suite or header.key_id != key.key_id:
        raise CannotOpen
    try:
        return aead.decrypt(_NONCE, bytes(blob[HEADER_SIZE:]), encode_aad(context, bytes(blob[:HEADER_SIZE])))
    except InvalidTag:
        raise CannotOpen from None


def to_text(blob: bytes) -> str:
    """Return an envelope for a text column: `cmsf1.` and base64url without padding."""
    return TEXT_PREFIX + base64.urlsafe_b64encode(blob).decode("ascii").rstrip("=")


def from_text(text: str) -> bytes:
    """Return the envelope behind its text form. There is exactly one text form of an envelope.

    Raises:
        CannotOpen: It isn't one.
    """
    body = text.removeprefix(TEXT_PREFIX)
    try:
        blob = base64.b64decode(body.encode("ascii") + b"=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise CannotOpen from None
    if to_text(blob) != text:
        raise CannotOpen
    return blob
