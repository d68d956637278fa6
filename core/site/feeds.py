"""RSS 2.0 and Atom 1.0 of any list: the newest posts, whole where their author lets them be read whole."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from io import StringIO
from typing import Any, Final, Literal

from feedgenerator import Atom1Feed, Rss201rev2Feed
from litestar import Request, Response

from core.clock import now
from core.content import list_posts
from core.contract.feeds import FeedEntry
from core.contract.views import PostView
from core.errors import NotFound
from core.site.addresses import feed_url, post_feed_url
from core.site.answers import answer
from core.site.lookups import FoundFeed, FoundList
from core.site.pages import site_view

__all__ = ["feed_of", "feed_of_post", "feed_response"]

FeedKind = Literal["rss", "atom"]

_NO_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_OWN_ADDRESS: Final = re.compile(r"""(\s(?:href|src|poster|cite)=["'])(/(?!/))""", re.I)
_OWN_SOURCE: Final = re.compile(r"""(\ssrcset=["'])([^"']*)""", re.I)
_MAX_AGE: Final = 300
_CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"


class _Rss(Rss201rev2Feed):  # type: ignore[misc]  # the library has no types
    """RSS 2.0 with the whole text as `content:encoded`, and no time of its own."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": _CONTENT}

    def add_item_elements(self, handler: Any, item: Any) -> None:
        super().add_item_elements(handler, item)
        if item["content"]:
            handler.addQuickElement("content:encoded", item["content"])

    def latest_post_date(self) -> datetime:
        changed: datetime = self.feed["changed"]
        return changed


class _Atom(Atom1Feed):  # type: ignore[misc]  # as above
    """Atom 1.0 with no time of its own."""

    def latest_post_date(self) -> datetime:
        changed: datetime = self.feed["changed"]
        return changed


async def feed_of(request: Request[Any, Any, Any], found: FoundList, kind: FeedKind) -> Response[Any]:
    """Return the newest posts of a list as a feed.

    Raises:
        NotFound: The list has to hold something, and does not; or it is not the first page.
    """
    posts: Sequence[PostView] = ()
    if found.asks:
        posts = (await list_posts(found.query, "feed", html="full")).items
    if not posts and (found.must_hold or found.query.page > 1):
        raise NotFound
    archive, site = found.archive, site_view()
    title = site.title if found.path == "/" else f"{archive.title} – {site.title}"
    return feed_response(
        request,
        kind,
        title=title,
        description=archive.description or site.tagline or title,
        path=found.path,
        entries=[_entry(post) for post in posts],
    )


def feed_of_post(request: Request[Any, Any, Any], found: FoundFeed, kind: FeedKind) -> Response[Any]:
    """Return the feed that a plugin brought for a post."""
    return feed_response(
        request,
        kind,
        title=found.feed.title,
        description=found.feed.description,
        path=found.post.url,
        entries=found.feed.entries,
        own_path=post_feed_url(found.post, kind),
    )


def _entry(post: PostView) -> FeedEntry:
    return FeedEntry(
        title=post.title,
        path=post.url,
        identity=f"/?p={post.number}",
        summary=post.summary,
        html=post.html if post.unlocked else "",
        author=post.author.name,
        published=post.published_at,
        updated=post.updated_at,
        categories=tuple(term.name for terms in post.terms.values() for term in terms),
    )


def feed_response(
    request: Request[Any, Any, Any],
    kind: FeedKind,
    *,
    title: str,
    description: str,
    path: str,
    entries: Sequence[FeedEntry],
    own_path: str = "",
) -> Response[Any]:
    """Return a feed; for plugins that have one of their own, too.

    Args:
        request: Whose answer it is.
        kind: "rss" or "atom".
        title: Title of the feed, plain text.
        description: What it is about, plain text.
        path: Address on the site of the page that shows the same.
        entries: What is in it, the newest first.
        own_path: Address on the site of the feed; made from `path` unless given.
    """
    site = site_view()
    changed = max(
        (moment for entry in entries for moment in (entry.updated, entry.published) if moment is not None),
        default=None,
    )
    feed = (_Atom if kind == "atom" else _Rss)(
        title=_clean(title),
        link=site.url + path,
        description=_clean(description),
        language=site.language,
        feed_url=site.url + (own_path or feed_url(path, kind)),
        changed=changed or now(),
    )
    for entry in entries:
        feed.add_item(
            title=_clean(entry.title),
            link=site.url + entry.path,
            description=_clean(escape(entry.summary, quote=False)),
            content=_clean(absolute(entry.html, site.url)) or None,
            author_name=_clean(entry.author) or None,
            pubdate=entry.published,
            updateddate=entry.updated or entry.published or changed,
            unique_id=site.url + entry.identity,
            unique_id_is_permalink=False,
            categories=[_clean(name) for name in entry.categories],
        )
    out = StringIO()
    feed.write(out, "utf-8")
    return answer(
        request,
        out.getvalue().encode("utf-8"),
        media_type=f"application/{kind}+xml; charset=utf-8",
        max_age=_MAX_AGE,
        changed=changed,
        dated=True,
    )


def _clean(text: str) -> str:
    """Return text without the characters that XML 1.0 can't hold."""
    return _NO_XML.sub("", text)


def absolute(html: str, base: str) -> str:
    """Return HTML whose addresses on the site begin with `base`: feed readers show it elsewhere."""
    html = _OWN_ADDRESS.sub(lambda found: f"{found[1]}{base}{found[2]}", html)

    def sources(found: re.Match[str]) -> str:
        parts = (part.strip() for part in found[2].split(","))
        kept = (base + part if part.startswith("/") and not part.startswith("//") else part for part in parts)
        return found[1] + ", ".join(kept)

    return _OWN_SOURCE.sub(sources, html)
