"""From a document to a template: HTML that is ready, and slots for what lives elsewhere.

Everything that people typed is escaped here, so no second cleaning is needed; addresses were checked
when the document was stored and are checked again, and pieces of HTML go through the allow-list again.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from core.content.blocks import model as m
from core.content.blocks.addresses import link_address, picture_address, web_address
from core.content.formats import ID_PREFIX, MARK, MORE, NEXT_PAGE, shown_html
from core.content.pictures import picture_elsewhere
from core.content.pieces import Slot, Template
from core.content.shortcodes import HtmlSlot, shortcode_block
from core.content.slots import EmbedSlot, GallerySlot, Listed, PatternSlot, PictureSlot

__all__ = ["compile_document"]

Parts = list[str | Slot]

_TAGS: Final[dict[type, tuple[str, str]]] = {
    m.Bold: ("<strong>", "</strong>"),
    m.Italic: ("<em>", "</em>"),
    m.Underline: ("<u>", "</u>"),
    m.Strike: ("<s>", "</s>"),
    m.CodeMark: ("<code>", "</code>"),
    m.Sub: ("<sub>", "</sub>"),
    m.Sup: ("<sup>", "</sup>"),
    m.Highlight: ("<mark>", "</mark>"),
}
_SHARES: Final = (25, 33, 40, 50, 60, 67, 75)
_ALIGNED: Final = {
    "": "",
    "center": ' class="has-text-align-center"',
    "right": ' class="has-text-align-right"',
}


def escaped(text: str) -> str:
    """Return text for an element or an attribute."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text.replace('"', "&quot;") if '"' in text else text


def _link(href: str, title: str = "") -> str:
    """Return the begin of a link; ids in content have a prefix, so what leads to them has it too."""
    if not link_address(href):
        return "<a>"
    if href.startswith("#") and len(href) > 1 and not href.startswith(f"#{ID_PREFIX}"):
        href = f"#{ID_PREFIX}{href[1:]}"
    rel = ' rel="noopener"' if web_address(href) else ""
    words = f' title="{escaped(title)}"' if title else ""
    return f'<a href="{escaped(href)}"{words}{rel}>'


def _span(lang: str) -> tuple[str, str]:
    return f'<span lang="{escaped(lang)}">', "</span>"


def _inline(nodes: list[Any]) -> str:
    """Return inline nodes as HTML. Neighbours in one link are one link, for whoever tabs through."""
    out = []
    open_link: m.Link | None = None
    for node in nodes:
        if type(node) is m.HardBreak:
            out.append("<br>")
            continue
        html = escaped(node.text)
        link = None
        for mark in reversed(node.marks):
            tags = _TAGS.get(type(mark))
            if tags is not None:
                html = f"{tags[0]}{html}{tags[1]}"
            elif type(mark) is m.Link:
                link = mark
            else:
                begin, end = _span(mark.attrs.lang)
                html = f"{begin}{html}{end}"
        if link != open_link:
            if open_link is not None:
                out.append("</a>")
            if link is not None:
                out.append(_link(link.attrs.href, link.attrs.title))
            open_link = link
        out.append(html)
    if open_link is not None:
        out.append("</a>")
    return "".join(out)


def _paragraph(node: m.Paragraph, out: Parts) -> None:
    out.append(f"<p{_ALIGNED[node.attrs.align]}>{_inline(node.content)}</p>\n")


def _heading(node: m.Heading, out: Parts) -> None:
    attrs = node.attrs
    anchor = f' id="{ID_PREFIX}{attrs.anchor}"' if attrs.anchor else ""
    out.append(f"<h{attrs.level}{anchor}{_ALIGNED[attrs.align]}>{_inline(node.content)}</h{attrs.level}>\n")


def _items(node: m.BulletList | m.OrderedList, out: Parts) -> None:
    for item in node.content:
        first, *rest = item.content
        if isinstance(first, m.Paragraph) and not any(isinstance(child, m.Paragraph) for child in rest):
            out.append(f"<li{_ALIGNED[first.attrs.align]}>{_inline(first.content)}")
            _blocks(rest, out)
        else:
            out.append("<li>")
            _blocks(item.content, out)
        out.append("</li>\n")


def _bullet_list(node: m.BulletList, out: Parts) -> None:
    out.append("<ul>\n")
    _items(node, out)
    out.append("</ul>\n")


def _ordered_list(node: m.OrderedList, out: Parts) -> None:
    out.append("<ol>\n" if node.attrs.start == 1 else f'<ol start="{node.attrs.start}">\n')
    _items(node, out)
    out.append("</ol>\n")


def _quote(node: m.Quote, out: Parts) -> None:
    out.append("<blockquote>\n")
    _blocks(node.content, out)
    if node.attrs.citation:
        out.append(f'<p class="citation"><cite>{escaped(node.attrs.citation)}</cite></p>\n')
    out.append("</blockquote>\n")


def _code(node: m.Code, out: Parts) -> None:
    language = f' class="language-{escaped(node.attrs.language)}"' if node.attrs.language else ""
    text = escaped("".join(piece.text for piece in node.content))
    out.append(f'<pre tabindex="0"><code{language}>{text}</code></pre>\n')


def _cell(cell: m.TableCell, *, head: str) -> str:
    attrs = cell.attrs
    spans = f' colspan="{attrs.colspan}"' if attrs.colspan > 1 else ""
    spans += f' rowspan="{attrs.rowspan}"' if attrs.rowspan > 1 else ""
    if len(cell.content) == 1:
        align = attrs.align or cell.content[0].attrs.align
        text = _inline(cell.content[0].content)
    else:
        align = attrs.align
        text = "".join(f"<p{_ALIGNED[each.attrs.align]}>{_inline(each.content)}</p>" for each in cell.content)
    tag = "th" if head else "td"
    scope = f' scope="{head}"' if head else ""
    return f"<{tag}{scope}{spans}{_ALIGNED[align]}>{text}</{tag}>"


def _table(node: m.Table, out: Parts) -> None:
    attrs = node.attrs
    caption = f"<caption>{escaped(attrs.caption)}</caption>" if attrs.caption else ""
    rows = list(node.content)
    out.append(f'<div class="table-scroll" tabindex="0"><table>{caption}')
    if attrs.header_row:
        cells = "".join(_cell(cell, head="col") for cell in rows.pop(0).content)
        out.append(f"<thead><tr>{cells}</tr></thead>")
    if rows:
        out.append("<tbody>")
        for row in rows:
            cells = "".join(
                _cell(cell, head="row" if attrs.header_column and index == 0 else "")
                for index, cell in enumerate(row.content)
            )
            out.append(f"<tr>{cells}</tr>")
        out.append("</tbody>")
    out.append("</table></div>\n")


def _image(node: m.Image, out: Parts) -> None:
    attrs = node.attrs
    align = f" align{attrs.align}" if attrs.align else ""
    caption = _inline(node.content)
    begin, end = "", ""
    if attrs.link and link_address(attrs.link):
        begin, end = _link(attrs.link), "</a>"
    before = f'<figure class="media{align}">{begin}'
    after = f"{end}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>\n"
    if attrs.media:
        alt = "" if attrs.decorative else attrs.alt
        out.append(PictureSlot(attrs.media, alt, before, after, caption=caption, place=attrs.align))
    elif picture_address(attrs.src):
        out.append(before + picture_elsewhere(attrs.src, "" if attrs.decorative else attrs.alt or "") + after)


def _gallery(node: m.Gallery, out: Parts) -> None:
    attrs = node.attrs
    images = tuple(Listed(image.media, image.alt, image.caption or None) for image in attrs.images)
    out.append(GallerySlot(images, attrs.columns, crop=attrs.crop, caption=attrs.caption))


def _embed(node: m.Embed, out: Parts) -> None:
    if web_address(node.attrs.url):
        out.append(EmbedSlot(node.attrs.url, node.attrs.caption))


def _button(node: m.Button, out: Parts) -> None:
    attrs = node.attrs
    if not attrs.text:
        return
    classes = "button button-outline" if attrs.style == "outline" else "button"
    place = f" has-text-align-{attrs.align}" if attrs.align else ""
    begin = _link(attrs.url).replace("<a", f'<a class="{classes}"', 1)
    out.append(f'<p class="buttons{place}">{begin}{escaped(attrs.text)}</a></p>\n')


def _columns(node: m.Columns, out: Parts) -> None:
    out.append(f'<div class="columns columns-{len(node.content)}">\n')
    for column in node.content:
        # one of a few shares: pages have no inline styles
        share = min(_SHARES, key=lambda known: abs(known - column.attrs.width))
        width = f" column-{share}" if column.attrs.width else ""
        out.append(f'<div class="column{width}">\n')
        _blocks(column.content, out)
        out.append("</div>\n")
    out.append("</div>\n")


def _callout(node: m.Callout, out: Parts) -> None:
    out.append(f'<aside class="callout callout-{node.attrs.tone}" role="note">\n')
    if node.attrs.title:
        out.append(f'<p class="callout-title">{escaped(node.attrs.title)}</p>\n')
    _blocks(node.content, out)
    out.append("</aside>\n")


def _shortcode(node: m.Shortcode, out: Parts) -> None:
    if node.attrs.name:
        out.extend(shortcode_block(node.attrs.name, node.attrs.attrs_text, shown_html(node.attrs.body)))


def _pattern(node: m.Pattern, out: Parts) -> None:
    if node.attrs.pattern:
        out.append(PatternSlot(node.attrs.pattern))


def _separator(_node: m.Separator, out: Parts) -> None:
    out.append("<hr>\n")


def _html(node: m.Html, out: Parts) -> None:
    html = MARK.sub("", shown_html(node.attrs.html))
    out.append(HtmlSlot(html) if "[" in html or "http" in html else html)
    out.append("\n")


def _more(_node: m.More, out: Parts) -> None:
    out.append(MORE)


def _page_break(_node: m.PageBreak, out: Parts) -> None:
    out.append(NEXT_PAGE)


_WRITERS: Final[dict[type, Callable[[Any, Parts], None]]] = {
    m.Paragraph: _paragraph,
    m.Heading: _heading,
    m.BulletList: _bullet_list,
    m.OrderedList: _ordered_list,
    m.Quote: _quote,
    m.Code: _code,
    m.Table: _table,
    m.Image: _image,
    m.Gallery: _gallery,
    m.Embed: _embed,
    m.Button: _button,
    m.Columns: _columns,
    m.Callout: _callout,
    m.Shortcode: _shortcode,
    m.Pattern: _pattern,
    m.Separator: _separator,
    m.Html: _html,
    m.More: _more,
    m.PageBreak: _page_break,
}


def _blocks(nodes: Iterable[Any], out: Parts) -> None:
    for node in nodes:
        _WRITERS[type(node)](node, out)


def compile_document(document: m.Document) -> Template:
    """Return the template of a document: as few pieces as there can be."""
    parts: Parts = []
    _blocks(document.content, parts)
    joined: Parts = []
    text: list[str] = []
    for part in parts:
        if isinstance(part, str):
            text.append(part)
            continue
        if text:
            joined.append("".join(text))
            text = []
        joined.append(part)
    if text:
        joined.append("".join(text))
    return tuple(joined)
