"""The newest comments, for the dashboard."""

from typing import Any

from core.text import excerpt_of
from plugins.comments.listing import CommentQuery, list_comments, posts_of

__all__ = ["recent_comments"]

_MOST = 5


async def recent_comments() -> dict[str, Any]:
    """Return what `comments/admin/recent.html` shows."""
    found = await list_comments(CommentQuery(per_page=_MOST, count=False))
    posts = await posts_of(found.items)
    return {
        "comments": [
            {"view": comment, "post": posts.get(comment.post_id), "text": excerpt_of(comment.content, 20)}
            for comment in found.items
        ]
    }
