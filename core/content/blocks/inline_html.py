"""Words and inline elements of HTML as inline nodes of blocks."""

import re
from collections.abc import Sequence
from typing import Any, Final

from core.content.blocks import inline as i
from core.content.blocks.addresses import link_address
from core.content.blocks.tree import INLINE, Element, Node, text_of

__all__ = ["inline_nodes", "is_inline", "split_pictures"]

_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_LANG: Final = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,4}")
_MARKS: Final[dict[str, type]] = {
    "strong": i.Bold,
    "b": i.Bold,
    "em": i.Italic,
    "i": i.Italic,
    "cite": i.Italic,
    "dfn": i.Italic,
    "var": i.Italic,
    "u": i.Underline,
    "ins": i.Underline,
    "s": i.Strike,
    "strike": i.Strike,
    "del": i.Strike,
    "code": i.CodeMark,
    "kbd": i.CodeMark,
    "samp": i.CodeMark,
    "tt": i.CodeMark,
    "sub": i.Sub,
    "sup": i.Sup,
    "mark": i.Highlight,
}


def is_inline(element: Element) -> bool:
    """Tell whether an element stands in a line, with all that is in it. Pictures do, until they are taken out."""
    return element.tag in INLINE | {"img"} and all(found.tag in INLINE | {"img"} for found in element.walk())


def inline_nodes(nodes: Sequence[Node]) -> list[Any]:
    """Return inline nodes, white space folded as a browser shows it, none at the ends."""
    out: list[Any] = []
    _gather(nodes, [], out)
    return _trimmed(out)


def _gather(nodes: Sequence[Node], marks: list[Any], out: list[Any]) -> None:
    for node in nodes:
        if isinstance(node, str):
            text = _SPACE.sub(" ", node)
            if text:
                out.append(i.Text(text=text, marks=list(marks)))
        elif node.tag == "br":
            out.append(i.HardBreak())
        elif node.tag == "q":
            _gather(["“", *node.children, "”"], marks, out)
        else:
            _gather(node.children, [*marks, *_marks(node, marks)], out)


def _marks(element: Element, above: list[Any]) -> list[Any]:
    made: list[Any] = []
    kind = _MARKS.get(element.tag)
    if kind is not None:
        made.append(kind())
    href = element.attrs.get("href", "")
    if element.tag == "a" and link_address(href) and len(href) <= 2000:
        title = " ".join(element.attrs.get("title", "").split())[:1000]
        made.append(i.Link(attrs=i.LinkAttrs(href=href, title=title)))
    lang = element.attrs.get("lang", "")
    if _LANG.fullmatch(lang):
        made.append(i.Lang(attrs=i.LangAttrs(lang=lang)))
    known = {type(mark) for mark in above}
    return [mark for mark in made if type(mark) not in known]


def _trimmed(nodes: list[Any]) -> list[Any]:
    """Fold white space over the borders of nodes, and take it off at both ends and around breaks."""
    out: list[Any] = []
    space = True
    for node in nodes:
        if isinstance(node, i.HardBreak):
            if out and isinstance(out[-1], i.Text):
                out[-1].text = out[-1].text.rstrip(" ")
            out.append(node)
            space = True
            continue
        if space:
            node.text = node.text.lstrip(" ")
        if node.text:
            space = node.text.endswith(" ")
            out.append(node)
    while out and (isinstance(out[-1], i.HardBreak) or not out[-1].text.rstrip(" ")):
        out.pop()
    if out:
        out[-1].text = out[-1].text.rstrip(" ")
    return [node for node in out if isinstance(node, i.HardBreak) or node.text]


def split_pictures(element: Element) -> list[Element]:
    """Return a paragraph as paragraphs without pictures, and the pictures (in their links) between them."""
    out: list[Element] = []
    loose: list[Node] = []

    def flush() -> None:
        if loose:
            out.append(Element("p", element.attrs, list(loose)))
            loose.clear()

    for child in element.children:
        if isinstance(child, str) or (child.tag != "img" and child.find("img") is None):
            loose.append(child)
        elif child.tag == "img" or (child.tag == "a" and not text_of(child)):
            flush()
            out.append(child)
        else:
            flush()
            for piece in split_pictures(Element("p", element.attrs, child.children)):
                inner: list[Node] = [Element(child.tag, child.attrs, piece.children)]
                out.append(Element("p", element.attrs, inner) if piece.tag == "p" else piece)
    flush()
    return out
