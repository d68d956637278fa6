"""From an address to what it asks for. No database here: lookups come after."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

import msgspec

from core.content import content_types, split_structure, taxonomies
from core.content import type_path as path_of_type
from core.contract.content import ContentType, Taxonomy
from core.tenancy import site_settings
from core.text import whole_number

__all__ = ["Feed", "Target", "resolve"]

Feed = Literal["", "rss", "atom"]

_FEED: Final = re.compile(r"(?:(.*)/)?feed(?:/(rss2|rss|rdf|atom))?")
_PAGE: Final = re.compile(r"(?:(.*)/)?page/([0-9]{1,9})")
_COMMENT_PAGE: Final = re.compile(r"(.+)/comment-page-[0-9]{1,9}")
_PART: Final = re.compile(r"(.+)/([0-9]{1,4})")
_NUMBER: Final = re.compile(r"[0-9]+")
_DATE: Final = re.compile(r"([0-9]{4})(?:/([0-9]{1,2}))?(?:/([0-9]{1,2}))?")
_COMPACT_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})?([0-9]{2})?[0-9]{0,6}")
_FEEDS: Final[Mapping[str, Feed]] = {"atom": "atom", "rss": "rss", "rss2": "rss", "rdf": "rss", "feed": "rss"}
_LONGEST_SEARCH: Final = 200
_INDEX: Final = "index.php"
"""Sites that come from WordPress may have had it in their addresses."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What an address asks for. The first of its readings that leads to something is right."""

    kind: Literal["front", "search", "author", "date", "term", "type", "post", "number"]
    page: int = 1
    """Which page of a list."""
    feed: Feed = ""
    query: str = ""
    """The words of a search."""
    pretty: bool = True
    """False for a search as a form sends it (`/?s=`)."""
    newest: bool = False
    """A search that lists the newest first, not what fits best."""
    slug: str = ""
    """Of an author, or of a term with those above it."""
    number: int = 0
    """Of a post, an author or a category, where the address names one by it; of a search in a category."""
    taxonomy: str = ""
    type: str = ""
    year: int = 0
    month: int = 0
    day: int = 0
    path: str = ""
    """Slugs of a post from the root of its type."""
    types: tuple[str, ...] = ()
    """Types that may have a post at `path`, the likelier first."""
    part: int = 1
    """Which part of a paged post."""


def resolve(path: str, query: Mapping[str, str]) -> tuple[Target, ...]:
    """Return the readings of an address, the likeliest first; none if nothing of the site can be there.

    Slugs are in small letters, so that `/About/` finds `/about/`, where the reader is then led to.

    Args:
        path: The decoded path, beginning with a slash.
        query: Query parameters, the last value of each.
    """
    rest = path.strip("/")
    if rest == _INDEX or rest.startswith(_INDEX + "/"):
        rest = rest[len(_INDEX) :].strip("/")
    feed: Feed = _FEEDS.get(query.get("feed", ""), "")
    if found := _FEED.fullmatch(rest):
        rest, feed = found[1] or "", _FEEDS[found[2] or "feed"]
    page = whole_number(query.get("paged", "")) or 1
    if found := _PAGE.fullmatch(rest):
        rest, page = found[1] or "", int(found[2]) or 1
    if found := _COMMENT_PAGE.fullmatch(rest):
        rest = found[1]
    readings = (_by_query(query) if not rest else ()) or _by_path(rest)
    if rest and (part := whole_number(query.get("page", ""))):
        readings = tuple(
            msgspec.structs.replace(target, part=part) if target.part == 1 else target for target in readings
        )
    return tuple(msgspec.structs.replace(target, page=page, feed=feed) for target in readings)


def _by_query(query: Mapping[str, str]) -> tuple[Target, ...]:
    """Read a plain address: WordPress's public query variables on the front page."""
    if "s" in query:
        return (_search_by_query(query),)
    part = whole_number(query.get("page", "")) or 1
    for name in ("p", "page_id"):
        if query.get(name, "").isdigit():
            return (Target(kind="number", number=whole_number(query[name]), part=part),)
    if path := query.get("pagename", "").strip("/"):
        return (Target(kind="post", path=path.lower(), types=("page",), part=part),)
    if slug := query.get("name", ""):
        return (Target(kind="post", path=slug.lower(), types=("post",), part=part),)
    return _term_by_query(query) or _list_by_query(query)


def _search_by_query(query: Mapping[str, str]) -> Target:
    return Target(
        kind="search",
        query=_words(query["s"]),
        pretty=False,
        number=whole_number(query.get("cat", "")),
        type=query.get("post_type", ""),
        newest=query.get("orderby") == "date",
    )


def _term_by_query(query: Mapping[str, str]) -> tuple[Target, ...]:
    if number := whole_number(query.get("cat", "")):
        return (Target(kind="term", taxonomy="category", number=number),)
    if slug := query.get("category_name", ""):
        return (Target(kind="term", taxonomy="category", slug=slug.lower()),)
    if slug := query.get("tag", ""):
        return (Target(kind="term", taxonomy="post_tag", slug=slug.lower()),)
    if query.get("taxonomy") and query.get("term"):
        return (Target(kind="term", taxonomy=query["taxonomy"], slug=query["term"].lower()),)
    return ()


def _list_by_query(query: Mapping[str, str]) -> tuple[Target, ...]:
    if number := whole_number(query.get("author", "")):
        return (Target(kind="author", number=number),)
    if slug := query.get("author_name", ""):
        return (Target(kind="author", slug=slug.lower()),)
    if found := _COMPACT_DATE.fullmatch(query.get("m", "")):
        return _dated(*found.groups())
    if query.get("year"):
        return _dated(query["year"], query.get("monthnum"), query.get("day"))
    if name := query.get("post_type", ""):
        return (Target(kind="type", type=name),)
    return ()


def _words(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_SEARCH]


def _dated(*parts: str | None) -> tuple[Target, ...]:
    year, month, day = (whole_number(part or "0") for part in parts)
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return ()
    return (Target(kind="date", year=year, month=month, day=day if month else 0),)


def _after(rest: str, prefix: str) -> str | None:
    """Return what follows a literal beginning of the path, None if it begins otherwise."""
    prefix = prefix.strip("/")
    if not prefix:
        return rest
    if rest == prefix:
        return ""
    return rest[len(prefix) + 1 :] if rest.startswith(prefix + "/") else None


def _by_path(rest: str) -> tuple[Target, ...]:
    if not rest:
        return (Target(kind="front"),)
    structure = split_structure(site_settings().permalink_structure)
    if found := _after(rest, "search"):
        return (Target(kind="search", query=_words(found)),)
    if author := _after(rest, structure.front + "author"):
        return (Target(kind="author", slug=author.lower()),)
    for taxonomy in taxonomies():
        if taxonomy.public and (slug := _after(rest, structure.front + _base(taxonomy))):
            return (Target(kind="term", taxonomy=taxonomy.name, slug=slug.lower()),)
    readings: list[Target] = []
    dated = _after(rest, structure.date_front)
    if dated and (match := _DATE.fullmatch(dated)):
        readings += _dated(*match.groups())
    for kind in content_types():
        if kind.public and kind.name not in ("post", "page"):
            readings += _of_type(kind, rest)
    readings += _of_posts(rest)
    return tuple(readings)


def _base(taxonomy: Taxonomy) -> str:
    site = site_settings()
    if taxonomy.name == "category":
        return site.category_base
    if taxonomy.name == "post_tag":
        return site.tag_base
    return taxonomy.rewrite or taxonomy.name


def _of_type(kind: ContentType, rest: str) -> list[Target]:
    below = _after(rest, path_of_type(kind))
    if below is None:
        return []
    if below == "":
        return [Target(kind="type", type=kind.name)] if kind.has_archive else []
    return [
        Target(kind="post", path=path.lower(), types=(kind.name,), part=part) for path, part in _parts(below)
    ]


def _of_posts(rest: str) -> list[Target]:
    """Read the path as a page's, then as a post's by the structure; each also as a part of a paged one."""
    structure = split_structure(site_settings().permalink_structure)
    readings = []
    for path, part in _parts(rest):
        values = structure.match("/" + path) or {}
        name = values.get("postname") or ""
        if not any(_NUMBER.fullmatch(segment) for segment in path.split("/")):  # no page has such a slug
            types = ("page", "post") if name == path else ("page",)  # one lookup for both
            readings.append(Target(kind="post", path=path.lower(), types=types, part=part))
        if name == path:
            continue
        if number := whole_number(values.get("post_id") or ""):
            readings.append(Target(kind="number", number=number, part=part))
        elif name:
            readings.append(Target(kind="post", path=name.lower(), types=("post",), part=part))
    return readings


def _parts(rest: str) -> list[tuple[str, int]]:
    readings = [(rest, 1)]
    if found := _PART.fullmatch(rest):
        readings.append((found[1], int(found[2])))
    return readings
