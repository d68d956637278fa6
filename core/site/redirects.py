"""Sending visitors to the one address that a thing has."""

from urllib.parse import unquote, urlsplit

from core.hooks import apply_filters
from core.http import safe_next
from core.site.lookups import Found, FoundList, FoundMoved, FoundPost
from core.site.pages import page_url, part_url
from core.site.resolve import Target
from hookspecs import site

__all__ = ["canonical_redirect"]


async def canonical_redirect(found: Found, targets: tuple[Target, ...], path: str, query: str) -> str:
    """Return where a request should have gone, "" if it is at the right address.

    Args:
        found: What the address leads to.
        targets: Its readings.
        path: The path as it was asked for.
        query: The query as it was asked for, without the question mark.
    """
    target = _canonical(found, targets)
    if target:
        wanted = urlsplit(target)
        asked = unquote(path)
        same = unquote(wanted.path) == asked and (not wanted.query or wanted.query == query)
        # WordPress shows a list at its plain address, too, when the structure is plain
        if same:
            target = ""
        elif query and not wanted.query and not _replaced(query):
            target = f"{target}?{query}"
    target = await apply_filters(site.filter_canonical_redirect, target, path)
    return safe_next(target, default="") if target else ""


_VARIABLES = (
    "p=",
    "page_id=",
    "cat=",
    "tag=",
    "author=",
    "author_name=",
    "category_name=",
    "m=",
    "paged=",
    "page=",
    "taxonomy=",
    "term=",
    "s=",
)


def _replaced(query: str) -> bool:
    """Tell whether the query only says what the pretty address says now."""
    return all(part.startswith(_VARIABLES) for part in query.split("&"))


def _canonical(found: Found, targets: tuple[Target, ...]) -> str:
    if isinstance(found, FoundMoved):
        return found.target
    feed = targets[0].feed if targets else ""
    if feed:
        return ""
    if isinstance(found, FoundPost):
        return part_url(found.post, found.part)
    if isinstance(found, FoundList) and found.archive.kind == "search":
        return ""
    return page_url(found.path, found.query.page)
