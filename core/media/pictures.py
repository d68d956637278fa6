"""A picture as HTML: in the sizes that there are of it, and never in one that is larger than needed."""

from html import escape
from typing import Final, Literal

from markupsafe import Markup

from core.contract.views import MediaView, RenditionView

__all__ = ["responsive_image"]

_USUAL: Final = 960


def responsive_image(
    media: MediaView,
    sizes: str = "100vw",
    shape: str = "",
    *,
    loading: Literal["lazy", "eager"] = "lazy",
    priority: bool = False,
    alt: str | None = None,
    css: str = "",
) -> Markup:
    """Return the HTML of a picture: `{{ responsive_image(post.featured, sizes="(min-width: 60rem) 40rem, 100vw") }}`.

    Browsers choose the width and the format. Without renditions, which follow a moment after an
    upload, it is the picture itself.

    Args:
        media: The picture.
        sizes: How wide it is shown, as in the attribute of that name.
        shape: "card" (16:9) or "square" for one that is cropped around its focal point; "" for all of it.
            Where it is smaller than that, the whole is shown.
        loading: "lazy" for pictures further down.
        priority: It is the first thing that is seen: it is loaded before others.
        alt: Another alternative text than its own; "" where it stands beside what it shows.
        css: Classes of the `<img>`.
    """
    found = [one for one in media.renditions if one.shape == shape]
    if shape and not found:
        found = [one for one in media.renditions if not one.shape]
    modern = [one for one in found if one.mime_type == "image/avif"]
    usual = [one for one in found if one.mime_type == "image/webp"]
    shown = _nearest(usual)
    src = shown.url if shown is not None else _safe(media.url)
    width = shown.width if shown is not None else media.width
    height = shown.height if shown is not None else media.height
    text = media.alt if alt is None else alt
    parts = [f'<img src="{escape(src)}"']
    if usual:
        parts.append(f'srcset="{_srcset(usual)}" sizes="{escape(sizes)}"')
    parts.append(f'alt="{escape(text)}"')
    if width and height:
        parts.append(f'width="{width}" height="{height}"')
    if css:
        parts.append(f'class="{escape(css)}"')
    if priority:
        parts.append('fetchpriority="high"')
    elif loading == "lazy":
        parts.append('loading="lazy"')
    image = " ".join([*parts, 'decoding="async">'])
    if modern:
        image = (
            f'<picture><source type="image/avif" srcset="{_srcset(modern)}" sizes="{escape(sizes)}">'
            f"{image}</picture>"
        )
    return Markup(image)  # noqa: S704  # every value in it was escaped


def _safe(url: str) -> str:
    """Return an address that a picture may have; that of a file elsewhere came with an import."""
    ours = url.startswith("/") and url[1:2] not in ("/", "\\")
    return url if ours or url.startswith(("https://", "http://")) else "#"


def _srcset(renditions: list[RenditionView]) -> str:
    return escape(", ".join(f"{one.url} {one.width}w" for one in renditions))


def _nearest(renditions: list[RenditionView]) -> RenditionView | None:
    """Return what is shown where nothing is chosen: about a column's width, the widest of those below it."""
    fitting = [one for one in renditions if one.width <= _USUAL]
    return max(fitting or renditions, key=lambda one: one.width, default=None)
