"""What somebody may have meant whose address leads nowhere: the last of its slugs, or how one begins."""

from collections.abc import Sequence
from typing import Final

from core.content.listing import list_posts, one_of
from core.content.slugs import is_reserved
from core.contract.content import ListingQuery
from core.contract.views import PostView
from core.db import current_database, execute
from core.text import slugify

__all__ = ["guess_post"]

_SHORTEST: Final = 4
"""Characters that a beginning takes: fewer fit by chance, and scanners ask for many such names."""


async def guess_post(path: str, types: Sequence[str]) -> PostView | None:
    """Return the one published post whose slug is the last one of an address, or else begins with it.

    None where several fit. WordPress leads to the first of them; that may be any, and a reader who comes
    to the wrong text is told nothing, whereas the page that says so lets him search.

    Args:
        path: The path as it was asked for.
        types: Types to look for.
    """
    slug = slugify(path.strip("/").rpartition("/")[2])
    if not slug:
        return None
    found = await _listed(ListingQuery(types=tuple(types), slug=slug, per_page=2, count=False))
    if not found and len(slug) >= _SHORTEST and not is_reserved(slug, at_root=False):
        found = await _beginning(slug, tuple(types))
    return found[0] if len(found) == 1 else None


async def _beginning(slug: str, types: tuple[str, ...]) -> tuple[PostView, ...]:
    """Return two posts at most whose slugs begin so: found in the order of the index, however many there are."""
    column = 'slug COLLATE "C"' if current_database().kind == "postgres" else "slug"
    rows = await execute(
        "SELECT id FROM posts WHERE tenant_id = {tenant} AND status = 'publish' AND deleted_at IS NULL"  # noqa: S608  # written here
        f" AND {column} >= {{}} AND {column} < {{}} AND {one_of('post_type', len(types))}"
        f" ORDER BY {column} LIMIT 2",
        slug,
        slug[:-1] + chr(ord(slug[-1]) + 1),
        *types,
    )
    if not rows:
        return ()
    ids = tuple(row["id"] for row in rows)
    return await _listed(ListingQuery(types=types, ids=ids, per_page=2, count=False))


async def _listed(query: ListingQuery) -> tuple[PostView, ...]:
    """Return what a list holds, as plugins let it: they may hide posts from lists."""
    return (await list_posts(query, "guess", parts=False)).items
