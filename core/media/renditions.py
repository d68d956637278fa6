"""Smaller versions of a picture, as its row keeps them: one short text, decoded where a view is made."""

from typing import Final

import msgspec

from core.contract.views import RenditionView
from core.media.addresses import rendition_name

__all__ = [
    "MIME",
    "RENDITIONS_JOB",
    "Rendition",
    "Renditions",
    "rendition_key",
    "rendition_views",
    "stored_renditions",
]


RENDITIONS_JOB: Final = "media.renditions"


class Rendition(msgspec.Struct, frozen=True, array_like=True):
    """One of them."""

    shape: str
    """"" for the whole picture, else the name of a crop, such as "square"."""
    width: int
    height: int
    extension: str
    size: int = 0
    """Bytes."""


class Renditions(msgspec.Struct, frozen=True, array_like=True):
    """All of a picture's."""

    base: str
    """What their stored names begin with; the last eight characters stand in their addresses."""
    items: tuple[Rendition, ...] = ()


MIME: Final = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg", "png": "image/png"}
_NONE: Final = Renditions("")
_decode = msgspec.json.Decoder(Renditions).decode


def stored_renditions(text: str) -> Renditions:
    """Return the renditions of a row."""
    return _decode(text) if text else _NONE


def rendition_key(base: str, item: Rendition) -> str:
    """Return where a rendition is stored."""
    return f"{base}-{item.width}x{item.height}.{item.extension}"


def rendition_views(number: int, filename: str, text: str) -> tuple[RenditionView, ...]:
    """Return the renditions of a row as values, in their order."""
    if not text:
        return ()
    found = _decode(text)
    token = found.base[-8:]
    return tuple(
        RenditionView(
            shape=item.shape,
            width=item.width,
            height=item.height,
            mime_type=MIME[item.extension],
            url=f"/media/{number}/{rendition_name(filename, item.width, item.height, token, item.extension)}",
        )
        for item in found.items
    )
