"""Meta values read whole, private keys included. Views carry the public ones of posts by themselves."""

from uuid import UUID

from core.content.tables import PostMeta, TermMeta

__all__ = ["post_meta", "term_meta"]


async def post_meta(post_id: UUID) -> dict[str, tuple[str, ...]]:
    """Return the meta of a post by key, also what a leading underscore keeps from views. For plugins; asks no rights."""
    rows = await (
        PostMeta.select(PostMeta.meta_key, PostMeta.meta_value)
        .where(PostMeta.post_id == post_id)
        .order_by(PostMeta.id)
    )
    return _by_key(rows)


async def term_meta(term_id: UUID) -> dict[str, tuple[str, ...]]:
    """Return the meta of a term by key. For plugins; asks no rights."""
    rows = await (
        TermMeta.select(TermMeta.meta_key, TermMeta.meta_value)
        .where(TermMeta.term_id == term_id)
        .order_by(TermMeta.id)
    )
    return _by_key(rows)


def _by_key(rows: list[dict[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row["meta_key"]] = (*found.get(row["meta_key"], ()), row["meta_value"])
    return found
