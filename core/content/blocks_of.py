"""A text as a row of blocks to compare: of HTML by element, of `blocks/1` by the ids that its blocks carry."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from core.text import plain_text

__all__ = ["Block", "blocks_of_html", "blocks_of_json", "blocks_of_lines"]

_TOKEN: Final = re.compile(r"<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^>]*?(/?)>", re.S)
_VOID: Final = frozenset({"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"})
_INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_BREAK: Final = re.compile(r"</(?:li|p|tr|h[1-6]|dt|dd|figcaption|caption)>|<br\s*/?>", re.I)
_SPACE: Final = re.compile(r"[ \t\f\v]+")
_ATTRIBUTE: Final = re.compile(r"\b(src|alt|href)=\"([^\"]*)\"", re.I)
_CONTAINERS: Final = frozenset({"columns", "column"})
_SHOWN: Final = (
    "title",
    "citation",
    "caption",
    "alt",
    "src",
    "url",
    "text",
    "name",
    "attrs_text",
    "body",
    "html",
    "link",
)
"""Attributes of blocks that people read or that decide what they see."""


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph, a list, a picture: what is compared as one."""

    kind: str
    """The element or the type of block, "" for bare text."""
    text: str
    """What it says, plain, lines apart."""
    raw: str
    """All of it: two blocks of one text may differ in how it looks."""
    id: str = ""
    """Stays with the block while it is edited and moved; "" in HTML."""


def blocks_of_lines(text: str) -> list[Block]:
    """Return plain text by lines."""
    return [Block(kind="", text=line.strip(), raw=line.strip()) for line in text.split("\n") if line.strip()]


def blocks_of_html(html: str) -> list[Block]:
    """Return HTML by its outermost elements, and bare text between them by lines."""
    found: list[Block] = []
    depth = start = 0
    name = ""
    for token in _TOKEN.finditer(html):
        closing, tag, empty = token[1], (token[2] or "").lower(), token[3]
        if depth == 0:
            if tag in _INLINE or closing:
                continue
            found += _bare(html[start : token.start()])
            start, name = token.start(), tag
            if not tag or tag in _VOID or empty:  # a comment, or an element that holds nothing
                found.append(_element(name, html[start : token.end()]))
                start = token.end()
                continue
            depth = 1
        elif tag == name and not empty:
            depth += -1 if closing else 1
            if depth == 0:
                found.append(_element(name, html[start : token.end()]))
                start = token.end()
    rest = html[start:]
    found += [_element(name, rest)] if depth and rest.strip() else _bare(rest)
    return found


def _bare(html: str) -> list[Block]:
    lines = (line for line in re.split(r"\n+", html) if line.strip())
    return [Block(kind="", text=_text(line), raw=line.strip()) for line in lines]


def _element(name: str, html: str) -> Block:
    kind = name or html.strip("<!->").strip().split()[0].lower()
    text = _text(html)
    if name in ("img", "figure", "video", "audio") or not text:
        shown = [value for _name, value in _ATTRIBUTE.findall(html) if value]
        text = "\n".join(filter(None, [text, *dict.fromkeys(shown)]))
    return Block(kind=kind, text=text, raw=html.strip())


def _text(html: str) -> str:
    lines = (_SPACE.sub(" ", plain_text(line)).strip() for line in _BREAK.split(html))
    return "\n".join(line for line in lines if line)


def blocks_of_json(content: str) -> list[Block] | None:
    """Return a document of blocks by its blocks, those in columns one by one; None if it is no such document."""
    try:
        document = json.loads(content)
        nodes = document["doc"].get("content", [])
        return [block for node in nodes for block in _flat(node)]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _flat(node: dict[str, Any]) -> Iterator[Block]:
    if node["type"] in _CONTAINERS:
        for child in node.get("content", []):
            yield from _flat(child)
        return
    attrs = node.get("attrs") or {}
    yield Block(
        kind=node["type"],
        text="\n".join(line for line in _lines(node) if line.strip()),
        raw=json.dumps(_without_ids(node), ensure_ascii=False, sort_keys=True),
        id=str(attrs.get("id") or ""),
    )


def _without_ids(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_ids(child) for child in node]
    if not isinstance(node, dict):
        return node
    return {key: _without_ids(value) for key, value in node.items() if key != "id"}


def _lines(node: dict[str, Any]) -> list[str]:
    lines = [str(value) for name, value in (node.get("attrs") or {}).items() if name in _SHOWN and value]
    inline = ""
    for child in node.get("content", []):
        if child["type"] == "text":
            inline += child.get("text", "")
        elif child["type"] == "hard_break":
            inline += "\n"
        else:
            lines += [inline, *_lines(child)] if inline else _lines(child)
            inline = ""
    if node["type"] == "gallery":
        pictures = (node.get("attrs") or {}).get("images") or []
        lines += [
            f"{picture.get('media', '')} {picture.get('caption') or ''}".strip() for picture in pictures
        ]
    return [*lines, inline] if inline else lines
