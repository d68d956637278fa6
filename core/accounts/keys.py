"""Tokens of sessions, visitors and devices, on top of the crypto room."""

import os
from datetime import timedelta
from typing import Final
from uuid import UUID

from core.clock import now
from core.context import current_tenant
from core.crypto import csrf, hash_token, new_token, sign, unsign

__all__ = [
    "anonymous_token",
    "device_token",
    "digest",
    "is_anonymous_token",
    "known_device",
    "make_csrf",
    "new_token",
    "same_csrf",
]

DEVICE_LIFE: Final = timedelta(days=180)
_VISITOR: Final = "anonymous-session"
_VISITOR_LIFE: Final = timedelta(hours=2)
_DEVICE: Final = "device"
_NONCE: Final = 16


def digest(token: str) -> bytes:
    """Return what is stored of a token: its SHA-256."""
    return hash_token(token)


def anonymous_token() -> str:
    """Return the id of a session for a visitor who is about to send a form: signed, so that it is one of ours."""
    return sign(os.urandom(_NONCE), _VISITOR, now() + _VISITOR_LIFE, tenant=current_tenant().id)


def is_anonymous_token(token: str, *, seconds: int = 0) -> bool:
    """Tell whether `token` is the id of an anonymous session that this site issued and that lasts `seconds` more."""
    if "." not in token or unsign(token, _VISITOR, tenant=current_tenant().id) is None:
        return False
    return int(token.split(".")[1]) - now().timestamp() > seconds


def make_csrf(session: bytes) -> str:
    """Return a form token for the session with this digest."""
    return csrf.make(session)


def same_csrf(token: str, session: bytes) -> bool:
    """Tell whether a form token was made for the session with this digest."""
    return csrf.check(token, session)


def device_token(user_id: UUID) -> str:
    """Return what a browser keeps to show that this person has signed in with it before."""
    return sign(user_id.bytes + os.urandom(_NONCE), _DEVICE, now() + DEVICE_LIFE, tenant=current_tenant().id)


def known_device(token: str, user_id: UUID) -> str | None:
    """Return a name for the device that `token` stands for, None if this person never signed in with it."""
    payload = unsign(token, _DEVICE, tenant=current_tenant().id) if token else None
    if payload is None or payload[: len(user_id.bytes)] != user_id.bytes:
        return None
    return payload.hex()
