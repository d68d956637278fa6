"""Anti-forgery tokens bound to a session: random ‖ HMAC(csrf key, session-id hash, random).

A pair that an attacker's browser was given is worthless in the victim's, because the session is in
the tag (trap T2). Each rendering gets other bytes, so compression tells nothing of the token.
"""

import os

from core.crypto.ring import keyring
from core.crypto.tokens import from_base64url, to_base64url

__all__ = ["check", "make"]

_RANDOM_SIZE = 16
_SIZE = _RANDOM_SIZE + 32
_LENGTH = _SIZE * 4 // 3


def make(session: bytes) -> str:
    """Return a token for forms and `hx-headers`: 64 characters of base64url.

    Args:
        session: The SHA-256 of the session's id (of an anonymous session before log-in).

    Raises:
        ValueError: That isn't 32 bytes.
    """
    random = os.urandom(_RANDOM_SIZE)
    return to_base64url(random + keyring().mac("csrf", _session(session), random))


def check(token: str, session: bytes) -> bool:
    """Tell whether `token` was made for this session. Never raises on any token.

    Args:
        token: From a form field or header.
        session: As for `make`.
    """
    value = from_base64url(token) if len(token) == _LENGTH else None
    if value is None or len(value) != _SIZE:
        return False
    random, tag = value[:_RANDOM_SIZE], value[_RANDOM_SIZE:]
    return keyring().verify_mac("csrf", tag, _session(session), random)


def _session(session: bytes) -> bytes:
    if len(session) != 32:  # an empty one would make a token for every session
        raise ValueError("A session is named by the SHA-256 of its id.")
    return session
