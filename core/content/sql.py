"""The little SQL that both engines say differently, for queries of this room."""

from collections.abc import Collection
from typing import Any

from core.db import current_database, execute

__all__ = ["any_of", "lock_row"]


def any_of(column: str, values: Collection[Any]) -> tuple[str, list[Any]]:
    """Return `column` is one of `values`, as SQL with `{}` and its arguments.

    One statement text for any number of values on PostgreSQL, so that it is prepared once.
    """
    if current_database().kind == "postgres":
        return f"{column} = ANY({{}})", [list(values)]
    return f"{column} IN ({', '.join(['{}'] * len(values))})", list(values)


async def lock_row(table: str, row_id: Any) -> None:
    """Hold a row until the unit ends, so that others who hold it wait; keys that point at it are not held up."""
    if current_database().kind == "postgres":
        await execute(
            f"SELECT id FROM {table} WHERE tenant_id = {{tenant}} AND id = {{}} FOR NO KEY UPDATE",  # a table of ours
            row_id,
        )
