"""The document of `blocks/1`: which nodes there are, what each may hold, and what their attributes mean.

A document is a tree, so none of its structs can be part of a circle: they are kept out of the garbage
collector, which would take three times as long as decoding them. The shape is ProseMirror's JSON, so that an editor needs no conversion. What stands here is all there is:
an unknown type, attribute or mark is refused when a document is decoded. See docs/decisions/0015.
"""

from typing import Annotated, Literal, Union

import msgspec
from msgspec import Meta

from core.content.blocks.inline import (
    Address,
    Bold,
    CodeMark,
    HardBreak,
    Highlight,
    Inlines,
    Italic,
    Lang,
    Link,
    Mark,
    Node,
    PlainText,
    Short,
    Strike,
    Sub,
    Sup,
    Text,
    Underline,
)

__all__ = [
    "Bold",
    "BulletList",
    "Button",
    "Callout",
    "Code",
    "CodeMark",
    "Column",
    "Columns",
    "Document",
    "Embed",
    "Gallery",
    "GalleryImage",
    "HardBreak",
    "Heading",
    "Highlight",
    "Html",
    "Image",
    "Italic",
    "Lang",
    "Link",
    "ListItem",
    "Mark",
    "More",
    "OrderedList",
    "PageBreak",
    "Paragraph",
    "Pattern",
    "Quote",
    "Separator",
    "Shortcode",
    "Strike",
    "Sub",
    "Sup",
    "Table",
    "TableCell",
    "TableRow",
    "Text",
    "Underline",
    "Whole",
]

Align = Literal["", "center", "right"]
Place = Literal["", "left", "right", "wide", "full"]
Number = Annotated[int, Meta(ge=0, le=2**53)]
Words = Annotated[str, Meta(max_length=10_000)]
Id = Annotated[str, Meta(pattern="^([a-z0-9]{8})?$")] | None


class _Attrs(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Attributes of a block; `id` is its own for as long as it lives."""

    id: Id = None


class ParagraphAttrs(_Attrs, kw_only=True, gc=False):
    align: Align = ""


class Paragraph(Node, tag="paragraph", kw_only=True, gc=False):
    """A paragraph."""

    attrs: ParagraphAttrs = msgspec.field(default_factory=ParagraphAttrs)
    content: Inlines = []


class HeadingAttrs(_Attrs, kw_only=True, gc=False):
    level: Annotated[int, Meta(ge=2, le=6)] = 2
    anchor: Annotated[str, Meta(pattern="^([a-z0-9]+(-[a-z0-9]+)*)?$", max_length=100)] = ""
    align: Align = ""


class Heading(Node, tag="heading", kw_only=True, gc=False):
    """A heading below the title, which is the only one of level 1."""

    attrs: HeadingAttrs = msgspec.field(default_factory=HeadingAttrs)
    content: Inlines = []


class ListItem(Node, tag="list_item", kw_only=True, gc=False):
    """An item of a list: a paragraph first, then what belongs to it."""

    attrs: _Attrs = msgspec.field(default_factory=_Attrs)
    content: Annotated[list[Union[Paragraph, "BulletList", "OrderedList"]], Meta(min_length=1)]


class BulletList(Node, tag="bullet_list", kw_only=True, gc=False):
    """A list without an order."""

    attrs: _Attrs = msgspec.field(default_factory=_Attrs)
    content: Annotated[list[ListItem], Meta(min_length=1)]


class OrderedAttrs(_Attrs, kw_only=True, gc=False):
    start: Annotated[int, Meta(ge=-(10**6), le=10**6)] = 1


class OrderedList(Node, tag="ordered_list", kw_only=True, gc=False):
    """A numbered list."""

    attrs: OrderedAttrs = msgspec.field(default_factory=OrderedAttrs)
    content: Annotated[list[ListItem], Meta(min_length=1)]


class QuoteAttrs(_Attrs, kw_only=True, gc=False):
    citation: Short = ""


class Quote(Node, tag="quote", kw_only=True, gc=False):
    """Somebody else's words."""

    attrs: QuoteAttrs = msgspec.field(default_factory=QuoteAttrs)
    content: Annotated[list[Paragraph | Heading | BulletList | OrderedList], Meta(min_length=1)]


class CodeAttrs(_Attrs, kw_only=True, gc=False):
    language: Annotated[str, Meta(pattern="^[a-z0-9+#._-]{0,30}$")] = ""


class Code(Node, tag="code", kw_only=True, gc=False):
    """Lines of code, as they are."""

    attrs: CodeAttrs = msgspec.field(default_factory=CodeAttrs)
    content: list[PlainText] = []


class CellAttrs(_Attrs, kw_only=True, gc=False):
    colspan: Annotated[int, Meta(ge=1, le=100)] = 1
    rowspan: Annotated[int, Meta(ge=1, le=1000)] = 1
    align: Align = ""


class TableCell(Node, tag="table_cell", kw_only=True, gc=False):
    """A cell."""

    attrs: CellAttrs = msgspec.field(default_factory=CellAttrs)
    content: Annotated[list[Paragraph], Meta(min_length=1)]


class TableRow(Node, tag="table_row", kw_only=True, gc=False):
    """A row of cells."""

    attrs: _Attrs = msgspec.field(default_factory=_Attrs)
    content: list[TableCell] = []


class TableAttrs(_Attrs, kw_only=True, gc=False):
    caption: Short = ""
    header_row: bool = True
    header_column: bool = False


class Table(Node, tag="table", kw_only=True, gc=False):
    """A table; its first row and column may be headers."""

    attrs: TableAttrs = msgspec.field(default_factory=TableAttrs)
    content: Annotated[list[TableRow], Meta(min_length=1)]


class ImageAttrs(_Attrs, kw_only=True, gc=False):
    media: Number = 0
    src: Address = ""
    alt: Words | None = None
    decorative: bool = False
    align: Place = ""
    link: Address = ""


class Image(Node, tag="image", kw_only=True, gc=False):
    """A picture of the library, or one that lies elsewhere, with its caption."""

    attrs: ImageAttrs = msgspec.field(default_factory=ImageAttrs)
    content: Inlines = []


class GalleryImage(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A picture of a gallery."""

    media: Number
    alt: Words | None = None
    caption: Words = ""


class GalleryAttrs(_Attrs, kw_only=True, gc=False):
    columns: Annotated[int, Meta(ge=1, le=6)] = 3
    crop: bool = True
    images: Annotated[list[GalleryImage], Meta(max_length=200)] = []
    caption: Short = ""


class Gallery(Node, tag="gallery", kw_only=True, gc=False):
    """Several pictures of the library."""

    attrs: GalleryAttrs = msgspec.field(default_factory=GalleryAttrs)


class EmbedAttrs(_Attrs, kw_only=True, gc=False):
    url: Address = ""
    caption: Short = ""


class Embed(Node, tag="embed", kw_only=True, gc=False):
    """Something that another site shows."""

    attrs: EmbedAttrs = msgspec.field(default_factory=EmbedAttrs)


class ButtonAttrs(_Attrs, kw_only=True, gc=False):
    text: Short = ""
    url: Address = ""
    style: Literal["filled", "outline"] = "filled"
    align: Align = ""


class Button(Node, tag="button", kw_only=True, gc=False):
    """A link that stands out."""

    attrs: ButtonAttrs = msgspec.field(default_factory=ButtonAttrs)


class CalloutAttrs(_Attrs, kw_only=True, gc=False):
    tone: Literal["info", "success", "warning", "danger"] = "info"
    title: Short = ""


class Callout(Node, tag="callout", kw_only=True, gc=False):
    """Something to notice beside the text."""

    attrs: CalloutAttrs = msgspec.field(default_factory=CalloutAttrs)
    content: Annotated[list[Paragraph | BulletList | OrderedList], Meta(min_length=1)]


class ShortcodeAttrs(_Attrs, kw_only=True, gc=False):
    name: Annotated[str, Meta(pattern="^[a-z0-9_-]{0,50}$")] = ""
    attrs_text: Words = ""
    body: Annotated[str, Meta(max_length=100_000)] = ""


class Shortcode(Node, tag="shortcode", kw_only=True, gc=False):
    """Something that a plugin shows, by its name."""

    attrs: ShortcodeAttrs = msgspec.field(default_factory=ShortcodeAttrs)


class PatternAttrs(_Attrs, kw_only=True, gc=False):
    pattern: Number = 0


class Pattern(Node, tag="pattern", kw_only=True, gc=False):
    """A piece that is written once and shown in many places."""

    attrs: PatternAttrs = msgspec.field(default_factory=PatternAttrs)


class Separator(Node, tag="separator", kw_only=True, gc=False):
    """A line between two thoughts."""

    attrs: _Attrs = msgspec.field(default_factory=_Attrs)


class HtmlAttrs(_Attrs, kw_only=True, gc=False):
    html: str = ""


class Html(Node, tag="html", kw_only=True, gc=False):
    """What no other block can say, cleaned by the one allow-list."""

    attrs: HtmlAttrs = msgspec.field(default_factory=HtmlAttrs)


Leaf = (
    Paragraph
    | Heading
    | BulletList
    | OrderedList
    | Quote
    | Code
    | Table
    | Image
    | Gallery
    | Embed
    | Button
    | Callout
    | Shortcode
    | Pattern
    | Separator
    | Html
)


class ColumnAttrs(_Attrs, kw_only=True, gc=False):
    width: Annotated[int, Meta(ge=0, le=90)] = 0


class Column(Node, tag="column", kw_only=True, gc=False):
    """One of some columns; `width` is a share in percent, 0 an equal one."""

    attrs: ColumnAttrs = msgspec.field(default_factory=ColumnAttrs)
    content: Annotated[list[Leaf], Meta(min_length=1)]


class Columns(Node, tag="columns", kw_only=True, gc=False):
    """Blocks beside each other; below each other where there is no room."""

    attrs: _Attrs = msgspec.field(default_factory=_Attrs)
    content: Annotated[list[Column], Meta(min_length=2, max_length=4)]


class More(Node, tag="more", kw_only=True, gc=False):
    """What comes before it is the teaser."""

    attrs: _Attrs = msgspec.field(default_factory=_Attrs)


class PageBreak(Node, tag="page_break", kw_only=True, gc=False):
    """The next part of a paged post begins."""

    attrs: _Attrs = msgspec.field(default_factory=_Attrs)


class Document(Node, tag="doc", kw_only=True, gc=False):
    """All blocks, in their order."""

    content: list[Leaf | Columns | More | PageBreak] = []


class Whole(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What is stored: a version of the format, and the document."""

    version: Literal[1]
    doc: Document
