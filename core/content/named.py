"""Whether what a setting names is there."""

from uuid import UUID

from core.db import execute

__all__ = ["is_category", "is_page"]


async def is_category(term_id: UUID) -> bool:
    """Tell whether the current site has a category of this id."""
    sql = "SELECT 1 AS one FROM terms WHERE tenant_id = {tenant} AND id = {} AND taxonomy = 'category'"
    return bool(await execute(sql, term_id))


async def is_page(post_id: UUID) -> bool:
    """Tell whether the current site has a page of this id, published or not, that is not in the trash."""
    sql = (
        "SELECT 1 AS one FROM posts WHERE tenant_id = {tenant} AND id = {} AND post_type = 'page'"
        " AND status <> 'trash'"
    )
    return bool(await execute(sql, post_id))
