"""Who did what: events that operations record and audit sinks keep."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from core.context import Actor

__all__ = ["AuditEvent", "AuditSink", "EventOutcome"]

EventOutcome = Literal["success", "refused", "failed"]


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done, or refused."""

    action: str
    """Dotted: thing, verb ("post.publish"); a plugin's begin with its name."""
    outcome: EventOutcome = "success"
    actor: Actor
    tenant_id: UUID | None
    resource_type: str = ""
    resource_id: UUID | None = None
    at: datetime
    detail: Mapping[str, Any] = {}
    """JSON values. No secrets, no personal data beyond what the action needs."""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    request_id: str = ""


class AuditSink(msgspec.Struct, frozen=True, kw_only=True):
    """Keeps events. Called inside the unit of work before it commits: no record, no action."""

    name: str
    write: Callable[[Sequence[AuditEvent]], Awaitable[None]]
