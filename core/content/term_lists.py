"""Terms read: one by slug or path, the terms of a taxonomy, its tree."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from core.content.tables import Term
from core.content.views import term_view
from core.contract.views import TermView
from core.db import contains, execute
from core.errors import BadRequest
from core.i18n import gettext as _
from core.text import slugify

__all__ = [
    "TERM_COLUMNS",
    "TermList",
    "TermNode",
    "TermQuery",
    "joined_term",
    "list_terms",
    "subtree_ids",
    "term_by_slug",
    "term_tree",
    "terms_by_id",
    "used_terms",
]

_MOST = 100_000


TERM_COLUMNS: Final = ", ".join(
    f"term.{name} AS term_{name}"
    for name in (
        "id", "number", "taxonomy", "name", "slug", "path", "description", "parent_id", "level", "count", "version",
    )
)  # fmt: skip
"""Columns of a query that joins `terms` as `term`, for `joined_term`: a query less for what names terms by id."""


def joined_term(row: Mapping[str, Any]) -> TermView | None:
    """Return the term that came with a row by `TERM_COLUMNS`, None if none did."""
    if row["term_id"] is None:
        return None
    return term_view(
        {name.removeprefix("term_"): value for name, value in row.items() if name.startswith("term_")}
    )


class TermNode(msgspec.Struct, frozen=True, kw_only=True):
    """A term with those below it, by name."""

    term: TermView
    children: tuple["TermNode", ...] = ()


class TermQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of terms asks for."""

    taxonomy: str
    search: str = ""
    parent_id: UUID | None = None
    """Only those right below this one."""
    ids: tuple[UUID, ...] = ()
    order: Literal["name", "count", "number"] = "name"
    descending: bool = False
    above: int = 0
    """With order "number": only those of a higher number, for lists that go on."""
    page: int = 1
    per_page: int = 100


class TermList(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list of terms."""

    items: tuple[TermView, ...]
    total: int
    page: int
    per_page: int


async def term_by_slug(taxonomy: str, slug: str) -> TermView | None:
    """Return the term of a slug, None if there is none."""
    rows = await Term.select().where(Term.taxonomy == taxonomy, Term.slug == slug)
    return term_view(rows[0]) if rows else None


async def list_terms(query: TermQuery) -> TermList:
    """Return one page of the terms of a taxonomy.

    Raises:
        BadRequest: The page is out of all bounds.
    """
    if not 1 <= query.per_page <= 1000 or query.page < 1 or query.page * query.per_page > _MOST:
        raise BadRequest(_("This page is out of bounds."))
    where: list[Any] = [Term.taxonomy == query.taxonomy]
    if query.search.strip():
        where.append(contains(Term.name, query.search.strip()) | (Term.slug == slugify(query.search)))
    if query.parent_id is not None:
        where.append(Term.parent_id == query.parent_id)
    if query.ids:
        where.append(Term.id.is_in(list(query.ids)))
    if query.above:
        where.append(Term.number > query.above)
    total = await Term.count().where(*where)
    column = {"name": Term.name, "count": Term.post_count, "number": Term.number}[query.order]
    rows = await (
        Term.select()
        .where(*where)
        .order_by(column, ascending=not query.descending)
        .order_by(Term.number)
        .limit(query.per_page)
        .offset((query.page - 1) * query.per_page)
    )
    return TermList(
        items=tuple(term_view(row) for row in rows), total=total, page=query.page, per_page=query.per_page
    )


async def used_terms(taxonomy: str, count: int) -> tuple[TermView, ...]:
    """Return the terms that carry the most published posts, the fullest first: one query."""
    rows = await execute(
        "SELECT * FROM terms WHERE tenant_id = {tenant} AND taxonomy = {} AND count > 0 ORDER BY count DESC, name LIMIT {}",
        taxonomy,
        max(1, min(count, 200)),
    )
    return tuple(term_view(row) for row in rows)


async def terms_by_id(ids: Collection[UUID]) -> dict[UUID, TermView]:
    """Return terms of any taxonomy by id; ids that are none are left out: one query for every 500."""
    found: dict[UUID, TermView] = {}
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), 500):
        rows = await Term.select().where(Term.id.is_in(wanted[start : start + 500]))
        found.update((row["id"], term_view(row)) for row in rows)
    return found


async def term_tree(taxonomy: str) -> tuple[TermNode, ...]:
    """Return the whole tree of a taxonomy, siblings by name: one query."""
    rows = await execute(
        "SELECT * FROM terms WHERE tenant_id = {tenant} AND taxonomy = {} ORDER BY name, number", taxonomy
    )
    below: dict[UUID | None, list[TermView]] = {}
    for row in rows:
        below.setdefault(row["parent_id"], []).append(term_view(row))

    def nodes(parent: UUID | None) -> tuple[TermNode, ...]:
        return tuple(TermNode(term=term, children=nodes(term.id)) for term in below.get(parent, ()))

    return nodes(None)


async def subtree_ids(ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Return terms with everything below them."""
    if not ids:
        return ()
    marks = ", ".join(["{}"] * len(ids))
    rows = await execute(
        f"WITH RECURSIVE sub(id) AS (SELECT id FROM terms WHERE tenant_id = {{tenant}} AND id IN ({marks})"  # noqa: S608  # written here
        " UNION SELECT c.id FROM terms c JOIN sub ON c.parent_id = sub.id WHERE c.tenant_id = {tenant})"
        " SELECT id FROM sub",
        *ids,
    )
    return tuple(row["id"] for row in rows)
