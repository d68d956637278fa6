"""What of a text fits a search: the words, and some around them."""

from typing import Final

from markupsafe import escape

from core.tenancy import site_settings
from plugins.search.question import Words
from plugins.search.words import spans, stems_of

__all__ = ["highlight"]

_AROUND: Final = 34
"""Words that are shown."""
_BEFORE: Final = 6
_MOST: Final = 60_000
"""Characters that are looked through."""


def highlight(body: str, words: Words) -> str:
    """Return the part of a text with the most of the words, as HTML with no element but `mark`; "" if none is in it.

    Args:
        body: Plain text.
        words: What was looked for.
    """
    stems = {stem for ways in words for way in ways for stem in way}
    language = site_settings().language
    found = list(spans(body[:_MOST]))
    fits = [bool(stems.intersection(stems_of(word, language))) for _start, _end, word in found]
    if not any(fits):
        return ""
    first = _best(fits, [stems_of(word, language) for _start, _end, word in found])
    last = min(first + _AROUND, len(found))
    pieces = ["… " if first else ""]
    place = found[first][0]
    for number in range(first, last):
        start, end, _word = found[number]
        pieces.append(str(escape(body[place:start])))
        text = str(escape(body[start:end]))
        pieces.append(f"<mark>{text}</mark>" if fits[number] else text)
        place = end
    if last < len(found):
        pieces.append(" …")
    return "".join(pieces)


def _best(fits: list[bool], stems: list[tuple[str, ...]]) -> int:
    """Return where the stretch begins that has the most different words, the first of equal ones."""
    best, most = 0, 0
    for number, fit in enumerate(fits):
        if not fit:
            continue
        stretch = {
            stems[place][0]
            for place in range(number, min(number + _AROUND - _BEFORE, len(fits)))
            if fits[place]
        }
        if len(stretch) > most:
            best, most = number, len(stretch)
    return max(0, best - _BEFORE)
