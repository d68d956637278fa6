"""Addresses of posts, terms, authors and dates, built as the site's permalink structure says.

The structure is WordPress's: tags in percent signs between literal text, "" for plain addresses with
a query. Paths are on the site, without scheme and host, and stand in the site's time zone.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import msgspec

from core.clock import local_time
from core.content.types import content_type, taxonomy
from core.contract.content import ContentType, Taxonomy
from core.tenancy import STRUCTURE_TAGS, SiteSettings, Structure, author_path, site_settings, split_structure

__all__ = [
    "STRUCTURE_TAGS",
    "PathParts",
    "Structure",
    "author_path",
    "date_path",
    "names_category",
    "post_path",
    "site_zone",
    "split_structure",
    "term_path",
    "type_path",
]

_TAG: Final = re.compile(r"%([a-z_]+)%")
_PRETTY: Final = ("publish", "private", "future")
_UNCATEGORIZED: Final = "uncategorized"


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def site_zone() -> ZoneInfo:
    """Return the time zone of the current site."""
    return _zone(site_settings().timezone)


def _structure() -> Structure:
    return split_structure(site_settings().permalink_structure)


def names_category() -> bool:
    """Tell whether the address of a post can't be built without its category."""
    return "category" in _structure().tags


def _query(**values: Any) -> str:
    return "/?" + urlencode(values)


def type_path(kind: ContentType) -> str:
    """Return the first segment of the addresses of a type's items, without slashes."""
    return kind.rewrite or kind.name


def date_path(year: int, month: int = 0, day: int = 0) -> str:
    """Return the address of a date archive: of a year, a month or a day."""
    structure = _structure()
    if structure.plain:
        return _query(m=f"{year:04}" + (f"{month:02}" if month else "") + (f"{day:02}" if day else ""))
    rest = "/".join([f"{year:04}", *([f"{month:02}"] if month else []), *([f"{day:02}"] if day else [])])
    return f"{structure.date_front}{rest}{structure.slash}"


def term_path(name: str, slug: str, path: str, number: int) -> str:
    """Return the address of a term's archive.

    Args:
        name: Its taxonomy.
        slug: Its slug.
        path: Its slugs from the root of the taxonomy, for those with a tree.
        number: Its number.
    """
    site, structure = site_settings(), _structure()
    found = taxonomy(name)
    if structure.plain:
        if name == "category":
            return _query(cat=number)
        return _query(tag=slug) if name == "post_tag" else _query(taxonomy=name, term=slug)
    full = path if found is not None and found.hierarchical and path else slug
    return f"{structure.front}{_term_base(site, name, found)}/{quote(full)}{structure.slash}"


def _term_base(site: SiteSettings, name: str, found: Taxonomy | None) -> str:
    if name == "category":
        return site.category_base
    if name == "post_tag":
        return site.tag_base
    return (found.rewrite if found is not None else "") or name


class PathParts(msgspec.Struct, kw_only=True):
    """What the address of a post is made from."""

    id: Any
    type: str
    status: str
    number: int
    slug: str
    path: str
    author: str
    at: datetime
    """Published, or made."""
    category: str = ""
    """Slugs to its category, of its oldest one where there are several."""


def post_path(parts: PathParts) -> str:
    """Return the address of a post, before any filter.

    What nobody but its writers can see has a plain one, `/?p=12`; so has everything on a site with
    the plain structure.
    """
    site, structure = site_settings(), _structure()
    status, slug = parts.status, parts.slug
    if site.front_page == "page" and parts.id == site.page_on_front and status in _PRETTY:
        return "/"
    if structure.plain or status not in _PRETTY or not slug:
        if parts.type == "page":
            return _query(page_id=parts.number)
        extra = {} if parts.type == "post" else {"post_type": parts.type}
        return _query(**extra, p=parts.number)
    if parts.type == "page":
        return f"/{quote(parts.path or slug)}{structure.slash}"
    if parts.type != "post":
        kind = content_type(parts.type)
        base = type_path(kind) if kind is not None else parts.type
        return f"/{quote(base)}/{quote(parts.path or slug)}{structure.slash}"
    return "".join(
        quote(_value(part, parts)) if index % 2 else quote(part) for index, part in enumerate(structure.parts)
    )


def _value(tag: str, parts: PathParts) -> str:
    match tag:
        case "postname":
            return parts.slug
        case "post_id":
            return str(parts.number)
        case "author":
            return parts.author
        case "category":
            return parts.category or _UNCATEGORIZED
    local = local_time(parts.at, site_zone())
    match tag:
        case "year":
            return f"{local.year:04}"
        case "monthnum":
            return f"{local.month:02}"
        case _:
            return f"{getattr(local, tag):02}"
