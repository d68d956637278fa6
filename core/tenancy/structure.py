"""A site's permalink structure, checked and taken apart."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import msgspec

from core.i18n import gettext as _

__all__ = ["STRUCTURE_TAGS", "Structure", "split_structure", "structure_complaint"]

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
_TAKEN: Final = frozenset({"-", "_site", "admin", "api", "media", "search", "static"})
"""First segments that never reach the posts."""


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


def structure_complaint(text: str) -> str | None:
    """Tell why posts can't have addresses by a structure, None if they can: for the check of the setting."""
    tags = _TAG.findall(text)
    segments = text.split("/")
    literal = _TAG.sub("", text)
    unknown = [tag for tag in tags if tag not in STRUCTURE_TAGS]
    if not text:
        return None
    if unknown:
        return _("There is no tag %{tag}%.").format(tag=unknown[0])
    if len(set(tags)) != len(tags):
        return _("A tag can stand in it only once.")
    if "%" in literal:
        return _("A percent sign is left over.")
    if not {"postname", "post_id"} & set(tags):
        return _("It needs %postname% or %post_id%, so that each post has an address of its own.")
    if not text.startswith("/"):
        return _("It begins with a slash.")
    if "" in segments[1:-1] or {".", ".."} & set(segments):
        return _("There has to be something between two slashes.")
    if segments[1] in _TAKEN or segments[-1 if segments[-1] else -2] == "feed":
        return _("The site has other addresses of this kind.")
    return None
