"""The one source of time, so that tests and rehearsals can set it."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from core.ambient import Using

__all__ = ["Clock", "now", "use_clock"]

Clock = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


_clock: ContextVar[Clock] = ContextVar("vitral_clock", default=_system)


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return _clock.get()()


def use_clock(clock: Clock) -> Using[Clock]:
    """Make `now()` ask `clock` (a callable returning an aware UTC datetime) inside the block."""
    return Using(_clock, clock)
