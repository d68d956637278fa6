"""What is known of the request beside the actor, for access policies and records."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from core.ambient import Using

__all__ = ["current_signals", "use_signals"]

_signals: ContextVar[Mapping[str, Any]] = ContextVar("vitral_signals", default={})  # noqa: B039  # never written to


def current_signals() -> Mapping[str, Any]:
    """Return what is known of the request.

    These are `network`, `address`, `agent`, `method`, `path`, `session_age`, `factor_age` (both in seconds).
    """
    return _signals.get()


def use_signals(signals: Mapping[str, Any]) -> Using[Mapping[str, Any]]:
    """Know `signals` inside the block."""
    return Using(_signals, signals)
