"""The one source of time, so that tests and rehearsals can set it."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from core.ambient import Using

__all__ = ["Clock", "is_showable", "now", "use_clock"]

Clock = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


_clock: ContextVar[Clock] = ContextVar("vitral_clock", default=_system)


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return _clock.get()()


def is_showable(moment: datetime) -> bool:
    """Tell whether every time zone can show an aware moment: at both ends of the calendar some can't."""
    try:
        return 1 < moment.astimezone(UTC).year < 9999
    except OverflowError:
        return False


def use_clock(clock: Clock) -> Using[Clock]:
    """Make `now()` ask `clock` (a callable returning an aware UTC datetime) inside the block."""
    return Using(_clock, clock)
