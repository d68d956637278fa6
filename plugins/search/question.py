"""What somebody typed, as words to look for; with synonyms, and without operators of any engine."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from core.plugins import settings
from core.tenancy import site_settings
from plugins.search.settings import SearchSettings
from plugins.search.words import spans, stems_of

__all__ = ["Words", "as_fts5", "as_tsquery", "words_of"]

Words = tuple[tuple[tuple[str, ...], ...], ...]
"""What is looked for: each of these must be there, in one of its ways; a way is stems that all must be there."""

_MOST: Final = 12
_MOST_WAYS: Final = 12


def words_of(text: str) -> Words:
    """Return what a search asks for. Words that say nothing are left out; () if nothing is left.

    Args:
        text: As somebody typed it.
    """
    language = site_settings().language
    groups = _groups(settings(SearchSettings).synonyms, language)
    typed = [word for _start, _end, word in spans(unicodedata.normalize("NFC", text))]
    found: list[tuple[tuple[str, ...], ...]] = []
    place = 0
    while place < len(typed) and len(found) < _MOST:
        ways, length = _synonyms(typed, place, groups, language)
        if ways:
            found.append(ways[:_MOST_WAYS])
        place += length
    return tuple(found)


def _ways(word: str, language: str) -> tuple[tuple[str, ...], ...]:
    return tuple((stem,) for stem in stems_of(word, language))


def _synonyms(
    typed: Sequence[str], place: int, groups: Sequence[Sequence[tuple[str, ...]]], language: str
) -> tuple[tuple[tuple[str, ...], ...], int]:
    """Return the ways of what begins at `place`, and how many typed words that is."""
    for group in groups:
        for phrase in group:
            length = len(phrase)
            here = tuple(
                stem for word in typed[place : place + length] for stem in stems_of(word, language)[:1]
            )
            if length and here == phrase:
                return tuple(group), length
    return _ways(typed[place], language), 1


@lru_cache(maxsize=64)
def _groups(text: str, language: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Return the groups of synonyms, each phrase as first stems of its words; longer phrases are looked for first."""
    groups = []
    for line in text.splitlines():
        phrases = []
        for phrase in line.split(","):
            words = [word for _start, _end, word in spans(unicodedata.normalize("NFC", phrase))]
            stems = tuple(stem for word in words for stem in stems_of(word, language)[:1])
            if stems:
                phrases.append(stems)
        if len(phrases) > 1:
            groups.append(tuple(sorted(phrases, key=len, reverse=True)))
    return tuple(groups)


def as_tsquery(words: Words, *, anyone: bool = False, beginning: bool = False) -> str:
    """Return words in the language of PostgreSQL's `to_tsquery`.

    Args:
        words: Not empty.
        anyone: One of them is enough.
        beginning: What begins like them is enough.
    """
    mark = ":*" if beginning else ""
    return (" | " if anyone else " & ").join(
        "(" + " | ".join(" & ".join(stem + mark for stem in way) for way in ways) + ")" for ways in words
    )


def as_fts5(words: Words, *, anyone: bool = False, beginning: bool = False) -> str:
    """Return words in the language of FTS5; see `as_tsquery`."""
    mark = "*" if beginning else ""
    return (" OR " if anyone else " AND ").join(
        "(" + " OR ".join("(" + " AND ".join(f'"{stem}"{mark}' for stem in way) + ")" for way in ways) + ")"
        for ways in words
    )
