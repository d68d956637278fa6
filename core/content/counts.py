"""How many published posts carry each term, right under concurrent writers.

A count is taken anew at the end of every unit that changed who is counted. Units that touched the
same term do it one after the other: the row is held first, in one order for everybody, and the count
is the next statement, so that it sees what the unit before has committed.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from core.content.sql import any_of
from core.db import at_commit, current_database, execute

__all__ = ["recount_terms"]


def recount_terms(ids: Iterable[UUID]) -> None:
    """Count the published posts of these terms when the unit in progress commits."""
    touched = set(ids)
    if touched:
        at_commit(_recount, *touched, rank=10)


async def _recount(ids: Sequence[UUID]) -> None:
    condition, args = any_of("id", sorted(set(ids)))
    if current_database().kind == "postgres":
        # not FOR UPDATE: units that insert into post_terms hold these rows for their foreign key
        await execute(
            f"SELECT id FROM terms WHERE tenant_id = {{tenant}} AND {condition} ORDER BY id FOR NO KEY UPDATE",  # noqa: S608  # written here
            *args,
        )
    await execute(
        "UPDATE terms SET count = (SELECT count(*) FROM post_terms pt"  # noqa: S608  # written here
        " JOIN posts p ON p.tenant_id = pt.tenant_id AND p.id = pt.post_id"
        " WHERE pt.tenant_id = terms.tenant_id AND pt.term_id = terms.id AND p.status = 'publish')"
        f" WHERE tenant_id = {{tenant}} AND {condition}",
        *args,
    )
