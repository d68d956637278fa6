"""A clock that tests move by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from core.clock import use_clock

__all__ = ["FakeClock"]


class FakeClock:
    """Stands at noon of 2 March 2026, UTC, until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **amount: float) -> None:
        """Move on: `clock.forward(minutes=16)`."""
        self.time += timedelta(**amount)

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Make everybody ask this clock."""
        with use_clock(self):
            yield
