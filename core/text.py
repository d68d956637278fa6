"""Text as values: slugs, plain text, excerpts, search text, and what may not come in at all."""

import html
import re
import unicodedata

import nh3
from anyascii import anyascii

__all__ = ["excerpt_of", "has_forbidden", "plain_text", "search_text", "slugify", "whole_number"]

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SPACE = re.compile(r"\s+")
_BLOCK_END = re.compile(r"<(/(p|div|li|h[1-6]|blockquote|tr|td|th|dt|dd|figcaption|pre)|br\s*/?)>", re.I)
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


def slugify(value: str, *, limit: int = 200) -> str:
    """Return `value` as a URL slug of `[a-z0-9-]`, at most `limit` characters, "" if nothing is left.

    Other scripts are transliterated, so that a Greek title has a readable address.
    """
    ascii_text = anyascii(unicodedata.normalize("NFKC", html.unescape(value))).lower()
    ascii_text = ascii_text.replace("'", "").replace("’", "")
    return _NOT_SLUG.sub("-", ascii_text).strip("-")[:limit].rstrip("-")


def plain_text(markup: str) -> str:
    """Return the words of an HTML fragment, white space folded, entities resolved."""
    stripped = nh3.clean(_BLOCK_END.sub(lambda m: m.group(0) + " ", markup), tags=set())
    return _SPACE.sub(" ", html.unescape(stripped)).strip()


def excerpt_of(markup: str, words: int = 55) -> str:
    """Return the first `words` words of an HTML fragment, with an ellipsis if more follow."""
    parts = plain_text(markup).split(" ")
    return " ".join(parts) if len(parts) <= words else " ".join(parts[:words]) + " …"


def search_text(*parts: str) -> str:
    """Return the text that full-text search looks in: plain, lower case, without accents."""
    text = " ".join(plain_text(part) for part in parts if part)
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch))


def has_forbidden(value: str) -> bool:
    """Tell whether `value` holds NUL or a lone surrogate: no engine stores them, no page shows them."""
    return _FORBIDDEN.search(value) is not None


def whole_number(text: str, *, digits: int = 9) -> int:
    """Return the number that these digits write, 0 for anything else: signs, more digits, digits of other scripts."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else 0
