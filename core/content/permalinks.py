"""Addresses of posts, terms, authors and dates, built as the site's permalink structure says.

The structure is WordPress's: tags in percent signs between literal text, "" for plain addresses with
a query. Paths are on the site, without scheme and host, and stand in the site's time zone.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import msgspec

from core.content.types import content_type, taxonomy
from core.contract.content import ContentType, Taxonomy
from core.errors import Invalid
from core.i18n import gettext as _
from core.tenancy import SiteSettings, site_settings

__all__ = [
    "STRUCTURE_TAGS",
    "PathParts",
    "Structure",
    "author_path",
    "check_structure",
    "date_path",
    "names_category",
    "post_path",
    "site_zone",
    "split_structure",
    "term_path",
    "type_path",
]

STRUCTURE_TAGS: Final[Mapping[str, str]] = {
    "year": r"[0-9]{4}",
    "monthnum": r"[0-9]{2}",
    "day": r"[0-9]{2}",
    "hour": r"[0-9]{2}",
    "minute": r"[0-9]{2}",
    "second": r"[0-9]{2}",
    "post_id": r"[0-9]{1,18}",
    "postname": r"[^/]+",
    "category": r"[^/]+(?:/[^/]+)*?",
    "author": r"[^/]+",
}
"""Tags of a permalink structure, with what stands in their place in an address."""

_TAG: Final = re.compile(r"%([a-z_]+)%")
_PRETTY: Final = ("publish", "private", "future")
_UNCATEGORIZED: Final = "uncategorized"


class Structure(msgspec.Struct, frozen=True, kw_only=True):
    """A permalink structure, taken apart once."""

    text: str
    parts: tuple[str, ...]
    """Literal text and tag names by turns; literal first, "" where two tags meet."""
    tags: frozenset[str]
    front: str
    """Literal text before the first tag, such as "/" or "/archives/": terms, authors and dates begin with it."""
    date_front: str
    """What date archives begin with: the front, and "date/" where a bare number would be a post."""
    slash: str
    """"/" if addresses end with one."""
    pattern: re.Pattern[str] | None
    """Matches the path of a post, without anything after it; None for plain addresses."""

    @property
    def plain(self) -> bool:
        """Whether addresses are queries, such as `/?p=12`."""
        return not self.parts

    def match(self, path: str) -> dict[str, str] | None:
        """Return the values of the tags in a post's path, with or without the final slash; None if it is none."""
        if self.pattern is None:
            return None
        found = self.pattern.fullmatch(path.rstrip("/") or "/")
        return found.groupdict() if found is not None else None


@lru_cache(maxsize=256)
def split_structure(text: str) -> Structure:
    """Take a permalink structure apart; "" is the plain one."""
    if not text:
        return Structure(
            text="", parts=(), tags=frozenset(), front="/", date_front="/", slash="/", pattern=None
        )
    parts = tuple(_TAG.split(text))
    tags = parts[1::2]
    front = parts[0] if tags else "/"
    front = front if front.endswith("/") else front.rpartition("/")[0] + "/"
    date_front = f"{front}date/" if "post_id" in tags[:3] else front
    pattern = "".join(
        f"(?P<{part}>{STRUCTURE_TAGS[part]})" if index % 2 else re.escape(part)
        for index, part in enumerate(parts)
    ).rstrip("/")
    return Structure(
        text=text,
        parts=parts,
        tags=frozenset(tags),
        front=front,
        date_front=date_front,
        slash="/" if text.endswith("/") else "",
        pattern=re.compile(pattern),
    )


def check_structure(text: str) -> None:
    """Refuse a structure by which posts could not be told apart.

    Raises:
        Invalid: An unknown tag, one twice, or neither `%postname%` nor `%post_id%`; under "permalink_structure".
    """
    if not text:
        return
    tags = _TAG.findall(text)
    unknown = [tag for tag in tags if tag not in STRUCTURE_TAGS]
    wrong = ""
    if unknown:
        wrong = _("There is no tag %{tag}%.").format(tag=unknown[0])
    elif len(set(tags)) != len(tags):
        wrong = _("A tag can stand in it only once.")
    elif "%" in _TAG.sub("", text):
        wrong = _("A percent sign is left over.")
    elif not {"postname", "post_id"} & set(tags):
        wrong = _("It needs %postname% or %post_id%, so that each post has an address of its own.")
    elif not text.startswith("/"):
        wrong = _("It begins with a slash.")
    if wrong:
        raise Invalid({"permalink_structure": wrong})


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


def author_path(slug: str, number: int = 0) -> str:
    """Return the address of an author's archive."""
    structure = _structure()
    if structure.plain:
        return _query(author=number) if number else _query(author_name=slug)
    return f"{structure.front}author/{quote(slug)}{structure.slash}"


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
    local = parts.at.astimezone(site_zone())
    match tag:
        case "year":
            return f"{local.year:04}"
        case "monthnum":
            return f"{local.month:02}"
        case _:
            return f"{getattr(local, tag):02}"
