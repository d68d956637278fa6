"""What went wrong in implementations, counted so that the admin can show it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from core.clock import now

__all__ = ["ErrorObserver", "FailureCount", "Failures", "HookFailure"]


class HookFailure(msgspec.Struct, frozen=True, kw_only=True):
    """One failure of one implementation."""

    plugin: str
    hook: str
    error: Exception
    tenant_id: UUID | None = None
    """The site it happened for, None on the platform."""


ErrorObserver = Callable[[HookFailure], None]


class FailureCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often a plugin failed on a hook, on one site, since this process started."""

    plugin: str
    hook: str
    tenant_id: UUID | None
    count: int
    first_at: datetime
    last_at: datetime
    last_error: str
    """Type and message of the latest exception. May hold content of the site: show it there only."""


class Failures:
    """Counts failures by site, plugin and hook. Forgets the longest quiet ones when there are too many."""

    _MOST: Final = 10_000
    _LONGEST: Final = 500

    def __init__(self) -> None:
        self._counts: OrderedDict[tuple[UUID | None, str, str], FailureCount] = OrderedDict()

    def record(self, failure: HookFailure) -> None:
        """Count one failure."""
        key = (failure.tenant_id, failure.plugin, failure.hook)
        before = self._counts.pop(key, None)
        at = now()
        self._counts[key] = FailureCount(
            plugin=failure.plugin,
            hook=failure.hook,
            tenant_id=failure.tenant_id,
            count=1 if before is None else before.count + 1,
            first_at=at if before is None else before.first_at,
            last_at=at,
            last_error=f"{type(failure.error).__name__}: {failure.error}"[: self._LONGEST],
        )
        if len(self._counts) > self._MOST:
            self._counts.popitem(last=False)

    def counts(self, tenant_id: UUID | None) -> tuple[FailureCount, ...]:
        """Return the counts of one site (None: the platform), latest failure first."""
        return tuple(entry for entry in reversed(self._counts.values()) if entry.tenant_id == tenant_id)

    def forget(self, plugin: str, tenant_id: UUID | None) -> None:
        """Drop a plugin's counts on one site, such as when it is enabled again."""
        for key in [key for key in self._counts if key[:2] == (tenant_id, plugin)]:
            del self._counts[key]
