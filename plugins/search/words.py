"""From text to what is compared: words without their endings and accents, the same on both engines.

A word is indexed by its stem as it is written and, where that differs, by the stem of the word without
accents. So "vacinações" is found by "vacinação", and "vacinação" by "vacinacao" of somebody in a hurry.
The stemmers are Snowball's (snowballstem.org).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import snowballstemmer

__all__ = ["key", "key_of_type", "spans", "stems_of", "stems_of_text"]

_STEMMERS: Final = {"pt-BR": "portuguese", "en": "english"}
_WORD: Final = re.compile(r"[^\W_]+")
_MOST: Final = 60
"""Longer runs of letters are no words; PostgreSQL would refuse the longest."""

# what says nothing by itself: articles, prepositions, pronouns and forms of "to be" and "to have"
_EMPTY: Final = {
    "pt-BR": frozenset(
        [
            "a",
            "ao",
            "aos",
            "as",
            "até",
            "com",
            "como",
            "da",
            "das",
            "de",
            "dela",
            "dele",
            "do",
            "dos",
            "e",
            "ela",
            "elas",
            "ele",
            "eles",
            "em",
            "entre",
            "era",
            "essa",
            "esse",
            "esta",
            "está",
            "estão",
            "este",
            "eu",
            "foi",
            "foram",
            "há",
            "isso",
            "isto",
            "já",
            "lhe",
            "mais",
            "mas",
            "me",
            "mesmo",
            "meu",
            "minha",
            "muito",
            "na",
            "nas",
            "nem",
            "no",
            "nos",
            "nós",
            "num",
            "numa",
            "não",
            "o",
            "os",
            "ou",
            "para",
            "pela",
            "pelas",
            "pelo",
            "pelos",
            "por",
            "qual",
            "quando",
            "que",
            "quem",
            "se",
            "sem",
            "ser",
            "será",
            "seu",
            "seus",
            "sob",
            "sobre",
            "sua",
            "suas",
            "são",
            "também",
            "te",
            "tem",
            "têm",
            "ter",
            "teu",
            "tua",
            "um",
            "uma",
            "umas",
            "uns",
            "você",
            "vocês",
            "à",
            "às",
            "é",
        ]
    ),
    "en": frozenset(
        [
            "a",
            "about",
            "an",
            "and",
            "are",
            "as",
            "at",
            "be",
            "been",
            "but",
            "by",
            "can",
            "do",
            "does",
            "for",
            "from",
            "had",
            "has",
            "have",
            "he",
            "her",
            "his",
            "how",
            "i",
            "if",
            "in",
            "into",
            "is",
            "it",
            "its",
            "me",
            "my",
            "no",
            "not",
            "of",
            "on",
            "or",
            "our",
            "she",
            "so",
            "that",
            "the",
            "their",
            "them",
            "then",
            "there",
            "these",
            "they",
            "this",
            "those",
            "to",
            "was",
            "we",
            "were",
            "what",
            "when",
            "which",
            "who",
            "why",
            "will",
            "with",
            "you",
            "your",
        ]
    ),
}


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Any:
    name = _STEMMERS.get(language)
    return snowballstemmer.stemmer(name) if name else None


def _fold(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word)
    return "".join(ch for ch in apart if not unicodedata.combining(ch) and ch.isalnum())


@lru_cache(maxsize=60_000)
def stems_of(word: str, language: str) -> tuple[str, ...]:
    """Return what a word is compared by, one or two texts; none for words that say nothing.

    Args:
        word: Of letters and digits, in small letters.
        language: The site's, such as "pt-BR". For others a word is its own stem.
    """
    if word in _EMPTY.get(language, ()) or len(word) > _MOST:
        return ()
    stemmer, plain = _stemmer(language), _fold(word)
    if stemmer is None or not plain:
        return (plain,) if plain else ()
    stems = (_fold(stemmer.stemWord(word)), _fold(stemmer.stemWord(plain)))
    return tuple(dict.fromkeys(stem for stem in stems if stem))


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and small letters of each word of a text."""
    for found in _WORD.finditer(text):
        yield found.start(), found.end(), unicodedata.normalize("NFC", found[0]).lower()


def stems_of_text(text: str, language: str, *, most: int = 20_000) -> str:
    """Return the stems of a text in its order, with spaces between.

    Args:
        text: Plain text.
        language: The site's.
        most: Words that are read; what comes after them is not found.
    """
    found: list[str] = []
    for number, (_start, _end, word) in enumerate(spans(unicodedata.normalize("NFC", text))):
        if number >= most:
            break
        found += stems_of(word, language)
    return " ".join(found)


def key(mark: str, value: UUID) -> str:
    """Return a token for an id that no word is the same as: "t", "u" or "c" and 32 digits."""
    return f"{mark}{value.hex}"


def key_of_type(name: str) -> str:
    """Return the token of a content type; its name may hold what the engines split at."""
    return f"k{name.encode().hex()}z"
