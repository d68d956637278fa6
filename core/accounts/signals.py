"""What is known of the request beside the actor, for access policies and records."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

__all__ = ["current_signals", "use_signals"]

_signals: ContextVar[Mapping[str, Any]] = ContextVar("vitral_signals", default={})  # noqa: B039  # never written to


def current_signals() -> Mapping[str, Any]:
    """Return what is known of the request: `network`, `method`, `path`, `session_age`, `factor_age` (seconds)."""
    return _signals.get()


@contextmanager
def use_signals(signals: Mapping[str, Any]) -> Iterator[None]:
    """Know `signals` inside the block."""
    token = _signals.set(signals)
    try:
        yield
    finally:
        _signals.reset(token)
