"""From HTML to blocks: of what is pasted, and of texts that are converted. No word is lost.

What blocks can't say stays as it was, in a block of HTML.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from core.content.blocks import model as m
from core.content.blocks.addresses import link_address, web_address
from core.content.blocks.clean import encode
from core.content.blocks.inline import PlainText
from core.content.blocks.inline_html import inline_nodes, is_inline, split_pictures
from core.content.blocks.pictures_html import gallery_block, image_block, place_of
from core.content.blocks.tree import Element, Node, only_child, parse, serialise, text_of
from core.content.formats import ID_PREFIX, MARK, clean_html
from core.content.providers import provider_of
from core.content.shortcodes import alone_shortcode, has_shortcode
from core.text import whole_number

__all__ = ["document_of", "html_to_blocks"]

Blocks = list[Any]

_ALIGN: Final[dict[str, m.Align]] = {
    "has-text-align-center": "center",
    "has-text-align-right": "right",
    "aligncenter": "center",
}
_ANCHOR: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"(?:language|lang)-([a-z0-9+#._-]{1,30})")
_THROUGH: Final = frozenset({"div", "section", "article", "header", "footer", "main", "aside", "center", ""})
"""Elements that only hold others: what is in them is converted."""


def html_to_blocks(markup: str) -> str:
    """Return HTML as a document of blocks.

    Raises:
        Invalid: It is too long or too deep, or holds characters that can't be stored; under "content".
    """
    return encode(m.Whole(version=1, doc=document_of(clean_html(markup))))


def document_of(markup: str) -> m.Document:
    """Return cleaned HTML as a document."""
    blocks: Blocks = []
    for index, piece in enumerate(MARK.split(markup)):
        if index % 2:
            blocks.append(m.PageBreak() if "nextpage" in piece.lower() else m.More())
        elif piece.strip():
            blocks.extend(_blocks(parse(piece).children))
    return m.Document(content=blocks)


def _align(element: Element) -> m.Align:
    for name in element.classes:
        if name in _ALIGN:
            return _ALIGN[name]
    return ""


def _html(nodes: Iterable[Node]) -> m.Html:
    return m.Html(attrs=m.HtmlAttrs(html="".join(serialise(node) for node in nodes).strip()))


def _blocks(nodes: Sequence[Node]) -> Blocks:
    """Return nodes as blocks; words and inline elements that stand between blocks become paragraphs."""
    out: Blocks = []
    loose: list[Node] = []

    def flush() -> None:
        if any(text_of(node) or not isinstance(node, str) for node in loose):
            out.extend(_paragraphs(Element("p", {}, list(loose))))
        loose.clear()

    for node in nodes:
        if isinstance(node, str) or is_inline(node):
            loose.append(node)
        else:
            flush()
            out.extend(_block(node))
    flush()
    return out


def _block(element: Element) -> Blocks:
    tag, classes = element.tag, element.classes
    if tag == "p":
        return _paragraphs(element)
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return _heading(element)
    if tag in ("ul", "ol"):
        return gallery_block(element) or _list(element) or [_html([element])]
    if tag == "blockquote":
        return _quote(element)
    if tag == "pre":
        return _code(element)
    if tag == "hr":
        return [m.Separator()]
    if tag == "table":
        return _table(element, "") or [_html([element])]
    if tag in ("figure", "picture", "img"):
        return _figure(element)
    if tag == "aside" and "callout" in classes:
        return _callout(element) or [_html([element])]
    if tag == "div" and ("wp-block-columns" in classes or "columns" in classes):
        return _columns(element) or _blocks(element.children)
    if tag == "a":  # a link around blocks
        image = element.find("img")
        return (
            image_block(image, element, None)
            if image is not None and not text_of(element)
            else [_html([element])]
        )
    lone = only_child(element)
    if (
        tag == "div"
        and lone is not None
        and lone.tag == "a"
        and _is_button(lone)
        and (made := _button(lone, element))
    ):
        return made
    return _blocks(element.children) if tag in _THROUGH else [_html([element])]


def _paragraphs(element: Element) -> Blocks:
    """Return a paragraph as blocks: pictures, addresses of embeds, buttons and shortcodes in it are blocks of their own."""
    words = text_of(element)
    lone = only_child(element)
    if element.find("img") is not None:
        out: Blocks = []
        for piece in split_pictures(element):
            if piece.tag == "p":
                out.extend(_paragraphs(piece))
            elif piece.tag == "img":
                out.extend(image_block(piece, None, None))
            else:
                for image in piece.walk():
                    out.extend(image_block(image, piece, None) if image.tag == "img" else [])
        return out
    if web_address(words) and provider_of(words) is not None:
        return [m.Embed(attrs=m.EmbedAttrs(url=words))]
    if lone is not None and lone.tag == "a" and _is_button(lone):
        return _button(lone, element) or [_html([element])]
    shortcode = alone_shortcode(serialise(Element("", {}, element.children)).strip())
    if shortcode is not None:
        name, attrs, body = shortcode
        return [m.Shortcode(attrs=m.ShortcodeAttrs(name=name, attrs_text=attrs, body=body))]
    if has_shortcode(words):
        return [_html([element])]
    content = inline_nodes(element.children)
    return [m.Paragraph(attrs=m.ParagraphAttrs(align=_align(element)), content=content)] if content else []


def _is_button(link: Element) -> bool:
    return any(name in ("wp-block-button__link", "button") for name in link.classes)


def _button(link: Element, around: Element) -> Blocks:
    url = link.attrs.get("href", "")
    outline = any(name in ("button-outline", "is-style-outline") for name in [*link.classes, *around.classes])
    attrs = m.ButtonAttrs(
        text=text_of(link)[:1000],
        url=url if link_address(url) and len(url) <= 2000 else "",
        style="outline" if outline else "filled",
        align=_align(around),
    )
    return [m.Button(attrs=attrs)] if attrs.text and len(text_of(link)) <= 1000 else []


def _heading(element: Element) -> Blocks:
    if element.find("img") is not None:
        return _paragraphs(Element("p", element.attrs, element.children))
    content = inline_nodes(element.children)
    anchor = element.attrs.get("id", "").removeprefix(ID_PREFIX)
    level = max(2, int(element.tag[1]))
    attrs = m.HeadingAttrs(
        level=level,
        anchor=anchor if _ANCHOR.fullmatch(anchor) and len(anchor) <= 100 else "",
        align=_align(element),
    )
    return [m.Heading(attrs=attrs, content=content)] if content else []


def _list(element: Element) -> Blocks:
    """Return a list, nothing if an item holds what items can't."""
    items = []
    for child in element.children:
        if isinstance(child, str):
            if child.strip():
                return []
            continue
        if child.tag != "li" or "value" in child.attrs:
            return []
        content = _blocks(child.children)
        if not content or not isinstance(content[0], m.Paragraph):
            content.insert(0, m.Paragraph())
        if not all(isinstance(block, m.Paragraph | m.BulletList | m.OrderedList) for block in content):
            return []
        items.append(m.ListItem(content=content))
    if not items or "reversed" in element.attrs or _depth(items) > 4:
        return []
    if element.tag == "ul":
        return [m.BulletList(content=items)]
    start = element.attrs.get("start", "1")
    return [m.OrderedList(attrs=m.OrderedAttrs(start=whole_number(start, digits=6) or 1), content=items)]


def _depth(items: Sequence[m.ListItem]) -> int:
    inner = [
        _depth(child.content)
        for item in items
        for child in item.content
        if isinstance(child, m.BulletList | m.OrderedList)
    ]
    return 1 + max(inner, default=0)


def _quote(element: Element) -> Blocks:
    children = [child for child in element.children if not isinstance(child, str) or child.strip()]
    citation = ""
    last = children[-1] if children else ""
    if not isinstance(last, str):
        inner = only_child(last)
        if last.tag in ("cite", "footer") or (last.tag == "p" and inner is not None and inner.tag == "cite"):
            citation = text_of(last)
    if citation and len(citation) <= 1000:
        children.pop()
    else:
        citation = ""
    content = _blocks(children)
    if content and all(
        isinstance(b, m.Paragraph | m.Heading | m.BulletList | m.OrderedList) for b in content
    ):
        return [m.Quote(attrs=m.QuoteAttrs(citation=citation), content=content)]
    return [_html([element])] if text_of(element) else []


def _code(element: Element) -> Blocks:
    inner = only_child(element) or element
    if any(found.tag != "code" for found in element.walk() if found.tag not in ("span", "br")):
        return [_html([element])]
    language = next((found[1] for name in inner.classes if (found := _LANGUAGE.fullmatch(name))), "")
    text = "".join(_lines(element))
    return [m.Code(attrs=m.CodeAttrs(language=language), content=[PlainText(text=text)] if text else [])]


def _lines(element: Element) -> Iterable[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield "\n"
        else:
            yield from _lines(child)


def _table(element: Element, caption: str) -> Blocks:
    rows: list[Element] = []
    heads = 0
    for child in element.children:
        if isinstance(child, str):
            continue
        if child.tag == "caption":
            caption = caption or text_of(child)
        found = (
            [child]
            if child.tag == "tr"
            else [c for c in child.children if isinstance(c, Element) and c.tag == "tr"]
        )
        rows += found
        heads += len(found) if child.tag == "thead" else 0
    cells = [[c for c in row.children if isinstance(c, Element)] for row in rows]
    if not any(cells) or heads > 1 or len(caption) > 1000:
        return []
    header_row = heads == 1 or all(cell.tag == "th" for cell in cells[0])
    body = cells[1:] if header_row else cells
    header_column = bool(body) and all(row and row[0].tag == "th" for row in body)
    made = []
    for row in cells:
        out = [_cell(cell) for cell in row]
        if None in out:
            return []
        made.append(m.TableRow(content=out))  # type: ignore[arg-type]  # no None is left
    attrs = m.TableAttrs(caption=caption, header_row=header_row, header_column=header_column)
    return [m.Table(attrs=attrs, content=made)]


def _cell(cell: Element) -> m.TableCell | None:
    content = _blocks(cell.children) or [m.Paragraph()]
    if not all(isinstance(block, m.Paragraph) for block in content):
        return None
    attrs = m.CellAttrs(
        colspan=min(max(whole_number(cell.attrs.get("colspan", "")) or 1, 1), 100),
        rowspan=min(max(whole_number(cell.attrs.get("rowspan", "")) or 1, 1), 1000),
        align=_align(cell),
    )
    return m.TableCell(attrs=attrs, content=content)


def _figure(element: Element) -> Blocks:
    caption = element.find("figcaption")
    images = [found for found in element.walk() if found.tag == "img"]
    if element.tag == "img":
        return image_block(element, None, None) or ([_html([element])] if element.attrs.get("alt") else [])
    if len(images) > 1:
        return gallery_block(element) or [_html([element])]
    if len(images) == 1:
        link = element.find("a")
        words = text_of(element)
        if link is not None and images[0] not in list(link.walk()):
            link = None
        told = text_of(caption) if caption is not None else ""
        if words == told and (caption is None or all(is_inline(c) for c in caption.walk())):
            return image_block(images[0], link, caption, place_of(element))
        return [_html([element])]
    table = element.find("table")
    if (
        table is not None
        and text_of(element) == f"{text_of(table)} {text_of(caption) if caption else ''}".strip()
    ):
        return _table(table, text_of(caption) if caption is not None else "") or [_html([element])]
    rest = [child for child in element.children if child is not caption]
    address = text_of(Element("p", {}, rest))
    told = text_of(caption) if caption is not None else ""
    if web_address(address) and provider_of(address) is not None and len(told) <= 1000:
        return [m.Embed(attrs=m.EmbedAttrs(url=address, caption=told))]
    return (
        [_html([element])]
        if caption is not None or element.find("video", "audio")
        else _blocks(element.children)
    )


def _callout(element: Element) -> Blocks:
    tone = next(
        (
            name[8:]
            for name in element.classes
            if name in ("callout-info", "callout-success", "callout-warning", "callout-danger")
        ),
        "info",
    )
    children = [child for child in element.children if not isinstance(child, str) or child.strip()]
    title = ""
    if children and isinstance(children[0], Element) and "callout-title" in children[0].classes:
        title = text_of(children[0])
        children = children[1:]
    content = _blocks(children)
    if (
        not content
        or len(title) > 1000
        or not all(isinstance(b, m.Paragraph | m.BulletList | m.OrderedList) for b in content)
    ):
        return []
    return [m.Callout(attrs=m.CalloutAttrs(tone=tone, title=title), content=content)]  # type: ignore[arg-type]  # one of four


def _columns(element: Element) -> Blocks:
    columns = [child for child in element.children if isinstance(child, Element)]
    loose = any(isinstance(child, str) and child.strip() for child in element.children)
    if (
        loose
        or not 2 <= len(columns) <= 4
        or not all("wp-block-column" in column.classes or "column" in column.classes for column in columns)
    ):
        return []
    made = []
    for column in columns:
        content = _blocks(column.children) or [m.Paragraph()]
        if any(isinstance(block, m.Columns) for block in content):
            return []
        width = next(
            (int(name[7:]) for name in column.classes if re.fullmatch(r"column-[1-9][0-9]", name)), 0
        )
        made.append(m.Column(attrs=m.ColumnAttrs(width=width if 10 <= width <= 90 else 0), content=content))
    return [m.Columns(content=made)]
