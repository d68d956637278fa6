"""Searches of readers: who knows what fits best is asked, and the posts are read in that order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from core.content.sql import any_of
from core.content.views import Bring, select_posts
from core.contract.content import ListingQuery, SearchAnswer
from core.contract.views import PostView
from core.hooks import apply_filters
from hookspecs import content as hooks

__all__ = ["ask_who_knows", "highlighted", "rows_in_order"]


async def ask_who_knows(query: ListingQuery) -> SearchAnswer | None:
    """Return what a plugin found, None if none looked: a search in anything but public posts is for the core."""
    if not query.by_words or not query.search or query.statuses != ("publish",) or query.position:
        return None
    return await apply_filters(hooks.filter_search, None, query)


async def rows_in_order(ids: Sequence[UUID], *, bring: Bring) -> list[dict[str, Any]]:
    """Return the rows of these posts that are still public, in this order."""
    if not ids:
        return []
    chosen, args = any_of("posts.id", ids)
    # the status is looked at here: SQLite would look for it in an index, and read every published post
    rows = [
        row
        for row in await select_posts(f"posts.deleted_at IS NULL AND {chosen}", args, bring=bring)
        if row["status"] == "publish"
    ]
    places = {post_id: place for place, post_id in enumerate(ids)}
    return sorted(rows, key=lambda row: places[row["id"]])


def highlighted(posts: Sequence[PostView], answer: SearchAnswer) -> tuple[PostView, ...]:
    """Return views with what of them fits the search. What a password hides stays hidden."""
    return tuple(
        msgspec.structs.replace(post, highlight=answer.highlights[post.id])
        if post.unlocked and post.id in answer.highlights
        else post
        for post in posts
    )
