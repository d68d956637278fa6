"""Comments as the API sends them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from plugins.comments.listing import posts_of
from plugins.comments.text import clean_url, comment_html
from plugins.comments.threads import add_query
from plugins.comments.views import CommentKind, CommentStatus, CommentView, numbers_of

__all__ = ["CommentOut", "CommentPage", "items_of"]


class CommentOut(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=False, rename="camel"):
    """A comment."""

    number: int
    post: int
    """Number of its post."""
    parent: int | None
    """Number of the comment that it answers, if that is shown."""
    kind: CommentKind
    status: CommentStatus
    author_name: str
    author_url: str
    html: str
    url: str
    created_at: datetime
    version: int
    content: str | msgspec.UnsetType = msgspec.UNSET
    """As stored; for moderators."""
    author_email: str | msgspec.UnsetType = msgspec.UNSET
    """For moderators."""


class CommentPage(msgspec.Struct, kw_only=True, frozen=True):
    """A page of comments."""

    items: list[CommentOut]
    next: str | None = None
    """Address of the next page."""
    cursor: str | None = None


async def items_of(comments: Sequence[CommentView], base: str, *, everything: bool) -> list[CommentOut]:
    """Return comments as they are sent; those on posts that the reader may not see are left out.

    Args:
        comments: The comments.
        base: Scheme and host that addresses begin with.
        everything: For moderators: what visitors don't see, too.
    """
    posts = await posts_of(comments, public=not everything)
    parents = await numbers_of(comment.parent_id for comment in comments)
    found = []
    for comment in comments:
        post = posts.get(comment.post_id)
        if post is None:
            continue
        extra: dict[str, Any] = {}
        if everything:
            extra = {"content": comment.content, "author_email": comment.author_email}
        found.append(
            CommentOut(
                number=comment.number,
                post=post.number,
                parent=parents.get(comment.parent_id) if comment.parent_id is not None else None,
                kind=comment.kind,
                status=comment.status,
                author_name=comment.author_name,
                author_url=clean_url(comment.author_url) or "",
                html=comment_html(comment.content),
                url=base + add_query(post.url, f"comment-{comment.number}"),
                created_at=comment.created_at,
                version=comment.version,
                **extra,
            )
        )
    return found
