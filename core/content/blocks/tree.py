"""HTML that was cleaned, as a tree of elements, and back."""

import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from typing import Final

import msgspec

__all__ = ["INLINE", "VOID", "Element", "Node", "only_child", "parse", "serialise", "text_of"]

VOID: Final = frozenset({"br", "col", "hr", "img", "source", "track", "wbr"})
INLINE: Final = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em", "i", "ins",
        "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
        "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")


class Element(msgspec.Struct):
    """An element with what is in it."""

    tag: str
    attrs: dict[str, str] = {}
    children: list["Element | str"] = []

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attrs.get("class", "").split()

    def find(self, *tags: str) -> "Element | None":
        """Return the first element of these names within it, itself left out."""
        return next((found for found in self.walk() if found.tag in tags), None)

    def walk(self) -> Iterator["Element"]:
        """Go through all elements within it, in their order."""
        waiting = [child for child in reversed(self.children) if not isinstance(child, str)]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(child for child in reversed(element.children) if not isinstance(child, str))


Node = Element | str


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(markup: str) -> Element:
    """Return cleaned HTML as a tree below an element without a name."""
    builder = _Builder()
    builder.feed(markup)
    builder.close()
    return builder.root


def serialise(node: Node) -> str:
    """Return a node as HTML."""
    if isinstance(node, str):
        return escape(node, quote=False)
    attrs = "".join(f' {name}="{escape(value)}"' for name, value in node.attrs.items())
    inner = "".join(serialise(child) for child in node.children)
    if not node.tag:
        return inner
    return f"<{node.tag}{attrs}>" if node.tag in VOID else f"<{node.tag}{attrs}>{inner}</{node.tag}>"


def text_of(node: Node) -> str:
    """Return the words of a node, white space folded."""
    if isinstance(node, str):
        return _SPACE.sub(" ", node).strip()
    parts = [text_of(child) if not isinstance(child, str) else child for child in node.children]
    return _SPACE.sub(" ", " ".join(parts) if node.tag not in INLINE else "".join(parts)).strip()


def only_child(node: Element) -> Element | None:
    """Return the only element in a node that has no words beside it."""
    rest = [child for child in node.children if not isinstance(child, str) or child.strip()]
    return rest[0] if len(rest) == 1 and not isinstance(rest[0], str) else None
