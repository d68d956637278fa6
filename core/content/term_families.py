"""A term with its line up and everything below it, in one query: what an archive of a tree needs."""

from uuid import UUID

import msgspec

from core.content.views import term_view
from core.contract.views import TermView
from core.db import execute

__all__ = ["TermFamily", "term_family"]


class TermFamily(msgspec.Struct, frozen=True, kw_only=True):
    """A term and its place in the tree."""

    term: TermView
    above: tuple[TermView, ...] = ()
    """Its ancestors, the root first."""
    ids: tuple[UUID, ...]
    """Its own id and those of everything below it."""


_FAMILY = (
    "WITH RECURSIVE"
    " up(id, parent_id, depth) AS ("
    "SELECT id, parent_id, 0 FROM terms WHERE tenant_id = {{tenant}} AND taxonomy = {{}} AND {column} = {{}}"
    " UNION ALL SELECT t.id, t.parent_id, up.depth - 1 FROM terms t JOIN up ON t.id = up.parent_id"
    " WHERE t.tenant_id = {{tenant}}),"
    " down(id, depth) AS ("
    "SELECT id, 0 FROM up WHERE depth = 0"
    " UNION ALL SELECT c.id, down.depth + 1 FROM terms c JOIN down ON c.parent_id = down.id"
    " WHERE c.tenant_id = {{tenant}})"
    " SELECT terms.*, family.depth FROM terms JOIN"
    " (SELECT id, depth FROM up UNION SELECT id, depth FROM down) family ON family.id = terms.id"
    " WHERE terms.tenant_id = {{tenant}} ORDER BY family.depth, terms.number"
)


async def term_family(taxonomy: str, *, slug: str = "", number: int = 0) -> TermFamily | None:
    """Return a term by its slug or its number, None if there is none: one query.

    Args:
        taxonomy: Its taxonomy.
        slug: Its slug.
        number: Its number, if there is no slug.
    """
    column, value = ("slug", slug) if slug else ("number", number)
    rows = await execute(_FAMILY.format(column=column), taxonomy, value)
    own = next((row for row in rows if row["depth"] == 0), None)
    if own is None:
        return None
    return TermFamily(
        term=term_view(own),
        above=tuple(term_view(row) for row in rows if row["depth"] < 0),
        ids=tuple(row["id"] for row in rows if row["depth"] >= 0),
    )
