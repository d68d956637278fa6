"""Letting go of what was kept long enough."""

from datetime import timedelta
from typing import Final

from core.clock import now
from core.contract.work import JobContext
from core.db import tenant_work
from plugins.comments.addresses import forget_addresses
from plugins.comments.followers import forget_unconfirmed
from plugins.comments.moderation import remove
from plugins.comments.tables import Comment

__all__ = ["KEEP", "PURGE_JOB", "purge"]

PURGE_JOB: Final = "comments.purge"
KEEP: Final = timedelta(days=30)
"""How long a comment stays in the trash or as spam; `tables.py` promises it."""
_BATCH: Final = 100


async def purge(job: JobContext) -> None:
    """Delete for good what was kept long enough: trash, spam, network addresses, questions nobody answered."""
    async with tenant_work():
        await forget_addresses()
        await forget_unconfirmed()
    while True:
        async with tenant_work():
            rows = (
                await Comment.select(Comment.id)
                .where(Comment.status.is_in(["trash", "spam"]), Comment.status_at < now() - KEEP)
                .order_by(Comment.number)
                .limit(_BATCH)
            )
            for row in rows:
                await remove(row["id"])
        if len(rows) < _BATCH:
            return
        await job.progress(removed=len(rows))
