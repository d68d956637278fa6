"""What stands in a line of `blocks/1`: text, line breaks, and how words look or where they lead."""

from typing import Annotated

import msgspec
from msgspec import Meta

__all__ = [
    "Address",
    "Bold",
    "CodeMark",
    "HardBreak",
    "Highlight",
    "Inline",
    "Inlines",
    "Italic",
    "Lang",
    "LangAttrs",
    "Link",
    "LinkAttrs",
    "Mark",
    "Node",
    "PlainText",
    "Short",
    "Strike",
    "Sub",
    "Sup",
    "Text",
    "Underline",
]

Short = Annotated[str, Meta(max_length=1000)]
Address = Annotated[str, Meta(max_length=2000)]


class Node(msgspec.Struct, tag_field="type", kw_only=True, forbid_unknown_fields=True, gc=False):
    """What every node and mark is made of."""


class Bold(Node, tag="bold", kw_only=True, gc=False):
    """Strong."""


class Italic(Node, tag="italic", kw_only=True, gc=False):
    """Emphasis."""


class Underline(Node, tag="underline", kw_only=True, gc=False):
    """Underlined."""


class Strike(Node, tag="strike", kw_only=True, gc=False):
    """No longer so."""


class CodeMark(Node, tag="code", kw_only=True, gc=False):
    """Code within a line."""


class Sub(Node, tag="sub", kw_only=True, gc=False):
    """Below the line."""


class Sup(Node, tag="sup", kw_only=True, gc=False):
    """Above the line."""


class Highlight(Node, tag="highlight", kw_only=True, gc=False):
    """Marked, as with a pen."""


class LinkAttrs(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Where a link leads."""

    href: Address
    title: Short = ""


class Link(Node, tag="link", kw_only=True, gc=False):
    """A link."""

    attrs: LinkAttrs


class LangAttrs(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A language tag (BCP 47)."""

    lang: Annotated[str, Meta(pattern="^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,4}$")]


class Lang(Node, tag="lang", kw_only=True, gc=False):
    """Words of another language."""

    attrs: LangAttrs


Mark = Bold | Italic | Underline | Strike | CodeMark | Sub | Sup | Highlight | Link | Lang


class Text(Node, tag="text", kw_only=True, gc=False):
    """A run of characters that look alike."""

    text: Annotated[str, Meta(min_length=1)]
    marks: list[Mark] = []


class HardBreak(Node, tag="hard_break", kw_only=True, gc=False):
    """A line break within a block."""

    marks: list[Mark] = []


Inline = Text | HardBreak
Inlines = list[Inline]


class PlainText(Node, tag="text", kw_only=True, gc=False):
    """Characters without marks."""

    text: Annotated[str, Meta(min_length=1)]
