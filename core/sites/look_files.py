"""Pictures of logos and icons: made from what people upload, kept beside the look, handed out for a year."""

import asyncio
import hashlib
import io

import msgspec
from PIL import Image

from core.accounts import require
from core.db import tenant_work
from core.errors import Invalid, NotFound
from core.i18n import gettext as _
from core.media import clean_picture
from core.sites.look_tables import LookFile
from core.themes import ICON_SIZES, Icon, Logo

__all__ = ["PictureFile", "keep_icon", "keep_logo", "look_file"]

_LOGO = (800, 160)
"""Most pixels of a logo: twice what themes show."""
_ICON_LEAST = 192
_OPAQUE = 180
"""Telephones that ask for this size show black where it is transparent."""


class PictureFile(msgspec.Struct, frozen=True):
    """A picture as it is handed out."""

    mime_type: str
    data: bytes


async def look_file(name: str) -> PictureFile:
    """Return a picture of the current site's logos and icons.

    Raises:
        NotFound: There is none of this name.
    """
    rows = await LookFile.select(LookFile.mime_type, LookFile.data).where(LookFile.name == name)
    if not rows:
        raise NotFound
    return PictureFile(rows[0]["mime_type"], bytes(rows[0]["data"]))


async def keep_logo(data: bytes) -> Logo:
    """Keep a picture as a logo: decoded, made small, written anew without what cameras and programs put in.

    Raises:
        Forbidden: The actor may not change the look.
        Invalid: It is no picture, or a damaged one; under "file".
        TooLarge: It has too many bytes or pixels.
    """
    await require("edit_theme_options")
    made = await asyncio.to_thread(_logo, await clean_picture(data))
    name = f"logo-{_digest(made[0])}.webp"
    await _keep({name: ("image/webp", made[0])})
    return Logo(name, made[1], made[2])


async def keep_icon(data: bytes) -> Icon:
    """Keep a picture as the site's icon, in every size that browsers and telephones ask for.

    Raises:
        Forbidden: The actor may not change the look.
        Invalid: It is no picture, a damaged one, or too small; under "file".
        TooLarge: It has too many bytes or pixels.
    """
    await require("edit_theme_options")
    made = await asyncio.to_thread(_icons, await clean_picture(data))
    icon = Icon(_digest(b"".join(made.values())))
    await _keep({f"icon-{size}-{icon.digest}.png": ("image/png", picture) for size, picture in made.items()})
    return icon


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


async def _keep(files: dict[str, tuple[str, bytes]]) -> None:
    async with tenant_work():
        known = await LookFile.select(LookFile.name).where(LookFile.name.is_in(list(files)))
        there = {row["name"] for row in known}
        for name, (mime_type, data) in files.items():
            if name not in there:
                await LookFile.insert(LookFile(name=name, mime_type=mime_type, data=data))


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:  # written by ourselves, upright
        return image.convert("RGBA")


def _logo(data: bytes) -> tuple[bytes, int, int]:
    image = _opened(data)
    bounds = image.getchannel("A").getbbox()
    if bounds is None:
        raise Invalid({"file": _("The picture is empty: all of it is transparent.")})
    image = image.crop(bounds)  # air around it would make it smaller than it looks
    image.thumbnail(_LOGO, Image.Resampling.LANCZOS)
    solid = image.getchannel("A").getextrema() == (255, 255)
    out = io.BytesIO()
    (image.convert("RGB") if solid else image).save(out, "WEBP", lossless=not solid, quality=90, method=6)
    return out.getvalue(), image.width, image.height


def _icons(data: bytes) -> dict[int, bytes]:
    image = _opened(data)
    if min(image.size) < _ICON_LEAST:
        raise Invalid({"file": _("The icon needs at least {size} pixels each way.").format(size=_ICON_LEAST)})
    edge = max(image.size)
    square = Image.new("RGBA", (edge, edge), (0, 0, 0, 0))
    square.alpha_composite(image, ((edge - image.width) // 2, (edge - image.height) // 2))
    made = {}
    for size in ICON_SIZES:
        picture = square.resize((size, size), Image.Resampling.LANCZOS)
        if size == _OPAQUE:
            ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
            ground.alpha_composite(picture)
            picture = ground.convert("RGB")
        out = io.BytesIO()
        picture.save(out, "PNG", optimize=True)
        made[size] = out.getvalue()
    return made
