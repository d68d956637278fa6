"""Pictures in the capped process: decoded to the last pixel, written anew without metadata, cut and made smaller."""

import io
import os
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

from core.contract.media import FileRefused

__all__ = ["cut", "prepare", "render"]

MAX_PIXELS = 50_000_000
"""Of all frames together, asked of the header before anything is decoded (control UP02)."""
_MAX_FRAMES = 500
_MAX_SIDE = 20_000
_KINDS = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"),
    "AVIF": ("image/avif", "avif"),
}
_SQUARE = 320


def _open(source: str) -> Image.Image:
    try:
        image = Image.open(source, formats=list(_KINDS))
    except UnidentifiedImageError:
        raise FileRefused("This is no picture of a kind that is kept here.") from None
    except Image.DecompressionBombError:
        raise _too_large() from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise _damaged(error) from None
    width, height = image.size
    frames = int(getattr(image, "n_frames", 1))
    if width * height * frames > MAX_PIXELS or frames > _MAX_FRAMES or max(width, height) > _MAX_SIDE:
        raise _too_large()
    return image


def _too_large() -> FileRefused:
    return FileRefused("The image has more than {limit} million pixels.", limit=MAX_PIXELS // 1_000_000)


def _damaged(error: Exception) -> FileRefused:
    return FileRefused("The image is damaged: {why}.", why=str(error)[:200] or type(error).__name__)


def _guarded(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's, not the picture's
        raise _damaged(error) from None


def _upright(image: Image.Image) -> Image.Image:
    """Return a picture as it is to be seen: turned as its camera was held, in sRGB, without anything else."""
    turned = ImageOps.exif_transpose(image) or image
    profile = turned.info.get("icc_profile")
    if profile and turned.mode in ("RGB", "RGBA", "L", "CMYK"):
        turned = _in_srgb(turned, profile)
    if turned.mode in ("CMYK", "YCbCr", "LAB", "HSV", "I;16", "I", "F"):
        turned = turned.convert("RGB")
    if turned.mode in ("P", "PA", "LA", "1", "La", "RGBa", "RGBX"):
        clear = turned.mode in ("PA", "LA", "La", "RGBa") or "transparency" in turned.info
        turned = turned.convert("RGBA" if clear else "RGB")
    bare = Image.new(turned.mode, turned.size)
    bare.paste(turned)
    return bare


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        return (
            ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGBA" if image.mode == "RGBA" else "RGB",
            )
            or image
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile is no reason to refuse the picture


def _frames(image: Image.Image) -> Iterator[Image.Image]:
    for frame in ImageSequence.Iterator(image):
        yield frame.convert("RGBA")


def _write_moving(image: Image.Image, target: str, kind: str) -> None:
    """Write a picture that moves, frame by frame."""
    durations = []
    frames = []
    for frame in _frames(image):
        durations.append(int(frame.info.get("duration", image.info.get("duration", 100)) or 100))
        frames.append(frame)
    options: dict[str, Any] = {"duration": durations, "loop": int(image.info.get("loop", 0) or 0)}
    if kind == "GIF":
        options |= {"disposal": 2}
    frames[0].save(target, kind, save_all=True, append_images=frames[1:], **options)


def _write(image: Image.Image, target: str, extension: str, *, master: bool) -> None:
    if extension == "jpg":
        if image.mode != "RGB" and image.mode != "L":
            base = Image.new("RGB", image.size, "white")
            base.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
            image = base
        image.save(target, "JPEG", quality=92 if master else 82, optimize=True, progressive=True)
    elif extension == "png":
        image.save(target, "PNG", optimize=image.width * image.height < 4_000_000)
    elif extension == "gif":
        image.save(target, "GIF")
    elif extension == "webp":
        image.save(target, "WEBP", quality=92 if master else 80, method=4)
    else:
        image.save(target, "AVIF", quality=80 if master else 58, speed=7)


def prepare(source: str, folder: str) -> dict[str, Any]:
    """Decode a picture wholly and write it anew.

    Args:
        source: Where it lies.
        folder: Where the results go: `main` and, unless it is tiny, `square`.

    Returns:
        Type, extension, width and height of `main`, whether it moves, and the side of `square` (0 for none).
    """

    def work() -> dict[str, Any]:
        with _open(source) as image:
            kind = image.format or ""
            mime_type, extension = _KINDS[kind]
            moving = int(getattr(image, "n_frames", 1)) > 1
            main = os.path.join(folder, "main")
            if moving:
                image.load()
                first = image.convert("RGBA")
                _write_moving(image, main, kind)
                width, height = image.size
            else:
                first = _upright(image)
                _write(first, main, extension, master=True)
                width, height = first.size
            side = min(_SQUARE, width, height)
            _write(_fitted(first, side, side, (50, 50)), os.path.join(folder, "square"), "webp", master=False)
        return {
            "mime_type": mime_type,
            "extension": extension,
            "width": width,
            "height": height,
            "moving": moving,
            "square": side,
        }

    found: dict[str, Any] = _guarded(work)
    return found


def cut(source: str, folder: str, box: tuple[int, int, int, int]) -> dict[str, Any]:
    """Cut a part out of a picture.

    Args:
        source: The whole picture, one of ours.
        folder: Where the result goes, as of `prepare`.
        box: Left, top, width and height in its pixels.
    """

    def work() -> str:
        with _open(source) as image:
            if int(getattr(image, "n_frames", 1)) > 1:
                raise FileRefused("A picture that moves can't be cropped.")
            left, top, width, height = box
            if left < 0 or top < 0 or width < 1 or height < 1:
                raise FileRefused("The part to keep lies outside of the picture.")
            if left + width > image.width or top + height > image.height:
                raise FileRefused("The part to keep lies outside of the picture.")
            part = os.path.join(folder, "part")
            _write(
                _upright(image).crop((left, top, left + width, top + height)),
                part,
                _KINDS[image.format or ""][1],
                master=True,
            )
            return part

    part = _guarded(work)
    return prepare(part, folder)


def render(source: str, folder: str, sizes: list[dict[str, Any]], focal: tuple[int, int]) -> list[list[Any]]:
    """Make a picture's renditions.

    Args:
        source: The picture, one of ours.
        folder: Where they go, each called `<width>x<height>.<extension>`.
        sizes: As of `RenditionSize`. Those that are larger than the picture are left out, but the smallest of a
            crop is there in any case, as large as the picture allows.
        focal: What must stay in sight, in percent.

    Returns:
        Shape, width, height and extension of each.
    """

    def work() -> list[list[Any]]:
        made: list[list[Any]] = []
        seen: set[tuple[int, int, str]] = set()
        shapes: set[str] = set()
        with _open(source) as image:
            if int(getattr(image, "n_frames", 1)) > 1:
                sizes[:] = [size for size in sizes if size["shape"]]  # it would stand still
            whole = _upright(image)
        for size in sorted(sizes, key=lambda size: (size["shape"], size["width"])):
            first = size["shape"] not in shapes
            shapes.add(size["shape"])
            smaller = _sized(whole, size["width"], size["height"], focal, always=first)
            if smaller is None:
                continue
            for extension in size["formats"]:
                key = (*smaller.size, extension)
                if key not in seen:
                    seen.add(key)
                    target = os.path.join(folder, f"{smaller.width}x{smaller.height}.{extension}")
                    _write(smaller, target, extension, master=False)
                    made.append([size["shape"], *smaller.size, extension])
        return made

    found: list[list[Any]] = _guarded(work)
    return found


def _sized(
    image: Image.Image, width: int, height: int, focal: tuple[int, int], *, always: bool
) -> Image.Image | None:
    """Return a picture at a size, None if it is smaller; `always` makes the crop smaller instead."""
    if height:
        fits = min(1.0, image.width / width, image.height / height)
        if fits < 1 and not always:
            return None
        return _fitted(image, max(1, round(width * fits)), max(1, round(height * fits)), focal)
    if image.width < width:
        return None
    fitting = max(1, round(image.height * width / image.width))
    return image.resize((width, fitting), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _fitted(image: Image.Image, width: int, height: int, focal: tuple[int, int]) -> Image.Image:
    """Crop around the focal point to the proportions of width and height, then resize."""
    scale = min(image.width / width, image.height / height)
    part = (width * scale, height * scale)
    left = min(max(image.width * focal[0] / 100 - part[0] / 2, 0), image.width - part[0])
    top = min(max(image.height * focal[1] / 100 - part[1] / 2, 0), image.height - part[1])
    box = (left, top, left + part[0], top + part[1])
    return image.resize((width, height), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
