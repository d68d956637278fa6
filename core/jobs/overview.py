"""What waits and what failed, for the screen and the command that show it."""

from datetime import datetime
from uuid import UUID

import msgspec

from core.clock import now
from core.context import current_tenant
from core.db import platform_execute, platform_work
from core.errors import NotFound
from core.i18n import gettext as _

__all__ = ["JobView", "count_jobs", "list_jobs", "retry_job"]


class JobView(msgspec.Struct, frozen=True, kw_only=True):
    """A job of a site, without what it works on."""

    id: UUID
    kind: str
    status: str
    """"ready", "running", "done" or "failed"."""
    attempts: int
    max_attempts: int
    error: str
    run_at: datetime
    created_at: datetime
    finished_at: datetime | None = None


async def list_jobs(*, status: str = "", page: int = 1, per_page: int = 30) -> tuple[JobView, ...]:
    """Return jobs of the current site, the newest first.

    Args:
        status: Only these; all for "".
        page: From 1.
        per_page: How many on a page.
    """
    columns = ", ".join(JobView.__struct_fields__)
    where, args = ("AND status = {}", [status]) if status else ("", [])
    rows = await platform_execute(
        f"SELECT {columns} FROM jobs WHERE tenant_id = {{}} {where} ORDER BY created_at DESC, id DESC LIMIT {{}} OFFSET {{}}",
        current_tenant().id,
        *args,
        per_page,
        (max(page, 1) - 1) * per_page,
    )
    return tuple(JobView(**{name: row[name] for name in JobView.__struct_fields__}) for row in rows)


async def count_jobs() -> dict[str, int]:
    """Return the number of jobs of the current site by status."""
    rows = await platform_execute(
        "SELECT status, count(*) AS n FROM jobs WHERE tenant_id = {} GROUP BY status", current_tenant().id
    )
    return {row["status"]: int(row["n"]) for row in rows}


async def retry_job(job_id: UUID) -> None:
    """Put a job that was given up back into the queue. The caller asks for rights.

    Raises:
        NotFound: The site has no failed job of this id.
    """
    async with platform_work():
        rows = await platform_execute(
            "UPDATE jobs SET status = 'ready', attempts = 0, run_at = {}, finished_at = NULL"
            " WHERE id = {} AND tenant_id = {} AND status = 'failed' RETURNING id",
            now(),
            job_id,
            current_tenant().id,
        )
    if not rows:
        raise NotFound(_("There is no failed job of this id."))
