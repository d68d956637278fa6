"""HTML in content: one allow-list for everything that people write (control IO01).

Content is cleaned when it is written, and again when it is shown, so that nothing that came in by
another way, or under an older list, reaches a page. The two marks that WordPress keeps in comments,
`<!--more-->` and `<!--nextpage-->`, survive; all other comments go.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import nh3

from core.errors import Invalid
from core.http import check_text
from core.i18n import gettext as _

__all__ = ["ID_PREFIX", "LARGE", "MARK", "MORE", "NEXT_PAGE", "clean_html", "shown_html", "split_parts"]

MORE: Final = "<!--more-->"
NEXT_PAGE: Final = "<!--nextpage-->"
ID_PREFIX: Final = "c-"
"""Begins every id in content, so that content can't take the place of an element of the page."""

LARGE: Final = 50_000
"""Characters from which on content is worked on in a thread: it may take longer than a request should hold the loop."""
_MAX_LENGTH: Final = 1_000_000
_MAX_DEPTH: Final = 500
_TAG: Final = re.compile(r"<(/?)([a-z][^\s/>]*)", re.I)
_NEVER_DEEP: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "dd",
        "dt",
        "embed",
        "hr",
        "img",
        "input",
        "li",
        "link",
        "meta",
        "p",
        "source",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "track",
        "wbr",
    ]
)
"""Elements that hold nothing, and those that the next one of their kind ends: few people write their end."""
_NEXT: Final = re.compile(r"<!--\s*nextpage\s*-->", re.I)
MARK: Final = re.compile(r"(<!--\s*(?:nextpage|more)\b[^<>]*?-->)", re.I)
_BARE: Final = re.compile(r"&(?![A-Za-z#])")
_MORE: Final = re.compile(r"<!--\s*more\b[^<>]*?-->", re.I)

_TAGS: Final = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "address",
        "article",
        "aside",
        "audio",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "main",
        "mark",
        "ol",
        "p",
        "picture",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "source",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "track",
        "tt",
        "u",
        "ul",
        "var",
        "video",
        "wbr",
    ]
)
_GONE: Final = frozenset(
    [
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "applet",
        "noscript",
        "noembed",
        "noframes",
        "template",
        "svg",
        "math",
        "textarea",
        "select",
        "option",
        "title",
        "xmp",
        "plaintext",
        "frameset",
        "frame",
        "form",
        "button",
        "head",
    ]
)
"""Elements that go with what is in them; of others that are not allowed, the text stays."""

_MEDIA: Final = {"src", "controls", "loop", "muted", "preload"}
_CELL: Final = {"colspan", "rowspan", "headers", "scope", "abbr"}
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"class", "id", "title", "lang", "dir", "aria-label", "aria-hidden"},
    "a": {"href", "hreflang", "target"},
    "img": {"src", "alt", "width", "height", "loading", "decoding", "srcset", "sizes"},
    "audio": _MEDIA,
    "video": {*_MEDIA, "poster", "width", "height", "playsinline"},
    "source": {"src", "type", "srcset", "sizes", "media"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "col": {"span"},
    "colgroup": {"span"},
    "td": _CELL,
    "th": _CELL,
    "blockquote": {"cite"},
    "q": {"cite"},
    "del": {"cite", "datetime"},
    "ins": {"cite", "datetime"},
    "time": {"datetime"},
    "details": {"open"},
}
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_CLASS: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_RESERVED: Final = ("v-", "vitral-", "admin-", "htmx-", "hx-", "js-")
"""Beginnings of class names that belong to the frame's own pages."""
_ALLOWED_VALUES: Final = {
    "target": re.compile(r"_blank"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "lang": re.compile(r"[A-Za-z0-9-]{0,35}"),
    "aria-hidden": re.compile(r"true|false"),
    "loading": re.compile(r"lazy|eager"),
    "decoding": re.compile(r"async|sync|auto"),
    "width": re.compile(r"[0-9]{1,5}%?"),
    "height": re.compile(r"[0-9]{1,5}%?"),
    "type": re.compile(
        r"[1aAiI]|(?:audio|video|image)/[A-Za-z0-9.+-]{1,40}(?:; ?codecs=[A-Za-z0-9.,_-]{1,60})?"
    ),
    "sizes": re.compile(r"[A-Za-z0-9.,:()\s%*/+-]{1,300}"),
    "media": re.compile(r"[A-Za-z0-9.,:()\s-]{1,200}"),
}


def _web_address(value: str) -> bool:
    try:
        return urlsplit(value.strip()).scheme.lower() in ("", "http", "https")
    except ValueError:
        return False


def _filter(element: str, attribute: str, value: str) -> str | None:
    """Return what stays of an attribute's value, None if nothing does."""
    if attribute == "class":
        names = [n for n in value.split() if _CLASS.fullmatch(n) and not n.lower().startswith(_RESERVED)]
        return " ".join(dict.fromkeys(names)) or None
    if attribute == "href" and value.startswith("#"):  # follows the id that gets its prefix
        rest = value[1:]
        return f"#{ID_PREFIX}{rest}" if rest and not rest.startswith(ID_PREFIX) else value
    if attribute == "headers":
        return " ".join(n if n.startswith(ID_PREFIX) else ID_PREFIX + n for n in value.split())
    if attribute == "srcset":
        candidates = [part.strip() for part in value.split(",") if part.strip()]
        kept = [c for c in candidates if _web_address(c.split()[0])]
        return ", ".join(kept) or None
    if attribute in ("poster", "cite") or (attribute == "src" and element != "img"):
        return value if _web_address(value) else None
    allowed = _ALLOWED_VALUES.get(attribute)
    if allowed is None:
        return value
    return value if allowed.fullmatch(value) else None


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_GONE),
        attributes={name: set(values) for name, values in _ATTRIBUTES.items()},
        attribute_filter=_filter,
        strip_comments=True,
        link_rel="noopener",
        url_schemes=set(_SCHEMES),
        id_prefix=ID_PREFIX,
    )


def _mark(text: str) -> str:
    return NEXT_PAGE if "nextpage" in text.lower() else MORE


def _sanitize(markup: str) -> str:
    # the parser takes the square of the number of bare ampersands; written out they mean the same
    pieces = MARK.split(_BARE.sub("&amp;", markup))
    clean = _cleaner().clean
    # each piece is cleaned on its own: its elements are closed in it, so the marks are never inside one
    return "".join(
        _mark(piece) if index % 2 else (clean(piece) if piece.strip() else piece)
        for index, piece in enumerate(pieces)
    )


@lru_cache(maxsize=256)
def _sanitized(markup: str) -> str:
    """Clean what is shown again and again: the cache knows content by itself, so it can't be stale."""
    return _sanitize(markup)


def _too_deep(markup: str) -> bool:
    """Tell whether more elements are open at once than any page has: the parser looks through them at each next one."""
    if markup.count("<") <= _MAX_DEPTH:
        return False
    opened: Counter[str] = Counter()
    depth = 0
    for closing, tag in _TAG.findall(markup):
        name = tag.lower()
        if name in _NEVER_DEEP:
            continue
        if not closing:
            opened[name] += 1
            depth += 1
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
        if depth > _MAX_DEPTH:
            return True
    return False


def clean_html(markup: str) -> str:
    """Return what is stored of HTML that somebody wrote: safe, balanced, with its marks.

    Raises:
        Invalid: It is too long, nested too deeply, or holds characters that can't be stored; under "content". Nothing is cut.
    """
    if len(markup) > _MAX_LENGTH:
        raise Invalid({"content": _("This is longer than {limit} characters.").format(limit=_MAX_LENGTH)})
    wrong = check_text(markup, "text")
    if wrong is not None:
        raise Invalid({"content": wrong})
    if _too_deep(markup):
        raise Invalid({"content": _("This holds too many elements inside of each other.")})
    return _sanitize(markup)


@lru_cache(maxsize=8)
def _sanitized_large(markup: str) -> str:
    return _sanitize(markup)


def shown_html(markup: str) -> str:
    """Return stored HTML as it may be shown: cleaned by the list as it is now."""
    return _sanitized(markup) if len(markup) <= 200_000 else _sanitized_large(markup)


@lru_cache(maxsize=256)
def split_parts(markup: str) -> tuple[tuple[str, str | None], ...]:
    """Return the parts of a paged post: of each, what comes before the "more" mark, and what after it.

    Args:
        markup: Rendered HTML with its marks.

    Returns:
        One pair per part; the second is None where the part has no "more" mark.
    """
    parts: list[tuple[str, str | None]] = []
    for part in _NEXT.split(markup):
        found = _MORE.search(part)
        if found is None:
            parts.append((part.strip(), None))
        else:
            rest = _MORE.sub("", part[found.end() :])
            parts.append((part[: found.start()].strip(), rest.strip()))
    return tuple(parts)
