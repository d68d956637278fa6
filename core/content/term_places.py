"""Where terms stand in their tree, and which category posts fall back on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.content.counts import recount_terms
from core.content.slugs import MAX_PATH
from core.contract.content import Taxonomy
from core.db import execute
from core.errors import Invalid
from core.i18n import gettext as _
from core.tenancy import site_settings

__all__ = ["default_category_id", "fall_back", "find_parent", "move_terms_below", "place_of"]


async def default_category_id() -> UUID | None:
    """Return the category of posts that have none: the one of the settings, else the site's first."""
    chosen = site_settings().default_category
    if chosen is not None:
        rows = await execute(
            "SELECT id FROM terms WHERE tenant_id = {tenant} AND id = {} AND taxonomy = 'category'", chosen
        )
        if rows:
            return chosen
    rows = await execute(
        "SELECT id FROM terms WHERE tenant_id = {tenant} AND taxonomy = 'category' ORDER BY number LIMIT 1"
    )
    return UUID(str(rows[0]["id"])) if rows else None


async def find_parent(
    found: Taxonomy, term_id: UUID | None, parent_id: UUID | None
) -> Mapping[str, Any] | None:
    """Return the row of a parent; with the tree held, the answer stands until the unit ends.

    Raises:
        Invalid: There is no such term in the taxonomy, or the term itself is above it; under "parent_id".
    """
    if parent_id is None:
        return None
    rows = await execute(
        "WITH RECURSIVE above(id, parent_id) AS ("
        " SELECT id, parent_id FROM terms WHERE tenant_id = {tenant} AND id = {} AND taxonomy = {}"
        " UNION SELECT t.id, t.parent_id FROM terms t JOIN above ON t.id = above.parent_id WHERE t.tenant_id = {tenant}"
        ") SELECT terms.id, terms.path, terms.level FROM terms JOIN above ON above.id = terms.id WHERE terms.tenant_id = {tenant}",
        parent_id,
        found.name,
    )
    if not rows:
        raise Invalid({"parent_id": _("There is no such term to put it below.")})
    if term_id is not None and any(row["id"] == term_id for row in rows):
        raise Invalid({"parent_id": _("A term can't be below itself.")})
    return next(row for row in rows if row["id"] == parent_id)


def place_of(parent: Mapping[str, Any] | None, slug: str) -> dict[str, Any]:
    """Return the path and the level of a term that is right below `parent`.

    Raises:
        Invalid: The address would be too long; under "slug".
    """
    path = slug if parent is None else f"{parent['path']}/{slug}"
    if len(path) > MAX_PATH:
        raise Invalid(
            {"slug": _("The address would be longer than {limit} characters.").format(limit=MAX_PATH)}
        )
    return {"path": path, "level": 0 if parent is None else parent["level"] + 1}


async def move_terms_below(term_id: UUID, place: Mapping[str, Any]) -> None:
    """Give everything below a term the level and the path that follow from its own."""
    below = (
        "WITH RECURSIVE sub(id, path, level) AS ("
        " SELECT id, CAST({} AS TEXT), CAST({} AS INTEGER) FROM terms WHERE tenant_id = {tenant} AND id = {}"
        " UNION ALL SELECT c.id, CAST(sub.path || '/' || c.slug AS TEXT), sub.level + 1"
        " FROM terms c JOIN sub ON c.parent_id = sub.id WHERE c.tenant_id = {tenant}) "
    )
    args = (place["path"], place["level"], term_id)
    longest = await execute(f"{below} SELECT max(length(path)) AS n FROM sub", *args)  # noqa: S608  # written here
    if (longest[0]["n"] or 0) > MAX_PATH:
        raise Invalid(
            {"slug": _("The address would be longer than {limit} characters.").format(limit=MAX_PATH)}
        )
    await execute(
        f"{below} UPDATE terms SET path = sub.path, level = sub.level FROM sub"  # noqa: S608  # written here
        " WHERE terms.tenant_id = {tenant} AND terms.id = sub.id",
        *args,
    )


async def fall_back(term_id: UUID) -> None:
    """Give the default category to posts that carry this one and no other."""
    default = await default_category_id()
    if default is None:
        return
    await execute(
        "UPDATE post_terms SET term_id = {} WHERE tenant_id = {tenant} AND term_id = {} AND NOT EXISTS ("
        " SELECT 1 FROM post_terms other JOIN terms t ON t.tenant_id = other.tenant_id AND t.id = other.term_id"
        " WHERE other.tenant_id = post_terms.tenant_id AND other.post_id = post_terms.post_id"
        " AND other.term_id <> {} AND t.taxonomy = 'category')",
        default,
        term_id,
        term_id,
    )
    recount_terms([default])
