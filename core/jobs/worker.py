"""The worker: takes jobs under leases and runs them for their sites."""

import asyncio
import logging
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from core.clock import now
from core.context import Actor, Tenant, acting
from core.contract.work import JobKind
from core.db import platform_execute, platform_work
from core.errors import VitralError
from core.hooks import collect, use_plan
from core.jobs.queue import LeasedJob, claim, enqueue, finish, postpone, renew
from core.plugins import current_registry
from core.tenancy import current_tenants, enter
from hookspecs import platform

__all__ = ["Worker"]

log = logging.getLogger("vitral.jobs")
_LEASE = timedelta(minutes=5)
_KEEP = timedelta(days=7)
JOB = Actor(kind="job")


class _Context:
    """What a job gets; see `core.contract.work.JobContext`."""

    def __init__(self, job: LeasedJob, worker: str, kind: JobKind) -> None:
        self.job_id = job.id
        self.attempt = job.attempts
        self.payload: Mapping[str, Any] = job.payload
        self._job = job
        self._worker = worker
        self._kind = kind

    async def progress(self, **values: Any) -> None:
        if not await renew(self._job, self._worker, self._kind.lease, values):
            raise LeaseLost(f"The job {self._kind.name} was taken over by another worker.")


class LeaseLost(VitralError):
    """This worker was too slow; another one has the job now."""


class Worker:
    """Runs jobs until it is stopped.

    Args:
        slots: Jobs at once in this process.
        idle: Seconds between looks at an empty queue.
    """

    def __init__(self, *, slots: int = 4, idle: float = 0.5) -> None:
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._slots = slots
        self._idle = idle
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop()`; jobs in progress are finished first."""
        slots = [asyncio.ensure_future(self._slot()) for _ in range(self._slots)]
        timer = asyncio.ensure_future(self._keep_periodic())
        try:
            await self._stopping.wait()
        finally:
            timer.cancel()
            with suppress(asyncio.CancelledError):
                await timer
            await asyncio.gather(*slots, return_exceptions=True)

    def stop(self) -> None:
        """Take no more jobs."""
        self._stopping.set()

    async def _slot(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = await self.run_one()
            except Exception as error:
                # drivers have errors of their own; a slot that ends is missed by nobody
                log.warning("The queue can't be read: %s: %s", type(error).__name__, error)
                busy = False
            if not busy:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self._idle)

    async def run_one(self) -> bool:
        """Take one job and run it; False if none is due."""
        job = await claim(self.name, _LEASE)
        if job is None:
            return False
        if job.attempts > job.max_attempts:
            # its lease ended at the last one: it takes its workers down with it
            await postpone(job, self.name, "Each worker that ran it died or was too slow.")
            log.error("The job %s was given up: each worker that ran it died or was too slow.", job.kind)
            return True
        tenant = current_tenants().by_id(job.tenant_id) if job.tenant_id else None
        if job.tenant_id and tenant is None:
            await postpone(job, self.name, "The job's site is not known here.")
            return True
        if tenant is not None:
            with enter(tenant, JOB):
                await self._run(job, tenant)
        else:
            with acting(None, JOB), use_plan(current_registry().platform_plan()):
                await self._run(job, None)
        return True

    async def _run(self, job: LeasedJob, tenant: Tenant | None) -> None:
        kind = next((k for k in collect(platform.register_jobs) if k.name == job.kind), None)
        if kind is None:  # its plugin is off or gone: the job waits for it, and is given up in the end
            await postpone(job, self.name, f"Nobody here runs jobs of kind {job.kind!r}.")
            return
        beat = asyncio.ensure_future(self._beat(job, kind))
        try:
            await kind.run(_Context(job, self.name, kind))
        except LeaseLost as error:
            log.warning("%s", error)
        except Exception as error:
            given_up = await postpone(job, self.name, f"{type(error).__name__}: {error}")
            site = tenant.slug if tenant else "platform"
            log.exception(
                "The job %s of %s failed%s.",
                job.kind,
                site,
                " for good" if given_up else "; it is tried again",
            )
        else:
            await finish(job, self.name)
            if kind.every is not None:
                await self._again(kind, kind.every)
        finally:
            beat.cancel()

    async def _beat(self, job: LeasedJob, kind: JobKind) -> None:
        """Extend the lease while the job runs, so that only a dead worker loses it."""
        while True:
            await asyncio.sleep(_LEASE.total_seconds() / 3)
            try:
                if not await renew(job, self.name, _LEASE):
                    return
            except Exception as error:  # the next beat still comes in time
                log.warning("A lease can't be extended: %s: %s", type(error).__name__, error)

    async def _again(self, kind: JobKind, every: timedelta) -> None:
        async with platform_work():
            await enqueue(kind.name, run_at=now() + every, dedup="periodic", max_attempts=kind.max_attempts)

    async def _keep_periodic(self) -> None:
        """See to it that each periodic job of each site is in the queue, and old jobs are not."""
        while True:
            try:
                await self.schedule()
            except Exception as error:
                log.warning("Periodic jobs can't be queued: %s: %s", type(error).__name__, error)
            await asyncio.sleep(30)

    async def schedule(self) -> None:
        """Queue the periodic jobs that are not there, and remove finished ones after a week."""
        for tenant in current_tenants().all():
            if tenant.status != "active":
                continue
            with enter(tenant, JOB):
                kinds = [k for k in collect(platform.register_jobs) if k.every is not None and not k.platform]
                await self._queue_missing(kinds)
        with acting(None, JOB), use_plan(current_registry().platform_plan()):
            kinds = [k for k in collect(platform.register_jobs) if k.every is not None and k.platform]
            await self._queue_missing(kinds)
        async with platform_work():
            await platform_execute(
                "DELETE FROM jobs WHERE status IN ('done', 'failed') AND finished_at < {}", now() - _KEEP
            )

    async def _queue_missing(self, kinds: list[JobKind]) -> None:
        if not kinds:
            return
        async with platform_work():
            for kind in kinds:
                await enqueue(kind.name, dedup="periodic", max_attempts=kind.max_attempts)
