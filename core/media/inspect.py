"""What a file is, told from its bytes and never from its name (control UP01)."""

import io
import warnings

import msgspec
from PIL import Image, UnidentifiedImageError

from core.errors import Invalid, TooLarge
from core.i18n import gettext as _

__all__ = ["MAX_BYTES", "MAX_PIXELS", "Inspected", "inspect_file"]

MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
"""Asked of the header, before anything is decoded (control UP02)."""
_MAX_FRAMES = 500

_IMAGES = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"),
}
_SIGNATURES: tuple[tuple[int, bytes, str, str, str], ...] = (
    (0, b"%PDF-", "application/pdf", "pdf", "document"),
    (0, b"ID3", "audio/mpeg", "mp3", "audio"),
    (0, b"\xff\xfb", "audio/mpeg", "mp3", "audio"),
    (0, b"OggS", "audio/ogg", "ogg", "audio"),
    (4, b"ftypM4A", "audio/mp4", "m4a", "audio"),
    (4, b"ftyp", "video/mp4", "mp4", "video"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm", "webm", "video"),
)


class Inspected(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is."""

    mime_type: str
    extension: str
    kind: str
    """"image", "video", "audio" or "document"."""
    width: int | None = None
    height: int | None = None


def inspect_file(data: bytes) -> Inspected:
    """Tell what a file is. Images are decoded to their last pixel. It takes a while: call it in a thread.

    Raises:
        TooLarge: More bytes or pixels than are taken.
        Invalid: It is damaged, or of no kind that is taken; under "file".
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(_("The file is larger than {limit} MB.").format(limit=MAX_BYTES // 1_000_000))
    if not data:
        raise Invalid({"file": _("The file is empty.")})
    image = _image(data)
    if image is not None:
        return image
    for offset, mark, mime_type, extension, kind in _SIGNATURES:
        if data[offset : offset + len(mark)] == mark:
            return Inspected(mime_type=mime_type, extension=extension, kind=kind)
    raise Invalid(
        {"file": _("This is no file of a kind that is kept here: JPEG, PNG, GIF, WebP, PDF, MP3, MP4.")}
    )


def _image(data: bytes) -> Inspected | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the limit on pixels is our own
            with Image.open(io.BytesIO(data), formats=list(_IMAGES)) as image:
                return _decoded(image)
    except UnidentifiedImageError:
        return None
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Invalid({"file": _("The image is damaged: {why}.").format(why=error)}) from error


def _decoded(image: Image.Image) -> Inspected:
    width, height = image.size
    frames = int(getattr(image, "n_frames", 1))
    if width * height * frames > MAX_PIXELS or frames > _MAX_FRAMES:
        raise _too_many_pixels()
    for frame in range(frames):
        image.seek(frame)
        image.load()
    mime_type, extension = _IMAGES[image.format or ""]
    return Inspected(mime_type=mime_type, extension=extension, kind="image", width=width, height=height)


def _too_many_pixels() -> TooLarge:
    return TooLarge(
        _("The image has more than {limit} million pixels.").format(limit=MAX_PIXELS // 1_000_000)
    )
