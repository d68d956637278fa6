"""A site's permalink structure, taken apart; and addresses that are made of nothing else, an author's."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlencode

import msgspec

from core.tenancy.enter import site_settings

__all__ = ["STRUCTURE_TAGS", "Structure", "author_path", "split_structure"]

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


def author_path(slug: str, number: int = 0) -> str:
    """Return the address of an author's archive."""
    structure = split_structure(site_settings().permalink_structure)
    if structure.plain:
        return "/?" + urlencode({"author": number} if number else {"author_name": slug})
    return f"{structure.front}author/{quote(slug)}{structure.slash}"
