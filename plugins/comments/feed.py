"""The newest comments of the site, as RSS 2.0 and Atom 1.0."""

from io import StringIO
from typing import Any, Literal

from feedgenerator import Atom1Feed, Rss201rev2Feed
from litestar import Request, Response, get

from core.context import current_tenant
from core.i18n import gettext as _
from core.mail import site_origin
from core.tenancy import site_settings
from core.text import excerpt_of
from plugins.comments.listing import CommentQuery, list_comments, posts_of
from plugins.comments.text import comment_html
from plugins.comments.threads import add_query

__all__ = ["comments_feed"]

_OPT = {"capability": "public"}


async def _feed(kind: Literal["rss", "atom"]) -> Response[bytes]:
    """Return the newest approved comments on posts that everybody may read."""
    site, base = site_settings(), site_origin(current_tenant())
    title = _("Comments on {site}").format(site=site.title)
    builder = Atom1Feed if kind == "atom" else Rss201rev2Feed
    feed = builder(
        title=title,
        link=f"{base}/",
        description=title,
        language=site.language,
        feed_url=f"{base}/comments/feed/" + ("atom/" if kind == "atom" else ""),
    )
    for comment, post in await _newest(site.feed_items):
        feed.add_item(
            title=_("{name} on {title}").format(name=comment.author_name or _("Somebody"), title=post.title),
            link=add_query(base + post.url, f"comment-{comment.number}"),
            description=excerpt_of(comment.content),
            content=comment_html(comment.content),
            author_name=comment.author_name,
            pubdate=comment.created_at,
            updateddate=comment.updated_at,
            unique_id=f"{base}/comments/{post.number}#{comment.number}",
            unique_id_is_permalink=False,
        )
    out = StringIO()
    feed.write(out, "utf-8")
    return Response(
        out.getvalue().encode("utf-8"),
        media_type=f"application/{'atom' if kind == 'atom' else 'rss'}+xml; charset=utf-8",
        headers={"cache-control": "public, max-age=300"},
    )


async def _newest(count: int) -> list[tuple[Any, Any]]:
    # more than are shown: some may stand on posts that are private or ask for a password
    found = await list_comments(
        CommentQuery(statuses=("approved",), per_page=min(count * 3, 100), count=False)
    )
    posts = await posts_of(found.items, public=True)
    shown = [(comment, posts[comment.post_id]) for comment in found.items if comment.post_id in posts]
    return shown[:count]


@get("/comments/feed", opt=_OPT, include_in_schema=False)
async def rss(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Answer with RSS 2.0."""
    return await _feed("rss")


@get("/comments/feed/atom", opt=_OPT, include_in_schema=False)
async def atom(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Answer with Atom 1.0."""
    return await _feed("atom")


comments_feed = [rss, atom]
