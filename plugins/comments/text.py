"""What people may write in a comment: text, and five kinds of elements (control IO02).

A comment is cleaned when it is written and again when it is shown, so nothing that came in by
another way reaches a page.
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import nh3

from core.content import paragraphs
from core.text import plain_text

__all__ = ["TAGS", "clean_comment", "clean_url", "comment_html", "is_empty"]

TAGS: Final = frozenset({"a", "blockquote", "code", "em", "strong"})
_GONE: Final = frozenset(
    {
        "embed",
        "head",
        "iframe",
        "math",
        "object",
        "script",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "xmp",
    }
)
_SYNONYMS: Final = (
    (re.compile(r"<(/?)b(?=[\s>])", re.I), r"<\1strong"),
    (re.compile(r"<(/?)i(?=[\s>])", re.I), r"<\1em"),
)
_BARE: Final = re.compile(r"&(?![A-Za-z#])")
_HOST: Final = re.compile(r"[^\s/?#]+\.[^\s/?#]{2,}")


@lru_cache(maxsize=2)
def _cleaner(shown: bool) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags={*TAGS, "p", "br"} if shown else set(TAGS),
        clean_content_tags=set(_GONE),
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        strip_comments=True,
        link_rel="nofollow ugc noopener",
    )


def clean_comment(markup: str) -> str:
    """Return what is stored of a comment: other elements are gone, their text stays, and all of it is balanced."""
    for pattern, better in _SYNONYMS:
        markup = pattern.sub(better, markup)
    # the parser takes the square of the number of bare ampersands; written out they mean the same
    markup = _BARE.sub("&amp;", markup.replace("\r\n", "\n"))
    return _cleaner(False).clean(markup).strip()


@lru_cache(maxsize=1024)
def comment_html(content: str) -> str:
    """Return a comment as it is shown: paragraphs, and links that neither vouch for anything nor reach back."""
    # cleaned last: a paragraph may have ended inside of an element that goes on in the next one
    return _cleaner(True).clean(paragraphs(_cleaner(False).clean(content)))


def is_empty(content: str) -> bool:
    """Tell whether a comment says nothing."""
    return not plain_text(content)


def clean_url(value: str) -> str | None:
    """Return the address of somebody's own site, "" for none, None if it is no web address."""
    text = value.strip()
    if not text:
        return ""
    if "://" not in text and _HOST.match(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return None
    if (
        parts.scheme.lower() not in ("http", "https")
        or "." not in host
        or "@" in parts.netloc
        or len(text) > 500
    ):
        return None
    return None if any(ch.isspace() or ch in "<>\"'" for ch in text) else text
