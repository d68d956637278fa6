"""Short messages that survive a redirect: shown once, on the next screen.

They travel in a signed cookie, because a session's row holds nothing but who it is.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Literal

import msgspec
from litestar import Request

from core.clock import now
from core.context import maybe_tenant
from core.crypto import sign, unsign
from core.http import Cookies, send_cookie

__all__ = ["Toast", "flash", "keep_toasts", "take_toasts"]

COOKIE: Final = "flash"
_KEY: Final = "admin_toasts"
_LIFE: Final = timedelta(minutes=2)
_MOST: Final = 4
_LONGEST: Final = 400
ToastKind = Literal["success", "warning", "error"]


class Toast(msgspec.Struct, frozen=True, kw_only=True):
    """A message, and the form that takes back what it tells of."""

    kind: ToastKind = "success"
    text: str
    undo_url: str = ""
    """Where the form that undoes it posts to; "" for none."""
    undo: Mapping[str, str] = {}
    """That form's fields."""


def _pending(request: Request[Any, Any, Any]) -> list[Toast]:
    state: dict[str, Any] = request.scope["state"]
    pending: list[Toast] = state.setdefault(_KEY, [])
    return pending


def _cookies(request: Request[Any, Any, Any]) -> Cookies:
    return Cookies(https=request.scope["scheme"] == "https")


def flash(
    request: Request[Any, Any, Any],
    text: str,
    kind: ToastKind = "success",
    *,
    undo_url: str = "",
    undo: Mapping[str, str] | None = None,
) -> None:
    """Show a message on the screen that answers this request, or after the redirect that does.

    Args:
        request: The request.
        text: One sentence, in the reader's language.
        kind: How it looks. Errors stay until they are closed.
        undo_url: Where a form posts to that takes it back.
        undo: That form's fields.
    """
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    _pending(request).append(Toast(kind=kind, text=text, undo_url=undo_url, undo=dict(undo or {})))


def keep_toasts(request: Request[Any, Any, Any]) -> None:
    """Have the browser bring what is still unsaid to its next screen. Called where a redirect is sent."""
    pending, tenant = _pending(request), maybe_tenant()
    if not pending or tenant is None:
        return
    payload = msgspec.json.encode(pending[-_MOST:])
    if len(payload) > 2500:  # browsers drop cookies beyond 4 kB
        payload = msgspec.json.encode(pending[-1:])
    value = sign(payload, COOKIE, now() + _LIFE, tenant=tenant.id)
    life = int(_LIFE.total_seconds())
    send_cookie(request, _cookies(request).set(COOKIE, value, same_site="Strict", max_age=life))


def take_toasts(request: Request[Any, Any, Any]) -> tuple[Toast, ...]:
    """Return what is to be said on this screen; it is said once."""
    pending, tenant = _pending(request), maybe_tenant()
    said = _cookies(request).read(request.scope, COOKIE) if tenant is not None else None
    earlier: list[Toast] = []
    if said and tenant is not None:
        send_cookie(request, _cookies(request).delete(COOKIE, same_site="Strict"))
        payload = unsign(said, COOKIE, tenant=tenant.id)
        if payload is not None:
            earlier = msgspec.json.decode(payload, type=list[Toast])
    found = (*earlier, *pending)
    pending.clear()
    return found
