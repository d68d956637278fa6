"""Numbers and ids: the API speaks in numbers, which are unique within a site, operations in ids.

A number of another site is therefore no number here, whatever exists there (AC03).
"""

from collections.abc import Collection, Iterable
from typing import Literal
from uuid import UUID

from core.db import execute
from core.errors import NotFound
from core.i18n import gettext as _

__all__ = ["Numbered", "has_published", "id_of", "ids_of", "numbers_of"]

Numbered = Literal["posts", "terms", "users", "media"]
"""Tables whose rows have a number."""

_LIVE = {"posts": " AND deleted_at IS NULL", "users": " AND deleted_at IS NULL"}
_CHUNK = 500


async def ids_of(table: Numbered, numbers: Collection[int]) -> dict[int, UUID]:
    """Return the ids of rows by number, of those that there are: one query, however many."""
    wanted = list(dict.fromkeys(numbers))
    found: dict[int, UUID] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        marks = ", ".join("{}" for _number in chunk)
        # the table's name is one of four that are written here, never a caller's text
        rows = await execute(
            f"SELECT id, number FROM {table} WHERE tenant_id = {{tenant}}{_LIVE.get(table, '')}"  # noqa: S608  # a table of our own choice
            f" AND number IN ({marks})",
            *chunk,
        )
        found.update((int(row["number"]), row["id"]) for row in rows)
    return found


async def numbers_of(table: Numbered, ids: Iterable[UUID | None]) -> dict[UUID, int]:
    """Return the numbers of rows by id: one query for a whole page of a list, none if there are no ids."""
    wanted = list(dict.fromkeys(row_id for row_id in ids if row_id is not None))
    if not wanted:
        return {}
    marks = ", ".join("{}" for _id in wanted)
    rows = await execute(
        f"SELECT id, number FROM {table} WHERE tenant_id = {{tenant}} AND id IN ({marks})",  # noqa: S608  as above
        *wanted,
    )
    return {row["id"]: int(row["number"]) for row in rows}


async def id_of(table: Numbered, number: int) -> UUID:
    """Return the id of the row with this number.

    Raises:
        NotFound: There is none on this site.
    """
    found = await ids_of(table, (number,))
    if number not in found:
        raise NotFound(_("There is nothing with this number here."))
    return found[number]


async def has_published(user_id: UUID) -> bool:
    """Tell whether somebody has published anything, and is therefore named on the site already."""
    rows = await execute(
        "SELECT 1 AS one FROM posts WHERE tenant_id = {tenant} AND author_id = {} AND status = 'publish'"
        " AND deleted_at IS NULL LIMIT 1",
        user_id,
    )
    return bool(rows)
