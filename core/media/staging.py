"""A file on its way in: told by its bytes, read in the capped process, and nowhere kept until all of that went well."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

import msgspec

from core.capped import Limits, pictures, run_capped
from core.contract.media import MediaIntake, ReceivedFile, TakenFile
from core.contract.views import MediaView
from core.errors import Invalid, TooLarge
from core.hooks import collect, do_action
from core.i18n import gettext as _
from core.media.inspect import HEAD, MAX_UPLOAD, Sniffed, sniff
from core.media.storage import full_disk_is_said
from hookspecs import media as hooks

__all__ = ["PICTURES", "Staged", "clean_picture", "cut_picture", "staged"]

PICTURES: Final = Limits(memory=1_200_000_000, cpu=20, wall=60)
"""What a picture may use: 50 million pixels in colour, twice, and the libraries around them."""
_CHUNK: Final = 1024 * 1024
_Keep = Callable[[MediaView, Mapping[str, Any]], Awaitable[None]]


class Staged(msgspec.Struct, frozen=True, kw_only=True):
    """A file that may be kept: clean, in a folder that is gone when the block ends."""

    folder: Path
    path: Path
    size: int
    digest: str
    """SHA-256 of the bytes that will be kept."""
    mime_type: str
    extension: str
    kind: str
    width: int | None = None
    height: int | None = None
    moving: bool = False
    square: int = 0
    """Side of the small picture at `folder / "square"`, 0 for none."""
    preview: Path | None = None
    """A picture that stands for the file, clean."""
    intake: str = ""
    sealed: bool = False
    sealed_because: tuple[str, ...] = ()
    access_level: str = ""
    data: Mapping[str, Any] = {}
    keep: _Keep | None = None


@asynccontextmanager
async def staged(file: IO[bytes], filename: str) -> AsyncIterator[Staged]:
    """Take a file in and look at it wholly; it is gone after the block.

    Args:
        file: It, open for reading.
        filename: What it is called where it comes from. Nothing is told from it.

    Raises:
        TooLarge: It has too many bytes.
        Invalid: It is damaged, too many pixels, or of no kind that is taken; under "file".
        TookTooMuch: It needs more memory or time than a file may take.
        Refused: A plugin turned it away.
        StorageFull: There is no room for it.
    """
    with TemporaryDirectory(prefix="vitral-media-") as name:
        folder = Path(name)
        source = folder / "source"
        with full_disk_is_said():
            head, size = await asyncio.to_thread(_copy, file, source)
        found = sniff(head)
        intake = None if found is not None else _intake_of(head)
        if found is None and intake is None:
            raise _unknown()
        most = intake.most_bytes if intake is not None else found.most_bytes if found is not None else 0
        if size > most:
            raise TooLarge(_("The file is larger than {limit} MB.").format(limit=most // 1_000_000))
        await do_action(
            hooks.on_media_receiving,
            ReceivedFile(
                filename=filename[:255],
                path=str(source),
                size=size,
                mime_type=found.mime_type if found is not None else "application/octet-stream",
            ),
        )
        if intake is not None:
            yield await _by_intake(intake, source, folder)
        elif found is not None and found.kind == "image":
            yield await _picture(source, folder)
        elif found is not None:
            yield await _as_it_is(found, source, folder)


def _copy(file: IO[bytes], target: Path) -> tuple[bytes, int]:
    size = 0
    head = b""
    with target.open("xb") as out:
        while chunk := file.read(_CHUNK):
            head = head or chunk[:HEAD]
            size += len(chunk)
            if size > MAX_UPLOAD:
                raise TooLarge(_("The file is larger than {limit} MB.").format(limit=MAX_UPLOAD // 1_000_000))
            out.write(chunk)
    return head, size


def _intake_of(head: bytes) -> MediaIntake | None:
    return next((intake for intake in collect(hooks.register_media_intakes) if intake.sniff(head)), None)


def _unknown() -> Invalid:
    more = "".join(f", {_(intake.title)}" for intake in collect(hooks.register_media_intakes))
    known = _("JPEG, PNG, GIF, WebP, AVIF, PDF, MP3, Ogg, WAV, MP4, WebM")
    return Invalid(
        {"file": _("This is no file of a kind that is kept here: {kinds}.").format(kinds=known + more)}
    )


async def _picture(source: Path, folder: Path) -> Staged:
    made = await run_capped(pictures.prepare, PICTURES, source=str(source), folder=str(folder))
    return await _picture_of(made, folder)


async def _picture_of(made: Mapping[str, Any], folder: Path) -> Staged:
    main = folder / "main"
    return Staged(
        folder=folder,
        path=main,
        size=main.stat().st_size,
        digest=await asyncio.to_thread(_digest, main),
        mime_type=made["mime_type"],
        extension=made["extension"],
        kind="image",
        width=made["width"],
        height=made["height"],
        moving=made["moving"],
        square=made["square"],
    )


async def cut_picture(source: Path, folder: Path, box: tuple[int, int, int, int] | None) -> Staged:
    """Return the part of a picture of ours that lies in a box: left, top, width and height; None for all of it.

    Raises:
        Invalid: The box lies outside, or the picture moves; under "file".
    """
    if box is None:
        return await _picture(source, folder)
    made = await run_capped(pictures.cut, PICTURES, source=str(source), folder=str(folder), box=list(box))
    return await _picture_of(made, folder)


async def clean_picture(data: bytes) -> bytes:
    """Return a picture upright and without metadata, decoded to the last pixel in the capped process.

    Raises:
        Invalid: It is no picture, damaged, or has too many pixels; under "file".
        TookTooMuch: It needs more memory or time than a picture may take.
    """
    with TemporaryDirectory(prefix="vitral-media-") as name:
        folder = Path(name)
        source = folder / "source"
        await asyncio.to_thread(source.write_bytes, data)
        await run_capped(pictures.prepare, PICTURES, source=str(source), folder=name)
        return await asyncio.to_thread((folder / "main").read_bytes)


async def _as_it_is(found: Sniffed, source: Path, folder: Path) -> Staged:
    return Staged(
        folder=folder,
        path=source,
        size=source.stat().st_size,
        digest=await asyncio.to_thread(_digest, source),
        mime_type=found.mime_type,
        extension=found.extension,
        kind=found.kind,
    )


async def _by_intake(intake: MediaIntake, source: Path, folder: Path) -> Staged:
    results = folder / "results"
    results.mkdir()
    limits = Limits(memory=intake.memory, cpu=intake.seconds, wall=intake.seconds * 2)
    more = intake.arguments() if intake.arguments is not None else {}
    made = await run_capped(intake.process, limits, source=str(source), folder=str(results), **more)
    taken = msgspec.convert(made, TakenFile)
    path = _inside(results, taken.path)
    square, preview = 0, None
    if taken.preview and not taken.sealed:  # a small picture shows what sealing hides
        shown = await run_capped(
            pictures.prepare, PICTURES, source=str(_inside(results, taken.preview)), folder=str(folder)
        )
        square, preview = shown["square"], folder / "main"
    return Staged(
        folder=folder,
        path=path,
        size=path.stat().st_size,
        digest=await asyncio.to_thread(_digest, path),
        mime_type=taken.mime_type,
        extension=taken.extension,
        kind=taken.kind,
        width=taken.width,
        height=taken.height,
        square=square,
        preview=preview,
        intake=intake.name,
        sealed=taken.sealed,
        sealed_because=taken.sealed_because,
        access_level=taken.access_level,
        data=taken.data,
        keep=intake.keep,
    )


def _inside(folder: Path, name: str) -> Path:
    found = Path(name).resolve()
    if not found.is_relative_to(folder.resolve()) or not found.is_file():
        raise Invalid({"file": _("The file is damaged, or is not what it says it is.")})
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
