"""Pictures and other files that tests bring."""

import io
from typing import Any

from PIL import Image

__all__ = ["halves", "picture"]


def picture(
    kind: str = "PNG", size: tuple[int, int] = (64, 48), color: str = "teal", **options: Any
) -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind, **options)
    return out.getvalue()


def halves(size: tuple[int, int] = (1600, 900), kind: str = "PNG", **options: Any) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
