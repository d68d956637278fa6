"""Comments as the API sends them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from core.accounts import load_extensions
from plugins.comments.listing import posts_of
from plugins.comments.store import meta_of
from plugins.comments.text import clean_url, comment_html
from plugins.comments.threads import add_query
from plugins.comments.views import CommentKind, CommentStatus, CommentView, numbers_of

__all__ = ["CommentOut", "CommentPage", "items_of"]


class CommentOut(msgspec.Struct, kw_only=True, frozen=True, rename="camel"):
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
    ext: dict[str, Any]
    """What plugins keep with it, by plugin."""
    content: str | msgspec.UnsetType = msgspec.UNSET
    """As stored; for moderators."""
    author_email: str | msgspec.UnsetType = msgspec.UNSET
    """For moderators. The next one, too."""
    meta: dict[str, list[str]] | msgspec.UnsetType = msgspec.UNSET
    """Named values that came with it from another site."""


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
    ids = [comment.id for comment in comments]
    ext = await load_extensions("comments", ids)
    meta = await meta_of(ids) if everything else {}
    found = []
    for comment in comments:
        post = posts.get(comment.post_id)
        if post is None:
            continue
        extra: dict[str, Any] = {}
        if everything:
            kept = {key: list(values) for key, values in meta[comment.id].items()}
            extra = {"content": comment.content, "author_email": comment.author_email, "meta": kept}
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
                ext=dict(ext[comment.id]),
                **extra,
            )
        )
    return found
