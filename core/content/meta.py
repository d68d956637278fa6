"""Meta values read whole, private keys included. Views carry the public ones of posts by themselves."""

from collections.abc import Sequence
from uuid import UUID

from core.content.tables import PostMeta, TermMeta
from core.db import execute

__all__ = ["post_meta", "posts_with_meta", "term_meta", "terms_with_meta"]


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


async def posts_with_meta(
    keys: Sequence[str], *, after: UUID | None = None, limit: int = 200
) -> dict[UUID, dict[str, str]]:
    """Return posts that have meta of one of these keys, with the first value of each, in the order of their ids.

    For plugins that take over what an import brought; asks no rights.

    Args:
        keys: Exact keys.
        after: Go on behind this post.
        limit: How many posts at most; fewer come at the end.
    """
    return await _with_meta("post_meta", "post_id", keys, after, limit)


async def terms_with_meta(
    keys: Sequence[str], *, after: UUID | None = None, limit: int = 200
) -> dict[UUID, dict[str, str]]:
    """Return terms that have meta of one of these keys. See `posts_with_meta`."""
    return await _with_meta("term_meta", "term_id", keys, after, limit)


async def _with_meta(
    table: str, owner: str, keys: Sequence[str], after: UUID | None, limit: int
) -> dict[UUID, dict[str, str]]:
    marks = ", ".join(["{}"] * len(keys))
    rows = await execute(
        f"SELECT m.{owner} AS owner_id, m.meta_key, m.meta_value FROM {table} m JOIN ("  # noqa: S608  # names of ours
        f"SELECT DISTINCT {owner} AS found FROM {table} WHERE tenant_id = {{tenant}} AND meta_key IN ({marks})"
        f" AND {owner} > {{}} ORDER BY 1 LIMIT {{}}) owners ON owners.found = m.{owner}"
        f" WHERE m.tenant_id = {{tenant}} AND m.meta_key IN ({marks}) ORDER BY m.{owner}, m.id",
        *keys,
        after or UUID(int=0),
        limit,
        *keys,
    )
    found: dict[UUID, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["owner_id"], {}).setdefault(row["meta_key"], row["meta_value"])
    return found


def _by_key(rows: list[dict[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row["meta_key"]] = (*found.get(row["meta_key"], ()), row["meta_value"])
    return found
