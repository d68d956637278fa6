"""Pictures of the library as elements of a page."""

from html import escape
from typing import Final

from core.contract.views import MediaView
from core.media import responsive_image

__all__ = ["picture", "picture_elsewhere"]

_SIZES: Final = {
    "": "(min-width: 46rem) 44rem, 100vw",
    "left": "(min-width: 46rem) 22rem, 100vw",
    "right": "(min-width: 46rem) 22rem, 100vw",
    "wide": "(min-width: 66rem) 64rem, 100vw",
    "full": "100vw",
}
"""How wide a picture of the text is shown, by its place: themes keep near to these."""


def picture(
    media: MediaView, alt: str | None, place: str = "", columns: int = 1, *, crop: bool = False
) -> str:
    """Return the element of a picture, in the widths that there are of it.

    Args:
        media: The file.
        alt: What it shows, in words; "" for a decoration, None for what the library says.
        place: Where it stands in the text: "", "left", "right", "wide" or "full".
        columns: How many stand beside each other.
        crop: Whether it is shown as a square, around its focal point.
    """
    sizes = _SIZES[place] if columns == 1 else f"(min-width: 46rem) {44 // columns}rem, {100 // columns}vw"
    return str(responsive_image(media, sizes, "square" if crop else "", alt=alt))


def picture_elsewhere(url: str, alt: str) -> str:
    """Return the element of a picture that lies elsewhere."""
    return f'<img src="{escape(url)}" alt="{escape(alt)}" loading="lazy" decoding="async">'
