"""Design tokens: what a theme declares, what a site makes of it, and how much contrast that leaves.

A token becomes a CSS custom property. Those with a `kind` can be changed on each site, within the
bounds that the theme sets; a site keeps only what differs from its theme.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

import msgspec

__all__ = [
    "Contrast",
    "Poor",
    "Token",
    "TokenKind",
    "TokenValue",
    "changed_token",
    "contrast_of",
    "poor_contrasts",
    "split_number",
    "token_faults",
]

TokenKind = Literal["", "colour", "font", "length", "number"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_VALUE = re.compile(r"""[#A-Za-z0-9 (),.%/'"*+_-]{1,300}""")
"""No semicolon, brace, backslash or angle bracket: a value can't end its own declaration."""
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_NUMBER = re.compile(r"(-?\d{1,4}(?:\.\d{1,4})?)(rem|em|px|ch|%)?")

TEXT: Final = 4.5
"""Contrast of text with its ground that WCAG 2.2 AA asks for."""
EDGE: Final = 3.0
"""Contrast of edges of fields and of large text."""


class Token(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A design token: its value by day and, if it differs, by night."""

    light: str
    dark: str = ""
    kind: TokenKind = ""
    """What may be put in its place on a site: a colour, a font, a length or a number; "" for what is the theme's alone."""
    title: str = ""
    """What people call it: an English message id. Needed where there is a kind."""
    group: str = ""
    """Heading that it stands under: an English message id."""
    bounds: tuple[float, float] = (0, 0)
    """Of a length or a number: the least and the most, in the unit of `light`."""
    step: float = 0.1
    """By how much a length or a number moves."""


class TokenValue(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a site puts in a token's place. "" leaves the theme's own."""

    light: str = ""
    dark: str = ""


class Contrast(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token that is read, and what it stands on."""

    text: str
    on: tuple[str, ...]
    least: float = TEXT
    """The contrast it needs: 4.5 for text, 3 for edges of fields and for large text."""


class Poor(msgspec.Struct, frozen=True):
    """Two tokens that are too alike."""

    text: str
    on: str
    night: bool
    ratio: float
    least: float


def token_faults(tokens: Mapping[str, Token]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the tokens of a theme, each with its place."""
    for name, token in tokens.items():
        if not _NAME.fullmatch(name):
            yield f"tokens.{name}", "Use small letters, digits and hyphens, without leading dashes."
        for value in (token.light, token.dark or token.light):
            if not _VALUE.fullmatch(value):
                yield f"tokens.{name}", f"No style sheet can hold the value {value!r}."
        if token.kind and not token.title:
            yield f"tokens.{name}", "A token that people can change needs a title."
        if token.kind == "colour" and not all(
            _HEX.fullmatch(value) for value in (token.light, token.dark or token.light)
        ):
            yield f"tokens.{name}", "A colour that people can change is written #rrggbb."
        if token.kind in ("length", "number"):
            found = _NUMBER.fullmatch(token.light)
            low, high = token.bounds
            if found is None or bool(found[2]) != (token.kind == "length"):
                yield f"tokens.{name}", f"{token.light!r} is no {token.kind}."
            elif not low <= float(found[1]) <= high or low == high:
                yield f"tokens.{name}", "Its value must lie between its bounds."


def split_number(text: str) -> tuple[float, str] | None:
    """Return number and unit of a length or a number; None if it is neither."""
    found = _NUMBER.fullmatch(text)
    return (float(found[1]), found[2] or "") if found else None


def changed_token(token: Token, value: TokenValue, fonts: Mapping[str, str]) -> Token:
    """Return a token with what a site puts in its place; what no longer fits the theme is passed over.

    Args:
        token: As the theme declares it.
        value: The site's.
        fonts: CSS of the faces that may be chosen, by name.
    """
    light, dark = (_fitting(token, side, fonts) for side in (value.light, value.dark))
    if not light and not dark:
        return token
    return msgspec.structs.replace(token, light=light or token.light, dark=dark or token.dark)


def _fitting(token: Token, value: str, fonts: Mapping[str, str]) -> str:
    """Return the CSS of a value, "" if the token takes no such value."""
    match token.kind:
        case "colour":
            return value.lower() if _HEX.fullmatch(value) else ""
        case "font":
            return fonts.get(value, "")
        case "length" | "number":
            found, own = split_number(value), split_number(token.light)
            if found is None or own is None or found[1] != own[1]:
                return ""
            return value if token.bounds[0] <= found[0] <= token.bounds[1] else ""
    return ""


def contrast_of(one: str, other: str) -> float | None:
    """Return the contrast of two colours as WCAG counts it, 1 to 21; None where one is not written in hexadecimal."""
    lights = [_luminance(colour) for colour in (one, other)]
    if lights[0] is None or lights[1] is None:
        return None
    low, high = sorted((lights[0], lights[1]))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float | None:
    if not _HEX.fullmatch(colour):
        return None
    digits = colour[1:]
    pairs = [c * 2 for c in digits] if len(digits) == 3 else [digits[i : i + 2] for i in (0, 2, 4)]
    red, green, blue = (_linear(int(pair, 16) / 255) for pair in pairs)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def poor_contrasts(tokens: Mapping[str, Token], pairs: Sequence[Contrast]) -> Iterator[Poor]:
    """Yield the declared pairs that are hard to read, by day and by night.

    Args:
        tokens: As the site shows them.
        pairs: What is text on what.
    """
    for pair in pairs:
        for ground in pair.on:
            text, under = tokens.get(pair.text), tokens.get(ground)
            if text is None or under is None:
                continue
            sides = [(False, text.light, under.light)]
            if text.dark or under.dark:
                sides.append((True, text.dark or text.light, under.dark or under.light))
            for night, one, other in sides:
                ratio = contrast_of(one, other)
                if ratio is not None and ratio < pair.least:
                    yield Poor(pair.text, ground, night, ratio, pair.least)
