"""Sending visitors to the one address that a thing has."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from core.hooks import apply_filters
from core.http import safe_next
from core.site.addresses import feed_url, page_url, part_url, post_feed_url
from core.site.lookups import Found, FoundFeed, FoundList, FoundMoved, FoundPost
from core.site.resolve import Target
from hookspecs import site

__all__ = ["canonical_redirect"]

_SAID_BY_PATH: Final = frozenset(
    {
        "attachment_id",
        "author",
        "author_name",
        "cat",
        "category_name",
        "day",
        "feed",
        "m",
        "monthnum",
        "name",
        "orderby",
        "p",
        "page",
        "page_id",
        "paged",
        "pagename",
        "post_type",
        "s",
        "tag",
        "taxonomy",
        "term",
        "year",
    }
)
"""Query variables that say what the address says; whatever else a query holds goes along."""


async def canonical_redirect(
    found: Found | FoundMoved, targets: tuple[Target, ...], path: str, query: str
) -> str:
    """Return where a request should have gone, "" if it is at the right address.

    Args:
        found: What the address leads to.
        targets: Its readings.
        path: The path as it was asked for, decoded.
        query: The query as it was asked for, without the question mark.
    """
    target = _canonical(found, targets[0] if targets else None)
    asked = parse_qsl(query, keep_blank_values=True)
    if target:
        wanted = urlsplit(target)
        own = dict(parse_qsl(wanted.query, keep_blank_values=True))
        if unquote(wanted.path) == path and _says(asked, own):
            target = ""
        else:
            target = _carrying(wanted.path, own, asked)
    target = await apply_filters(site.filter_canonical_redirect, target, path)
    return safe_next(target, default="") if target else ""


def _says(asked: list[tuple[str, str]], own: Mapping[str, str]) -> bool:
    """Tell whether a query names what it has to name, and nothing that the path says."""
    named = {name: value for name, value in asked if name in _SAID_BY_PATH}
    return named == dict(own)


def _carrying(path: str, own: Mapping[str, str], asked: list[tuple[str, str]]) -> str:
    """Return an address with what its query must hold, then with what else was in the query."""
    rest = [(name, value) for name, value in asked if name not in _SAID_BY_PATH]
    query = urlencode([*own.items(), *rest])
    return f"{path}?{query}" if query else path


def _canonical(found: Found | FoundMoved, target: Target | None) -> str:
    if isinstance(found, FoundMoved):
        return found.target
    if isinstance(found, FoundPost):
        return "" if found.preview else part_url(found.post, found.part)
    if isinstance(found, FoundFeed):
        return post_feed_url(found.post, target.feed if target is not None else "rss")
    return _canonical_list(found, target)


def _canonical_list(found: FoundList, target: Target | None) -> str:
    if target is not None and target.feed:
        return feed_url(found.path, target.feed)
    return page_url(found.path, found.query.page)
