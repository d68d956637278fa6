"""Who did what: events are kept on the unit of work and given to the audit sinks right before it commits.

A sink that raises undoes the action: no record, no action. Refusals and failures happen outside any
unit, or in one that is rolled back, so they get a short write unit of their own.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import msgspec

from core.clock import now
from core.context import Actor, Tenant, acting, current_actor, maybe_tenant, request_id
from core.contract.accounts import Decision
from core.contract.events import AuditEvent, EventOutcome
from core.db import Work, current_work, maybe_work, platform_work, tenant_work
from core.errors import Unavailable
from core.hooks import Plan, collect, current_plan, use_plan
from core.i18n import gettext as _
from hookspecs import platform

__all__ = ["collect_refusals", "keep_late", "record", "record_alone", "refused"]

log = logging.getLogger("vitral.accounts")


class _Kept(msgspec.Struct, frozen=True, eq=False):
    """An event with the site and the hooks it happened under: a unit may span several sites."""

    event: AuditEvent
    tenant: Tenant | None
    plan: Plan


_KEPT = object()
"""Key of the events that wait on a unit of work."""
_late: ContextVar[list[_Kept] | None] = ContextVar("vitral_late_events", default=None)


async def record(
    action: str,
    *,
    resource_type: str = "",
    resource_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    outcome: EventOutcome = "success",
) -> None:
    """Record what is being done, in the unit of work in progress.

    It reaches the sinks if and only if the unit gets as far as its commit; what was recorded in a
    savepoint that is rolled back is forgotten with it.

    Args:
        action: Dotted: thing, verb ("post.publish").
        resource_type: Kind of thing, such as "post".
        resource_id: Its id.
        detail: JSON values that say more. No secrets, and no personal data beyond what is needed.
        before: What changed, as it was.
        after: What changed, as it is.
        outcome: How it ended.

    Raises:
        OutsideUnit: There is no write unit.
    """
    work = current_work()
    event = _event(action, resource_type, resource_id, detail, before, after, outcome)
    kept = _Kept(event, maybe_tenant(), current_plan())

    async def hold() -> None:
        # called before the commit, unless the savepoint it was recorded in was rolled back
        waiting: list[_Kept] = work.notes.setdefault(_KEPT, [])
        waiting.append(kept)
        if len(waiting) == 1:
            work.before_commit(lambda: _flush(work))

    work.before_commit(hold)


def _event(
    action: str,
    resource_type: str,
    resource_id: UUID | None,
    detail: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    outcome: EventOutcome,
    actor: Actor | None = None,
) -> AuditEvent:
    tenant = maybe_tenant()
    return AuditEvent(
        action=action,
        outcome=outcome,
        actor=actor or current_actor(),
        tenant_id=tenant.id if tenant else None,
        resource_type=resource_type,
        resource_id=resource_id,
        at=now(),
        detail=detail or {},
        before=before,
        after=after,
        request_id=request_id(),
    )


async def _flush(work: Work) -> None:
    waiting: list[_Kept] = work.notes.pop(_KEPT, [])
    start = 0
    for index in range(1, len(waiting) + 1):
        if index == len(waiting) or _place(waiting[index]) != _place(waiting[start]):
            await _deliver(waiting[start:index])
            start = index


def _place(kept: _Kept) -> tuple[UUID | None, int]:
    return (kept.tenant.id if kept.tenant else None, id(kept.plan))


async def _deliver(batch: list[_Kept]) -> None:
    """Give events of one site to its sinks, inside the unit in progress."""
    tenant, plan = batch[0].tenant, batch[0].plan
    events = tuple(kept.event for kept in batch)
    with acting(tenant, current_actor()), use_plan(plan):
        sinks = collect(platform.register_audit_sinks)
        if not sinks:
            return
        async with tenant_work(tenant) if tenant else platform_work():
            for sink in sinks:
                try:
                    await sink.write(events)
                except Exception as error:
                    names = ", ".join(event.action for event in events)
                    log.exception("The audit sink %s could not keep %s, so it is undone.", sink.name, names)
                    raise Unavailable(
                        _("This could not be recorded, so it was not done."), hint=_("Try again in a moment.")
                    ) from error


async def refused(capability: str, object: Any, decision: Decision) -> None:
    """Record that the current actor was refused. Never raises: the refusal stands in any case."""
    resource_id = getattr(object, "id", None)
    await record_alone(
        "access.refuse",
        resource_type=type(object).__name__.removesuffix("View").lower() if object is not None else "",
        resource_id=resource_id if isinstance(resource_id, UUID) else None,
        detail={
            "capability": capability,
            "missing": sorted(decision.missing),
            "reasons": list(decision.reasons),
        },
        outcome="refused",
    )


async def record_alone(
    action: str,
    *,
    resource_type: str = "",
    resource_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
    outcome: EventOutcome,
    actor: Actor | None = None,
) -> None:
    """Record something that wrote nothing, in a write unit of its own.

    Inside another unit it waits for the end of the request (`collect_refusals`): that unit is about to
    be rolled back, and the record must not be. A failure is logged; there is nothing to undo.
    """
    event = _event(action, resource_type, resource_id, detail, None, None, outcome, actor)
    log.info("%s %s by %s %s", event.action, outcome, event.actor.kind, event.actor.id or "")
    kept = _Kept(event, maybe_tenant(), current_plan())
    if maybe_work() is None:
        await _keep_alone([kept])
        return
    late = _late.get()
    if late is None:
        log.error("%s could not be recorded: it happened inside a unit of work, outside any request.", action)
    else:
        late.append(kept)


@contextmanager
def collect_refusals() -> Iterator[list[_Kept]]:
    """Collect what is refused inside write units in the block; pass the list to `keep_late` after it."""
    late: list[_Kept] = []
    token = _late.set(late)
    try:
        yield late
    finally:
        _late.reset(token)


async def keep_late(late: list[_Kept]) -> None:
    """Record what `collect_refusals` collected."""
    if late:
        await _keep_alone(late)


async def _keep_alone(batch: list[_Kept]) -> None:
    with use_plan(batch[0].plan):
        if not collect(platform.register_audit_sinks):
            return
    tenant = batch[0].tenant
    try:
        with acting(tenant, current_actor()):
            async with tenant_work(tenant) if tenant else platform_work():
                await _deliver(batch)
    except Exception:
        log.exception("A refusal could not be recorded.")
