"""A ciphertext made to open under two keys (control CR04). Plain AES-GCM lets it; the envelope doesn't."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.crypto import CannotOpen, DataKey, SealContext, open_envelope, seal_envelope
from core.crypto.aad import encode_aad
from tests.core.crypto import reference
from tests.core.crypto.conftest import ROW, TENANT

CONTEXT = SealContext(TENANT, "posts", "body", ROW, "field")
NONCE = bytes(12)


def _block(key: bytes, block: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block)  # noqa: S305  # GCM's own building block


def _times(x: int, y: int) -> int:
    """Multiply in GF(2^128) with GCM's bit order."""
    product = 0
    for bit in range(127, -1, -1):
        if y >> bit & 1:
            product ^= x
        x = x >> 1 ^ (0xE1 << 120 if x & 1 else 0)
    return product


def _inverse(x: int) -> int:
    result, power = 1 << 127, x
    for _ in range(127):
        power = _times(power, power)
        result = _times(result, power)
    return result


def _ghash(h: int, blocks: list[bytes]) -> int:
    state = 0
    for block in blocks:
        state = _times(state ^ int.from_bytes(block, "big"), h)
    return state


def two_faced(first: bytes, second: bytes, aad: bytes) -> bytes:
    """Return ciphertext and tag that AES-256-GCM accepts under both keys: one free block, one linear equation."""
    chosen = b"payload for both"
    h1, h2 = (int.from_bytes(_block(key, bytes(16)), "big") for key in (first, second))
    mask = [int.from_bytes(_block(key, NONCE + b"\x00\x00\x00\x01"), "big") for key in (first, second)]
    padded = aad + bytes(-len(aad) % 16)
    lengths = (len(aad) * 8).to_bytes(8, "big") + (32 * 8).to_bytes(8, "big")
    known = [*(padded[i : i + 16] for i in range(0, len(padded), 16)), chosen]
    without = [_ghash(h, [*known, bytes(16), lengths]) ^ m for h, m in zip((h1, h2), mask, strict=True)]
    free = _times(without[0] ^ without[1], _inverse(_times(h1, h1) ^ _times(h2, h2)))
    block = free.to_bytes(16, "big")
    tag = _ghash(h1, [*known, block, lengths]) ^ mask[0]
    return chosen + block + tag.to_bytes(16, "big")


def test_a_ciphertext_with_two_meanings_opens_under_one_key_at_most() -> None:
    mine = DataKey.generate()
    theirs = DataKey(mine.key_id, DataKey.generate().material())
    header = seal_envelope(mine, b"", CONTEXT)[:66]
    info = b"cms/v1/field\x01" + mine.key_id + header[10:34]
    keys = [reference.expand(key.material(), info, 32) for key in (mine, theirs)]
    aad = encode_aad(CONTEXT, header)
    forged = two_faced(*keys, aad)
    plain = [AESGCM(key).decrypt(NONCE, forged, aad) for key in keys]
    assert plain[0] != plain[1], "the forgery has to work on plain GCM, or this test proves nothing"

    assert open_envelope(mine, header + forged, CONTEXT) == plain[0]
    with pytest.raises(CannotOpen):
        open_envelope(theirs, header + forged, CONTEXT)
