"""Pictures of the library as elements of a page."""

from html import escape

from core.contract.views import MediaView

__all__ = ["picture", "picture_elsewhere"]


def picture(media: MediaView, alt: str | None) -> str:
    """Return the element of a picture.

    Args:
        media: The file.
        alt: What it shows, in words; "" for a decoration, None for what the library says.
    """
    size = f' width="{media.width}" height="{media.height}"' if media.width and media.height else ""
    words = escape(media.alt if alt is None else alt)
    return f'<img src="{escape(media.url)}" alt="{words}"{size} loading="lazy" decoding="async">'


def picture_elsewhere(url: str, alt: str) -> str:
    """Return the element of a picture that lies elsewhere."""
    return f'<img src="{escape(url)}" alt="{escape(alt)}" loading="lazy" decoding="async">'
