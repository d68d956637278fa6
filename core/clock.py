"""The one source of time, so that tests and rehearsals can set it."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime, tzinfo

from core.ambient import Using

__all__ = ["Clock", "is_showable", "local_time", "now", "use_clock"]

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


def local_time(moment: datetime, zone: tzinfo) -> datetime:
    """Return an aware moment as a time zone shows it; as it is where the zone can't, at the ends of the calendar.

    Nobody writes such a moment here, but a database may hold one, and its pages should be there all the same.
    """
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def use_clock(clock: Clock) -> Using[Clock]:
    """Make `now()` ask `clock` (a callable returning an aware UTC datetime) inside the block."""
    return Using(_clock, clock)
