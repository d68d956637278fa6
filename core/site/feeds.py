"""RSS 2.0 and Atom 1.0 of any list, and of the comments to come from a plugin."""

from io import StringIO
from typing import Literal

from feedgenerator import Atom1Feed, Rss201rev2Feed
from feedgenerator.django.utils.feedgenerator import Enclosure
from litestar import Response

from core.content import list_posts, present
from core.contract.views import PostView
from core.hooks import apply_filters
from core.site.lookups import FoundList
from core.site.pages import site_view
from hookspecs import content

__all__ = ["feed_of"]


async def feed_of(found: FoundList, kind: Literal["rss", "atom"]) -> Response[bytes]:
    """Return the newest posts of a list as a feed."""
    query = await apply_filters(content.filter_listing, found.query, "feed")
    listing = await list_posts(query, "feed", html="full", content=True)
    site = site_view()
    title = site.title if found.path == "/" else f"{found.archive.title} – {site.title}"
    builder = Atom1Feed if kind == "atom" else Rss201rev2Feed
    own = f"{site.url}{found.path.rstrip('/')}/feed/" + ("atom/" if kind == "atom" else "")
    feed = builder(
        title=title,
        link=site.url + found.path,
        description=found.archive.description or site.tagline or title,
        language=site.language,
        feed_url=own,
    )
    for post in await present(listing.items, html="full"):
        _add(feed, post, site.url)
    out = StringIO()
    feed.write(out, "utf-8")
    media_type = f"application/{'atom' if kind == 'atom' else 'rss'}+xml; charset=utf-8"
    return Response(
        out.getvalue().encode("utf-8"),
        media_type=media_type,
        headers={"cache-control": "public, max-age=300"},
    )


def _add(feed: Atom1Feed | Rss201rev2Feed, post: PostView, base: str) -> None:
    image = post.featured
    feed.add_item(
        title=post.title,
        link=base + post.url,
        description=post.summary,
        content=post.html if post.unlocked else "",
        author_name=post.author.name,
        pubdate=post.published_at,
        updateddate=post.updated_at,
        unique_id=f"{base}/?p={post.number}",
        unique_id_is_permalink=False,
        categories=[term.name for terms in post.terms.values() for term in terms],
        enclosure=Enclosure(base + image.url, "0", image.mime_type)
        if image and image.url.startswith("/")
        else None,
    )
