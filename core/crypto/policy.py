"""Is this password good enough? Answered offline, with reasons that a person can act on."""

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from core.crypto.passwords import MAX_PASSWORD_BYTES
from core.i18n import gettext as _
from core.i18n import ngettext

__all__ = ["MINIMUM", "MINIMUM_WITH_MFA", "PasswordProblem", "check_password_policy"]

MINIMUM = 15
MINIMUM_WITH_MFA = 8

Code = Literal[
    "characters", "too_long", "too_short", "common", "context", "repeated", "sequence", "keyboard", "date"
]

_WORDS = Path(__file__).parent / "common_passwords.txt"
_SHORTEST_WORD = 4
_LONGEST_PERIOD = 32
_SEPARATOR = re.compile(r"[\s_.,;:/|-]+")
_DATE = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d\d|(?:19|20)\d\d")
_LEET = str.maketrans("@4310!$57", "aaeioisst")
_ALPHABET = (string.ascii_lowercase, string.digits, string.digits[1:] + "0")
_KEYBOARD = (
    "1234567890-=",
    "!@#$%^&*()_+",
    "!@#$%¨&*()_+",
    "qwertyuiop",
    "asdfghjklç",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "qawsedrftgyhujikolp",
)


@dataclass(frozen=True, slots=True)
class PasswordProblem:
    """One reason why a password is refused.

    Args:
        code: The rule.
        message: One sentence in the current language. Never quotes the password.
    """

    code: Code
    message: str


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    end: int
    code: Code
    text: str


def check_password_policy(
    password: str, *, context_words: Iterable[str] = (), minimum: int = MINIMUM
) -> list[PasswordProblem]:
    """Return what is wrong with a new password, nothing if it may be used.

    It covers (controls AU02 and AU03, NIST SP 800-63B-4):

    - length, counted in characters as typed and as normalised, whichever is less; nothing is required
      of the kinds of characters;
    - passwords that consist of guessable parts: some 500 words of common Portuguese and English
      passwords (also with 4 for a, 0 for o and the like), the words given as context, a character or
      block repeated, alphabet and number sequences, rows and columns of the keyboard, years and dates.
      Such parts are fine inside something longer: what is left beside them, counting each different
      part as one character, must be half the minimum length (five at least).

    It doesn't cover: passwords from breaches, which need a list of hundreds of millions; quotations and
    lyrics; words of other languages; personal facts that are not passed as context. Nothing is sent out.

    Args:
        password: As typed.
        context_words: Names that are easy to guess here: of the site, the product, the person, and their
            user name and e-mail address. Parts under four characters don't count.
        minimum: `MINIMUM_WITH_MFA` where a second factor is enforced.
    """
    if any("\ud800" <= char <= "\udfff" for char in password):
        return [PasswordProblem("characters", _("This password has characters that can't be stored."))]
    if len(password) > MAX_PASSWORD_BYTES or len(password.encode()) > MAX_PASSWORD_BYTES:
        return [
            PasswordProblem(
                "too_long", _("This password is too long: use at most {limit} characters.").format(limit=128)
            )
        ]
    problems = []
    length = min(len(password), len(unicodedata.normalize("NFKC", password)))
    if length < minimum:
        problems.append(PasswordProblem("too_short", _too_short(minimum, length)))
    codes = _guessable(password, context_words, needed=max(5, minimum // 2))
    problems += [PasswordProblem(code, _reason(code)) for code in codes]
    return problems


def _too_short(minimum: int, length: int) -> str:
    return ngettext(
        "Use at least {minimum} characters; this is {length}. Several words make a good password.",
        "Use at least {minimum} characters; these are {length}. Several words make a good password.",
        length,
    ).format(minimum=minimum, length=length)


def _reason(code: Code) -> str:
    return {
        "common": _("Most of this password is in lists of common passwords."),
        "context": _("Most of this password is a name that belongs to you or to this site."),
        "repeated": _("This password repeats the same characters."),
        "sequence": _("Most of this password is a sequence such as abcd or 1234."),
        "keyboard": _("Most of this password is keys that lie next to each other."),
        "date": _("Most of this password is a year or a date."),
    }[code]


def _guessable(password: str, context_words: Iterable[str], *, needed: int) -> list[Code]:
    """Return which rules the password falls to, nothing if enough is left beside guessable parts."""
    text = _SEPARATOR.sub("", _fold(password)) or _fold(password)
    covered = [False] * len(text)
    taken: list[_Part] = []
    for part in sorted(_parts(text, context_words), key=lambda part: part.start - part.end):
        if not any(covered[part.start : part.end]):
            covered[part.start : part.end] = [True] * (part.end - part.start)
            taken.append(part)
    left = covered.count(False) + len({part.text for part in taken if part.code != "repeated"})
    if not taken or left >= needed:
        return []
    return list(dict.fromkeys(part.code for part in taken))


def _parts(text: str, context_words: Iterable[str]) -> Iterator[_Part]:
    """Yield all guessable parts of a folded text; they may overlap."""
    context = {piece for word in context_words for piece in _pieces(word)}
    for shape in {text, text.translate(_LEET), text.replace("1", "l").translate(_LEET)}:
        yield from _occurrences(shape, context, "context")
        yield from _occurrences(shape, _common_words(), "common")
    yield from _walks(text, _ALPHABET, "sequence", shortest=3)
    yield from _walks(text, _KEYBOARD, "keyboard", shortest=4)
    for match in _DATE.finditer(text):
        yield _Part(match.start(), match.end(), "date", match[0])
    yield from _repeats(text)


def _occurrences(text: str, words: Iterable[str], code: Code) -> Iterator[_Part]:
    for word in words:
        start = text.find(word)
        while start >= 0:
            yield _Part(start, start + len(word), code, word)
            start = text.find(word, start + 1)


def _walks(text: str, lines: Iterable[str], code: Code, *, shortest: int) -> Iterator[_Part]:
    """Yield runs of at least `shortest` characters that follow one of the lines, forwards or backwards."""
    for line in lines:
        place = {char: index for index, char in enumerate(line)}
        for step in (1, -1):
            start = 0
            for end in range(1, len(text) + 1):
                before = place.get(text[end - 1])
                if end < len(text) and before is not None and place.get(text[end]) == before + step:
                    continue
                if end - start >= shortest:
                    yield _Part(start, end, code, text[start:end])
                start = end


def _repeats(text: str) -> Iterator[_Part]:
    """Yield what repeats the 1 to 32 characters before it, without their first appearance."""
    for period in range(1, min(_LONGEST_PERIOD, len(text) - 1) + 1):
        start = period
        for end in range(period, len(text) + 1):
            if end < len(text) and text[end] == text[end - period]:
                continue
            if end - start >= max(period, 2):
                yield _Part(start, end, "repeated", text[start:end])
            start = end + 1


def _fold(value: str) -> str:
    """Return `value` lower-case and without accents (but ç, which has a key of its own)."""
    kept = unicodedata.normalize("NFKC", value).casefold()
    decomposed = "".join(char if char == "ç" else unicodedata.normalize("NFKD", char) for char in kept)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _pieces(word: str) -> Iterator[str]:
    """Yield a context word whole and in its parts: `ana.souza@vida.example` has five."""
    folded = _fold(word)
    parts = re.split(r"[^0-9a-zç]+", folded)
    # the address as it stands is looked for too: its @ is no separator, since it often stands for an a
    for piece in {"".join(parts), _SEPARATOR.sub("", folded), *parts}:
        if len(piece) >= _SHORTEST_WORD:
            yield piece
            if "ç" in piece:
                yield piece.replace("ç", "c")


@cache
def _common_words() -> frozenset[str]:
    lines = _WORDS.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
