"""Pictures and galleries of HTML as blocks."""

import re
from typing import Any, Final

from core.content.blocks import model as m
from core.content.blocks.addresses import link_address, picture_address
from core.content.blocks.inline_html import inline_nodes
from core.content.blocks.tree import Element, text_of

__all__ = ["gallery_block", "image_block", "place_of"]

Blocks = list[Any]

_OURS: Final = re.compile(r"(?:https?://[^/]+)?/media/(\d{1,15})/[^/?#]+")
_PLACES: Final = {"alignleft": "left", "alignright": "right", "alignwide": "wide", "alignfull": "full"}


def place_of(element: Element) -> m.Place:
    """Return where a picture stands, by its classes."""
    for name in element.classes:
        found = _PLACES.get(name)
        if found is not None:
            return found  # type: ignore[return-value]  # values stand above
    return ""


def _number(image: Element) -> int:
    found = _OURS.fullmatch(image.attrs.get("src", ""))
    # a picture of another site may look like one of ours: only paths are
    return int(found[1]) if found is not None and image.attrs["src"].startswith("/") else 0


def image_block(image: Element, link: Element | None, caption: Element | None, place: m.Place = "") -> Blocks:
    """Return a picture as a block, nothing for one that comes from nowhere."""
    src, number = image.attrs.get("src", ""), _number(image)
    if not number and (not picture_address(src) or len(src) > 2000):
        return []
    href = link.attrs.get("href", "") if link is not None else ""
    alt = " ".join(image.attrs.get("alt", "").split())[:10_000]
    attrs = m.ImageAttrs(
        media=number,
        src="" if number else src,
        alt=alt or None,
        align=place or place_of(image),
        link=href if href and link_address(href) and len(href) <= 2000 else "",
    )
    content = inline_nodes(caption.children) if caption is not None else []
    return [m.Image(attrs=attrs, content=content)]


def gallery_block(element: Element) -> Blocks:
    """Return a gallery of pictures of the library; nothing if it is none, or holds more than pictures and captions."""
    classes = element.classes
    if not any(
        name in ("wp-block-gallery", "gallery", "gallery-figure", "blocks-gallery-grid") for name in classes
    ):
        return []
    images: list[m.GalleryImage] = []
    words: list[str] = []
    for figure in element.walk():
        if figure.tag == "img":
            number = _number(figure)
            if not number:
                return []
            alt = " ".join(figure.attrs.get("alt", "").split())
            images.append(m.GalleryImage(media=number, alt=alt or None))
        elif figure.tag == "figcaption" and images:
            told = text_of(figure)
            words.append(told)
            inside = any(figure in list(f.walk()) for f in element.walk() if f.tag in ("figure", "li"))
            if inside:
                images[-1].caption = told
    direct = [c for c in element.children if isinstance(c, Element) and c.tag == "figcaption"]
    caption = text_of(direct[0]) if direct else ""
    if (
        not images
        or len(images) > 200
        or text_of(element) != " ".join(filter(None, words))
        or len(caption) > 1000
    ):
        return []
    columns = next((int(name[8:]) for name in classes if re.fullmatch(r"columns-[1-6]", name)), 3)
    return [m.Gallery(attrs=m.GalleryAttrs(columns=columns, images=images, caption=caption))]
