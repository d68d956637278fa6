"""The newest comments of the site or of one post, as RSS 2.0 and Atom 1.0."""

from typing import Any, Literal

from litestar import Request, Response, get

from core.contract.feeds import FeedEntry, PostFeed
from core.contract.views import PostView
from core.i18n import gettext as _
from core.site import feed_response
from core.tenancy import site_settings
from core.text import excerpt_of
from plugins.comments.listing import CommentQuery, list_comments, posts_of
from plugins.comments.operations import is_open, takes_comments
from plugins.comments.text import comment_html
from plugins.comments.threads import add_query
from plugins.comments.views import CommentView

__all__ = ["comments_feed", "feed_below", "newest_shown"]

_OPT = {"capability": "public"}


async def feed_below(post: PostView) -> PostFeed | None:
    """Return the newest approved comments on a post, None where its page has no discussion either."""
    count = int((post.ext.get("comments") or {}).get("count", 0))
    if not takes_comments(post) or not (count or is_open(post)):
        return None
    found = await list_comments(
        CommentQuery(
            statuses=("approved",), post_id=post.id, per_page=site_settings().feed_items, count=False
        )
    )
    title = _("Comments on {title}").format(title=post.title)
    return PostFeed(
        title=title, description=title, entries=tuple(_entry(comment, post) for comment in found.items)
    )


def _entry(comment: CommentView, post: PostView) -> FeedEntry:
    return FeedEntry(
        title=_("{name} on {title}").format(name=comment.author_name or _("Somebody"), title=post.title),
        path=add_query(post.url, f"comment-{comment.number}"),
        identity=f"/comments/{post.number}#{comment.number}",
        summary=excerpt_of(comment.content),
        html=comment_html(comment.content),
        author=comment.author_name,
        published=comment.created_at,
        updated=comment.updated_at,
    )


async def _feed(request: Request[Any, Any, Any], kind: Literal["rss", "atom"]) -> Response[Any]:
    """Return the newest approved comments on posts that everybody may read."""
    site = site_settings()
    title = _("Comments on {site}").format(site=site.title)
    return feed_response(
        request,
        kind,
        title=title,
        description=title,
        path="/",
        entries=[_entry(comment, post) for comment, post in await newest_shown(site.feed_items)],
        own_path="/comments/feed/" + ("atom/" if kind == "atom" else ""),
    )


async def newest_shown(count: int) -> list[tuple[CommentView, PostView]]:
    """Return the newest approved comments on posts that everybody may read, with those."""
    # more than are shown: some may stand on posts that are private or ask for a password
    found = await list_comments(
        CommentQuery(statuses=("approved",), per_page=min(count * 3, 100), count=False)
    )
    posts = await posts_of(found.items, public=True)
    shown = [(comment, posts[comment.post_id]) for comment in found.items if comment.post_id in posts]
    return shown[:count]


@get("/comments/feed", opt=_OPT, include_in_schema=False)
async def rss(request: Request[Any, Any, Any]) -> Response[Any]:
    """Answer with RSS 2.0."""
    return await _feed(request, "rss")


@get("/comments/feed/atom", opt=_OPT, include_in_schema=False)
async def atom(request: Request[Any, Any, Any]) -> Response[Any]:
    """Answer with Atom 1.0."""
    return await _feed(request, "atom")


comments_feed = [rss, atom]
