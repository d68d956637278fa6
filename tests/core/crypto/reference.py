"""A second implementation of the formats, written from docs/explanation/cryptography.md alone.

It shares no code with core/crypto and uses HMAC of the standard library where that uses HKDF of
PyCA. `python -m tests.core.crypto.reference` prints tests/core/crypto/vectors.json; the file must never
change for a version that was released, since it stands for what is stored in databases.
"""

import base64
import hashlib
import hmac
import json
import struct
import sys
import zlib
from typing import Any
from uuid import UUID

from argon2.low_level import Type, hash_secret
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV, ChaCha20Poly1305

AEADS: dict[int, Any] = {1: AESGCM, 2: ChaCha20Poly1305, 3: AESGCMSIV}
SEALING = ("password", "totp", "token", "mail", "page-password", "wrap")
TENANT = UUID("0190a000-0000-7000-8000-00000000000a")
ROW = UUID("0190a000-0000-7000-8000-000000000001")


def expand(key: bytes, info: bytes, size: int) -> bytes:
    """HKDF-Expand of RFC 5869 with SHA-256."""
    out = block = b""
    counter = 1
    while len(out) < size:
        block = hmac.new(key, block + info + bytes([counter]), hashlib.sha256).digest()
        out += block
        counter += 1
    return out[:size]


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def aad(context: dict[str, str], header: bytes) -> bytes:
    items = [
        b"cms-aad-1",
        UUID(context["tenant"]).bytes,
        context["table"].encode(),
        context["column"].encode(),
        UUID(context["row"]).bytes,
        context["purpose"].encode(),
        header,
    ]
    return b"".join(struct.pack(">H", len(item)) + item for item in items)


def envelope(
    key: bytes, key_id: bytes, suite: int, salt: bytes, plain: bytes, context: dict[str, str]
) -> bytes:
    okm = expand(key, b"cms/v1/field" + bytes([suite]) + key_id + salt, 64)
    header = b"\x01" + bytes([suite]) + key_id + salt + okm[32:]
    return header + bytes(AEADS[suite](okm[:32]).encrypt(bytes(12), plain, aad(context, header)))


def mac(root: bytes, purpose: str, parts: list[bytes]) -> bytes:
    body = b"".join(struct.pack(">Q", len(part)) + part for part in parts)
    return hmac.new(expand(root, b"cms/v1/" + purpose.encode(), 32), body, hashlib.sha256).digest()


def csrf(root: bytes, session: bytes, random: bytes) -> str:
    return b64(random + mac(root, "csrf", [session, random]))


def signed(root: bytes, payload: bytes, purpose: str, end: int, tenant: UUID) -> str:
    parts = [b"cms-signed-1", tenant.bytes, purpose.encode(), struct.pack(">Q", end), payload]
    return f"v1.{end}.{b64(payload)}.{b64(mac(root, 'signing', parts))}"


def api_token(kind: str, key: str, secret: bytes) -> str:
    body = f"cms_{kind}_{key}_{b64(secret)}"
    return f"{body}_{zlib.crc32(body.encode()):08x}"


def padded(text: str) -> bytes:
    raw = text.encode() + b"\x80"
    return raw + b"\x00" * (-len(raw) % 32)


def _sequence(start: int, size: int) -> bytes:
    return bytes((start + index) % 256 for index in range(size))


def vectors() -> dict[str, Any]:
    """Return the golden vectors, all bytes in hexadecimal."""
    root = _sequence(0x40, 32)
    context = {
        "tenant": str(TENANT),
        "table": "users",
        "column": "password_sealed",
        "row": str(ROW),
        "purpose": "password",
    }
    return {
        "aad": [
            {"context": made, "header": header.hex(), "aad": aad(made, header).hex()}
            for made, header in (
                (context, _sequence(0, 66)),
                ({**context, "table": "prontuários", "column": "diagnóstico", "purpose": "field"}, b""),
            )
        ],
        "envelopes": [
            _envelope_vector(suite, plain, context) for suite in AEADS for plain in (b"", b"ol\xc3\xa1")
        ],
        "root": {
            "root": root.hex(),
            "fingerprint": expand(root, b"cms/v1/key-idroot", 8).hex(),
            "data_keys": {
                purpose: {
                    "key_id": expand(root, b"cms/v1/key-idcms/v1/" + purpose.encode(), 8).hex(),
                    "key": expand(root, b"cms/v1/" + purpose.encode(), 32).hex(),
                }
                for purpose in SEALING
            },
            "mac": [
                {
                    "purpose": purpose,
                    "parts": [part.hex() for part in parts],
                    "tag": mac(root, purpose, parts).hex(),
                }
                for purpose, parts in (("csrf", [b"a", b"bc"]), ("signing", [b"ab", b"c"]), ("signing", []))
            ],
        },
        "csrf": {
            "root": root.hex(),
            "session": _sequence(1, 32).hex(),
            "random": _sequence(200, 16).hex(),
            "token": csrf(root, _sequence(1, 32), _sequence(200, 16)),
        },
        "signed": {
            "root": root.hex(),
            "payload": b"post 7".hex(),
            "purpose": "preview",
            "expires": 1772452800,
            "tenant": str(TENANT),
            "text": signed(root, b"post 7", "preview", 1772452800, TENANT),
        },
        "api_token": {
            "kind": "api",
            "key": "k3y0fth1",
            "text": api_token("api", "k3y0fth1", _sequence(7, 32)),
        },
        "padded": [
            {"text": text, "bytes": padded(text).hex()}
            for text in ("", "olá", "x" * 31, "x" * 32, "a\x00\x00")
        ],
        "argon2id": {
            "password": "correto cavalo bateria grampo",
            "salt": _sequence(9, 16).hex(),
            "verifier": hash_secret(
                b"correto cavalo bateria grampo", _sequence(9, 16), 2, 46 * 1024, 1, 32, Type.ID
            ).decode(),
        },
    }


def _envelope_vector(suite: int, plain: bytes, context: dict[str, str]) -> dict[str, Any]:
    key, key_id, salt = _sequence(0, 32), _sequence(0xA0, 8), _sequence(0x60, 24)
    blob = envelope(key, key_id, suite, salt, plain, context)
    return {
        "suite": suite,
        "key": key.hex(),
        "key_id": key_id.hex(),
        "salt": salt.hex(),
        "context": context,
        "plaintext": plain.hex(),
        "envelope": blob.hex(),
        "text": "cmsf1." + b64(blob),
    }


if __name__ == "__main__":
    json.dump(vectors(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
