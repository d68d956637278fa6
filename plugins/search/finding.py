"""Looking in the index: one query a page, the best first, on both engines."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any, Final

from core.content import content_types
from core.context import current_tenant
from core.contract.content import ListingQuery, SearchAnswer
from core.db import current_database, execute
from plugins.search.highlights import highlight
from plugins.search.index import is_whole
from plugins.search.question import Words, as_fts5, as_tsquery, words_of
from plugins.search.words import key, key_of_type

__all__ = ["CAP", "find"]

CAP: Final = 1000
"""Of more posts that fit, the newest 1,000 are weighed: so a search costs the same however common its words are."""

_POSTGRES: Final = """
SELECT page.post_id, d.body, page.total FROM (
  SELECT post_id, count(*) OVER () AS total,
    row_number() OVER (ORDER BY {order} published_at DESC, post_id DESC) AS place
  FROM (
    SELECT post_id, vector, published_at FROM search_documents
    WHERE tenant_id = {{tenant}} AND vector @@ to_tsquery('simple', {{}}) {when}
    ORDER BY published_at DESC, post_id DESC LIMIT {cap}
  ) newest
  ORDER BY place LIMIT {{}} OFFSET {{}}
) page JOIN search_documents d ON d.tenant_id = {{tenant}} AND d.post_id = page.post_id ORDER BY page.place
"""
_RANK: Final = "ts_rank(ARRAY[0.1, 0.2, 0.4, 1.0]::real[], vector, to_tsquery('simple', {}), 1) DESC,"
_PLANNED: Final = (
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true) WHERE {tenant}::uuid IS NOT NULL"
)
"""How many posts have a word decides how to look for it: a plan for whatever words took 105 ms instead of 3."""
# CROSS JOIN keeps the order of the tables: the other way round, every document would be looked for in the index.
# The newest are told by when they came into the index, in which FTS5 reads without sorting.
_SQLITE: Final = """
SELECT page.post_id, d.body, page.total FROM (
  SELECT place, post_id, score, published_at, count(*) OVER () AS total FROM (
    SELECT d.rowid AS place, d.post_id, d.published_at, {score} AS score
    FROM search_documents_fts CROSS JOIN search_documents d ON d.rowid = search_documents_fts.rowid
    WHERE search_documents_fts MATCH {{}} AND d.tenant_id = {{tenant}} {when}
    ORDER BY search_documents_fts.rowid DESC LIMIT {cap}
  )
  ORDER BY score, published_at DESC, post_id DESC LIMIT {{}} OFFSET {{}}
) page CROSS JOIN search_documents d ON d.rowid = page.place AND d.tenant_id = {{tenant}}
ORDER BY page.score, page.published_at DESC, page.post_id DESC
"""
_SCORE: Final = "bm25(search_documents_fts, 10.0, 4.0, 1.0, 0.0)"


async def find(query: ListingQuery) -> SearchAnswer | None:
    """Return a page of what fits a search, None for questions that the index has no answer to.

    Where nothing has all of the words, what begins like them is looked for, then what has one of them.
    """
    unusual = (query.parent_id, query.parent_path, query.slug, query.ids, query.year, query.sticky_first)
    if any(unusual) or not await is_whole():
        return None
    words = words_of(query.search)
    if not words:
        return SearchAnswer(ids=(), total=0)
    for loosely in ({}, {"beginning": True}, {"beginning": True, "anyone": True}):
        rows = await _rows(query, words, **loosely)
        if rows or query.page > 1:
            break
    return SearchAnswer(
        ids=tuple(row["post_id"] for row in rows),
        total=int(rows[0]["total"]) if rows else 0,
        highlights={row["post_id"]: found for row in rows if (found := highlight(row["body"], words))},
    )


def _narrowed(query: ListingQuery) -> list[list[str]]:
    """Return the keys that a document must have, one of each list."""
    keys = [[key("t", current_tenant().id)]]
    public = {kind.name for kind in content_types() if kind.public}
    if set(query.types) < public:
        keys.append([key_of_type(name) for name in query.types])
    if query.term_ids:
        keys.append([key("c", term_id) for term_id in query.term_ids])
    if query.author_id is not None:
        keys.append([key("u", query.author_id)])
    return keys


async def _rows(
    query: ListingQuery, words: Words, *, beginning: bool = False, anyone: bool = False
) -> Sequence[dict[str, Any]]:
    when, times = "", []
    for bound, sign in ((query.published_from, ">="), (query.published_until, "<")):
        if bound is not None:
            when += f" AND published_at {sign} {{}}"
            times.append(bound.astimezone(UTC))
    limits = [query.per_page, (query.page - 1) * query.per_page]
    keys, best = _narrowed(query), query.order == "relevance"
    if current_database().kind == "postgres":
        asked = as_tsquery(words, beginning=beginning, anyone=anyone)
        narrowed = " & ".join(f"({' | '.join(one)})" for one in keys)
        sql = _POSTGRES.format(when=when, cap=CAP, order=_RANK if best else "")
        await execute(_PLANNED)
        return await execute(sql, *([asked] if best else []), f"{narrowed} & ({asked})", *times, *limits)
    asked = as_fts5(words, beginning=beginning, anyone=anyone)
    narrowed = " AND ".join("(" + " OR ".join(f'keys : "{one}"' for one in some) + ")" for some in keys)
    match = f"{narrowed} AND ({{title_words topic_words body_words}} : ({asked}))"
    sql = _SQLITE.format(when=when, cap=CAP, score=_SCORE if best else "0")
    return await execute(sql, match, *times, *limits)
