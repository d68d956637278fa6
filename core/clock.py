"""The one source of time, so that tests and rehearsals can set it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

__all__ = ["Clock", "now", "use_clock"]

Clock = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


_clock: ContextVar[Clock] = ContextVar("vitral_clock", default=_system)


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return _clock.get()()


@contextmanager
def use_clock(clock: Clock) -> Iterator[None]:
    """Make `now()` ask `clock` (a callable returning an aware UTC datetime) inside the block."""
    token = _clock.set(clock)
    try:
        yield
    finally:
        _clock.reset(token)
