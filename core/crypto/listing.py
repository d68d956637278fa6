"""What cryptography this installation uses, for `vitral doctor` and for an auditor (control CR01)."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from cryptography.hazmat.backends.openssl import backend

from core.crypto.envelope import Suite
from core.crypto.labels import SEALING, Label
from core.crypto.ring import Keyring

__all__ = ["InventoryEntry", "inventory"]


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    """One line of the inventory.

    Args:
        kind: What the line is about.
        name: Its name.
        detail: What it is used for, or its setting. Never key material.
    """

    kind: Literal["library", "algorithm", "key", "purpose"]
    name: str
    detail: str


_ALGORITHMS = (
    ("HKDF-SHA-256", "Expand step only (RFC 5869): every key is uniform. Labels cms/v1/<purpose>."),
    ("HMAC-SHA-256", "Anti-forgery tokens and signed values, 256-bit keys and tags."),
    ("SHA-256", "What is stored of sessions, one-time links and API tokens, which are 256 random bits."),
    ("CRC-32", "Typing errors in API tokens. Protects nothing."),
    ("os.urandom", "Every key, salt and token: the operating system's generator, fork-safe."),
)
_SUITES = {
    Suite.AES_256_GCM: "Default of sealed values, with a key of its own per message and a 256-bit commitment.",
    Suite.CHACHA20_POLY1305: "As above, where AES is slow.",
    Suite.AES_256_GCM_SIV: "As above, should a message key ever be used twice.",
}


def inventory(keyring: Keyring) -> list[InventoryEntry]:
    """Return libraries, algorithms, keys and purposes, in that order. Holds no secret."""
    cost = keyring.passwords.parameters
    found = [
        InventoryEntry(
            "library", "cryptography", f"{version('cryptography')}, {backend.openssl_version_text()}"
        ),
        InventoryEntry("library", "argon2-cffi", version("argon2-cffi")),
        *(InventoryEntry("algorithm", name, detail) for name, detail in _ALGORITHMS),
        InventoryEntry(
            "algorithm",
            "Argon2id",
            f"Passwords: m={cost.memory} KiB, t={cost.time}, p={cost.parallelism}; {keyring.passwords.workers} at once.",
        ),
        *(
            InventoryEntry(
                "algorithm", suite.name.replace("_", "-"), f"Envelope suite 0x{suite:02x}. {detail}"
            )
            for suite, detail in _SUITES.items()
        ),
        InventoryEntry("key", keyring.public_name(), "Root key, 256 bits, from its file; fingerprint shown."),
    ]
    for purpose, keys in keyring.data_keys().items():
        for position, key in enumerate(keys):
            state = "seals and opens" if position == 0 else "opens only"
            found.append(
                InventoryEntry(
                    "key", key.public_name(), f"{SEALING[purpose].value}, suite 0x{key.suite:02x}: {state}."
                )
            )
    found += [InventoryEntry("purpose", label.value, f"({label.use}) {label.about}") for label in Label]
    return found
