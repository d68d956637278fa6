"""Files in the storage that no row knows of: what an upload left behind whose process died (fault F18)."""

from datetime import timedelta
from typing import Final

from core.clock import now
from core.context import current_tenant
from core.contract.work import JobContext
from core.db import execute, tenant_read
from core.media.keeping import keys_of
from core.media.storage import current_media

__all__ = ["run_sweep", "sweep"]

_AGE: Final = timedelta(days=1)
"""Uploads and jobs that still run are younger."""
_BATCH: Final = 2_000


async def run_sweep(job: JobContext) -> None:
    """Remove them; the job `media.sweep`."""
    await sweep()


async def sweep(age: timedelta = _AGE) -> int:
    """Remove files that no row knows of and that are older than `age`; return how many."""
    storage, tenant = current_media(), current_tenant().id
    old = {key async for key, written in storage.keys(tenant) if written < now() - age}
    last = 0
    while old:
        async with tenant_read():
            rows = await execute(
                "SELECT number, file_path, whole_path, preview_path, renditions FROM media"
                " WHERE tenant_id = {tenant} AND number > {} ORDER BY number LIMIT {}",
                last,
                _BATCH,
            )
        for row in rows:
            old.difference_update(keys_of(row))
            last = row["number"]
        if len(rows) < _BATCH:
            break
    await storage.remove(tenant, old)
    return len(old)
