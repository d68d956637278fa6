"""What is written once per unit of work, right before it commits, however often it was touched.

Counts that many writers share are such things: written at once, they would make writers wait for
each other until the end of their units, and lock each other out when they come in different order.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from core.clock import now
from core.context import Tenant, current_tenant
from core.db.tables import execute
from core.db.work import Work, current_work, tenant_work

__all__ = ["at_commit", "tally"]

Flush = Callable[[Sequence[Any]], Awaitable[None]]
_WAITING = object()
"""Key of what waits on a unit of work: values by (rank, flush, tenant)."""

_Values = dict[tuple[int, Flush, Tenant], list[Any]]


def at_commit(flush: Flush, *values: Any, rank: int) -> None:
    """Call `flush` once with all values collected for the current site, right before the unit in progress commits.

    What was collected in a savepoint that is rolled back is forgotten with it.

    Args:
        flush: An async function of this module's kind; a module-level function, since it is the key.
        values: What to hand to it.
        rank: Lower goes first. Every unit takes its late locks in this order, so none waits in a circle.

    Raises:
        OutsideUnit: There is no write unit.
    """
    work, tenant = current_work(), current_tenant()
    kept = tuple(values)

    async def hold() -> None:
        # called before the commit, unless the savepoint this was said in was rolled back
        waiting: _Values | None = work.notes.get(_WAITING)
        if waiting is None:
            waiting = work.notes[_WAITING] = {}
            work.before_commit(lambda: _run(work))
        waiting.setdefault((rank, flush, tenant), []).extend(kept)

    work.before_commit(hold)


async def _run(work: Work) -> None:
    waiting: _Values = work.notes.pop(_WAITING)
    for (_rank, flush, tenant), values in sorted(
        waiting.items(), key=lambda item: (item[0][0], item[0][2].id)
    ):
        if work.tenant_id == tenant.id:
            await flush(values)
        else:  # a platform unit that worked for several sites
            async with tenant_work(tenant):
                await flush(values)


def tally(changes: Mapping[str, int]) -> None:
    """Add to the site's counters (`dashboard_stats`) by name, when the unit in progress commits.

    Raises:
        OutsideUnit: There is no write unit.
    """
    real = [(name, change) for name, change in changes.items() if change]
    if real:
        at_commit(_add, *real, rank=90)


async def _add(changes: Sequence[tuple[str, int]]) -> None:
    sums: dict[str, int] = {}
    for name, change in changes:
        sums[name] = sums.get(name, 0) + change
    at = now()
    for name in sorted(sums):  # one order for everybody
        if sums[name]:
            await execute(
                "INSERT INTO dashboard_stats (tenant_id, name, value, updated_at) VALUES ({tenant}, {}, {}, {})"
                " ON CONFLICT (tenant_id, name) DO UPDATE"
                " SET value = dashboard_stats.value + excluded.value, updated_at = excluded.updated_at",
                name,
                sums[name],
                at,
            )
