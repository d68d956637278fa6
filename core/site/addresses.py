"""Addresses that only the site's own pages have: numbered pages, parts, feeds, searches, archives of types."""

from urllib.parse import quote

from core.content import split_structure, type_path
from core.contract.content import ContentType
from core.contract.views import PostView
from core.site.resolve import Feed
from core.tenancy import site_settings

__all__ = ["feed_url", "page_url", "part_url", "post_feed_url", "search_path", "type_archive_path"]


def _plain() -> bool:
    return split_structure(site_settings().permalink_structure).plain


def _slash() -> str:
    return split_structure(site_settings().permalink_structure).slash


def page_url(path: str, number: int) -> str:
    """Return the address of a numbered page of a list that stands at `path`."""
    if number == 1:
        return path
    if "?" in path:
        return f"{path}&paged={number}"
    if _plain():
        return f"{path}?paged={number}"
    return f"{path.rstrip('/')}/page/{number}{_slash()}"


def part_url(post: PostView, number: int) -> str:
    """Return the address of a part of a paged post. Those of the front page count like a list's pages."""
    if number == 1:
        return post.url
    if "?" in post.url:
        return f"{post.url}&page={number}"
    if post.url == "/":
        return page_url("/", number)
    return f"{post.url.rstrip('/')}/{number}{_slash()}"


def feed_url(path: str, feed: Feed = "rss") -> str:
    """Return the address of the feed of a list that stands at `path`."""
    if "?" in path:
        return f"{path}&feed={'atom' if feed == 'atom' else 'rss2'}"
    return f"{path.rstrip('/')}/feed/{'atom/' if feed == 'atom' else ''}"


def post_feed_url(post: PostView, feed: Feed = "rss") -> str:
    """Return the address of the feed of one post, if a plugin brings one: that of the front page is the site's own."""
    return feed_url(f"/?page_id={post.number}" if post.url == "/" else post.url, feed)


def search_path(words: str) -> str:
    """Return the pretty address of a search."""
    return f"/search/{quote(words, safe='/')}/"


def type_archive_path(kind: ContentType) -> str:
    """Return the address of the archive of a content type."""
    return f"/?post_type={kind.name}" if _plain() else f"/{quote(type_path(kind))}{_slash()}"
