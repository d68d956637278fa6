"""Putting work into the queue, and taking it out under a lease."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from core.clock import now
from core.context import maybe_tenant
from core.db import current_database, platform_execute, platform_work
from core.ids import new_id

__all__ = ["LeasedJob", "claim", "enqueue", "finish", "postpone", "renew"]

TENANT_LIMIT = 4
"""Jobs of one site that may run at once, over all workers: one site can't starve the others."""


class LeasedJob(msgspec.Struct, frozen=True):
    """A job that this worker holds until `leased_until`."""

    id: UUID
    tenant_id: UUID | None
    kind: str
    payload: dict[str, Any]
    attempts: int
    max_attempts: int


async def enqueue(
    kind: str,
    payload: Mapping[str, Any] | None = None,
    *,
    run_at: datetime | None = None,
    dedup: str | None = None,
    max_attempts: int = 8,
) -> UUID | None:
    """Queue a job for the current site (or the platform), in the unit of work in progress.

    It exists if and only if the unit commits.

    Args:
        kind: Name of a registered `JobKind`.
        payload: JSON values.
        run_at: Not before this time.
        dedup: While a job of this kind and key waits or runs, another one is not queued.
        max_attempts: Tries before it counts as failed.

    Returns:
        The job's id, None if `dedup` found one.
    """
    tenant = maybe_tenant()
    job_id = new_id()
    rows = await platform_execute(
        "INSERT INTO jobs (id, tenant_id, kind, payload, dedup, status, run_at, max_attempts, created_at)"
        " VALUES ({}, {}, {}, {}, {}, 'ready', {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id",
        job_id,
        tenant.id if tenant else None,
        kind,
        json.dumps(dict(payload or {}), ensure_ascii=False),
        dedup,
        run_at or now(),
        max_attempts,
        now(),
    )
    return job_id if rows else None


async def claim(worker: str, lease: timedelta) -> LeasedJob | None:
    """Take the next due job under a lease, or a running one whose lease has ended.

    Sites with fewer running jobs come first. Two workers never get the same job.
    """
    at = now()
    lock = " FOR UPDATE OF j SKIP LOCKED" if current_database().kind == "postgres" else ""
    async with platform_work():
        rows = await platform_execute(
            "UPDATE jobs SET status = 'running', leased_by = {}, leased_until = {}, attempts = attempts + 1"
            " WHERE id = (SELECT j.id FROM jobs j LEFT JOIN ("
            "   SELECT tenant_id, count(*) AS n FROM jobs WHERE status = 'running' AND leased_until >= {} GROUP BY tenant_id"
            " ) busy ON busy.tenant_id = j.tenant_id"
            " WHERE ((j.status = 'ready' AND j.run_at <= {}) OR (j.status = 'running' AND j.leased_until < {}))"
            " AND coalesce(busy.n, 0) < {}"
            f" ORDER BY coalesce(busy.n, 0), j.run_at, j.id LIMIT 1{lock})"
            " RETURNING id, tenant_id, kind, payload, progress, attempts, max_attempts",
            worker,
            at + lease,
            at,
            at,
            at,
            TENANT_LIMIT,
        )
    if not rows:
        return None
    row = rows[0]
    payload = {**json.loads(row["payload"]), "progress": json.loads(row["progress"])}
    return LeasedJob(row["id"], row["tenant_id"], row["kind"], payload, row["attempts"], row["max_attempts"])


async def renew(
    job: LeasedJob, worker: str, lease: timedelta, progress: Mapping[str, Any] | None = None
) -> bool:
    """Extend a lease and store progress; False if the job was taken over meanwhile."""
    async with platform_work():
        rows = await platform_execute(
            "UPDATE jobs SET leased_until = {}, progress = coalesce({}, progress)"
            " WHERE id = {} AND status = 'running' AND leased_by = {} AND attempts = {} RETURNING id",
            now() + lease,
            json.dumps(dict(progress), ensure_ascii=False) if progress is not None else None,
            job.id,
            worker,
            job.attempts,
        )
    return bool(rows)


async def finish(job: LeasedJob, worker: str) -> None:
    """Mark a job as done, if this worker still holds it."""
    async with platform_work():
        await platform_execute(
            "UPDATE jobs SET status = 'done', finished_at = {}, error = '' WHERE id = {} AND leased_by = {} AND attempts = {}",
            now(),
            job.id,
            worker,
            job.attempts,
        )


async def postpone(job: LeasedJob, worker: str, error: str) -> bool:
    """Put a job back after a failure, later with each attempt; return whether it is given up for good."""
    last = job.attempts >= job.max_attempts
    delay = timedelta(seconds=min(5 * 2 ** min(job.attempts, 10), 3600))
    async with platform_work():
        await platform_execute(
            "UPDATE jobs SET status = {}, run_at = {}, error = {}, finished_at = {}, leased_until = NULL"
            " WHERE id = {} AND leased_by = {} AND attempts = {}",
            "failed" if last else "ready",
            now() + delay,
            error[:2000],
            now() if last else None,
            job.id,
            worker,
            job.attempts,
        )
    return last
