"""The one crypto module. No other file of the project imports `cryptography` or `argon2`.

See docs/explanation/cryptography.md for what is protected against whom, and the formats byte by byte.
"""

from core.crypto import csrf, sealed
from core.crypto.aad import PLATFORM, SealContext
from core.crypto.envelope import (
    DataKey,
    Header,
    Suite,
    from_text,
    open_envelope,
    read_header,
    seal_envelope,
    to_text,
)
from core.crypto.errors import CannotOpen, CipherMissing, KeyMisused
from core.crypto.hashing import STANDARD, Parameters, Passwords, check_parameters
from core.crypto.keys import RootKey, ensure_root_key, load_root_key, new_root_key
from core.crypto.labels import INSTALLATION_PURPOSES, Label
from core.crypto.listing import InventoryEntry, inventory
from core.crypto.passwords import (
    MAX_PASSWORD_BYTES,
    Verified,
    hash_password,
    reseal_password,
    verify_password,
)
from core.crypto.policy import PasswordProblem, check_password_policy
from core.crypto.ring import Keyring, keyring, use_keyring
from core.crypto.sealed import CipherSource, use_ciphers
from core.crypto.secret import Masked
from core.crypto.tokens import (
    ApiTokenText,
    hash_token,
    new_api_token,
    new_token,
    parse_api_token,
    sign,
    unsign,
)

__all__ = [
    "INSTALLATION_PURPOSES",
    "MAX_PASSWORD_BYTES",
    "PLATFORM",
    "STANDARD",
    "ApiTokenText",
    "CannotOpen",
    "CipherMissing",
    "CipherSource",
    "DataKey",
    "Header",
    "InventoryEntry",
    "KeyMisused",
    "Keyring",
    "Label",
    "Masked",
    "Parameters",
    "PasswordProblem",
    "Passwords",
    "RootKey",
    "SealContext",
    "Suite",
    "Verified",
    "check_parameters",
    "check_password_policy",
    "csrf",
    "ensure_root_key",
    "from_text",
    "hash_password",
    "hash_token",
    "inventory",
    "keyring",
    "load_root_key",
    "new_api_token",
    "new_root_key",
    "new_token",
    "open_envelope",
    "parse_api_token",
    "read_header",
    "reseal_password",
    "seal_envelope",
    "sealed",
    "sign",
    "to_text",
    "unsign",
    "use_ciphers",
    "use_keyring",
    "verify_password",
]
