"""Types for text that people send: one line, many lines, a name, a slug.

A field says which it is (`title: Line`, `Annotated[str, line_of(60)]`), and what may not be in it is
refused where the body is decoded, never repaired or cut (security control IO08).
"""

import re
import unicodedata
from typing import Annotated, Literal

from msgspec import Meta

from core.i18n import gettext as _

__all__ = [
    "Line",
    "Name",
    "Slug",
    "Text",
    "TextKind",
    "check_text",
    "explain_kind",
    "line_of",
    "name_of",
    "slug_of",
    "text_of",
]

TextKind = Literal["line", "text", "name", "slug"]

# `$` alone would match before a final line feed in Python; the look-ahead means the same in ECMAScript.
_END = r"$(?!\n)"
_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]*" + _END
_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufff9-\ufffb\ufffe\uffff]*" + _END
_NAME = r"^[^\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]*" + _END
_SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*" + _END

_PATTERNS: dict[TextKind, re.Pattern[str]] = {
    "line": re.compile(_LINE),
    "text": re.compile(_TEXT),
    "name": re.compile(_NAME),
    "slug": re.compile(_SLUG),
}
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"\w+")
_ALIKE = ("LATIN ", "CYRILLIC ", "GREEK ", "ARMENIAN ", "CHEROKEE ", "COPTIC ")
"""Scripts whose letters are mistaken for each other; UAX 39 calls a word that mixes them suspicious."""


def _mixes_scripts(value: str) -> bool:
    if value.isascii():
        return False
    for word in _WORD.findall(value):
        if word.isascii():
            continue
        names = {unicodedata.name(letter, "") for letter in word}
        if sum(any(name.startswith(script) for name in names) for script in _ALIKE) > 1:
            return True
    return False


def check_text(value: str, kind: TextKind = "line") -> str | None:
    """Tell what is wrong with `value` as a piece of text, or None if nothing is.

    Args:
        value: Text from outside.
        kind: `line` has no line breaks, control characters or direction overrides; `text` may have
            line breaks, tabs and direction marks; `name` also has no invisible characters and no word
            that mixes look-alike scripts (Latin with Cyrillic or Greek letters); `slug` is `[a-z0-9-]`.

    Returns:
        A sentence for the person who typed it.
    """
    if _SURROGATE.search(value):
        return _("This contains half of a character. Type it again.")
    if _PATTERNS[kind].search(value) is None:
        return explain_kind(kind)
    if kind == "name" and _mixes_scripts(value):
        return _("This mixes letters of different alphabets that look alike. Use one alphabet per word.")
    return None


def explain_kind(kind: TextKind) -> str:
    """Return the sentence for text that doesn't fit the pattern of `kind`."""
    if kind == "slug":
        return _("Use lower-case letters a to z, digits and single hyphens, for example: my-page-2.")
    if kind == "text":
        return _("This contains characters that can't be shown. Type it again without them.")
    return _("This contains line breaks or invisible characters. Type it again without them.")


def _meta(kind: TextKind, pattern: str, min_length: int, max_length: int) -> Meta:
    extra: dict[str, object] = {"text": kind}
    if kind == "name":
        # no pattern can say this one; the others are said whole by theirs
        extra["check"] = _check_name
    return Meta(pattern=pattern, min_length=min_length or None, max_length=max_length, extra=extra)


def _check_name(value: str) -> str | None:
    return check_text(value, "name")


def line_of(max_length: int = 255, *, min_length: int = 0) -> Meta:
    """Describe one line of text: `title: Annotated[str, line_of(200)]`. Lengths are in characters."""
    return _meta("line", _LINE, min_length, max_length)


def text_of(max_length: int = 1_000_000, *, min_length: int = 0) -> Meta:
    """Describe text of many lines: `bio: Annotated[str, text_of(2000)]`. Lengths are in characters."""
    return _meta("text", _TEXT, min_length, max_length)


def name_of(max_length: int = 200, *, min_length: int = 1) -> Meta:
    """Describe what a person, role or thing is called. Lengths are in characters."""
    return _meta("name", _NAME, min_length, max_length)


def slug_of(max_length: int = 200, *, min_length: int = 1) -> Meta:
    """Describe the part of an address that stands for one thing. Lengths are in characters."""
    return _meta("slug", _SLUG, min_length, max_length)


Line = Annotated[str, line_of()]
Text = Annotated[str, text_of()]
Name = Annotated[str, name_of()]
Slug = Annotated[str, slug_of()]
