"""What blocks are called where two texts are compared."""

from collections.abc import Mapping

from core.i18n import gettext as _

__all__ = ["block_names"]


def block_names() -> Mapping[str, str]:
    """Return names by element of HTML and by type of block, in the reader's language."""
    heading, ordered, picture = _("Heading"), _("Numbered list"), _("Image")
    return {
        **{f"h{level}": heading for level in range(1, 7)},
        "heading": heading,
        "p": _("Paragraph"),
        "paragraph": _("Paragraph"),
        "": _("Paragraph"),
        "ul": _("List"),
        "bullet_list": _("List"),
        "ol": ordered,
        "ordered_list": ordered,
        "blockquote": _("Quote"),
        "quote": _("Quote"),
        "pre": _("Code"),
        "code": _("Code"),
        "table": _("Table"),
        "img": picture,
        "figure": picture,
        "image": picture,
        "gallery": _("Gallery"),
        "embed": _("Embed"),
        "button": _("Button"),
        "callout": _("Callout"),
        "aside": _("Callout"),
        "shortcode": _("Shortcode"),
        "pattern": _("Pattern"),
        "hr": _("Separator"),
        "separator": _("Separator"),
        "more": _("“Read more” mark"),
        "nextpage": _("Page break"),
        "page_break": _("Page break"),
        "html": _("HTML"),
    }
