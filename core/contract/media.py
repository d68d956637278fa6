"""Files of the library: what plugins bring to it, and what they are told about it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec

from core.contract.views import MediaView

__all__ = [
    "FileRefused",
    "MediaIntake",
    "MediaUsage",
    "MediaUsageSource",
    "ReceivedFile",
    "RenditionSize",
    "TakenFile",
]


class FileRefused(Exception):
    """A file is not taken. Raised in the capped process, read by people.

    Args:
        message: An English message id; placeholders as in `str.format`.
        values: What stands in them.
    """

    def __init__(self, message: str, **values: str | int) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


class ReceivedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is about to be kept; nothing of it is stored yet."""

    filename: str
    """What it is called where it comes from. Not to be trusted."""
    path: str
    """Where its bytes lie for the moment, to be read only."""
    size: int
    mime_type: str
    """Told from its bytes."""


class RenditionSize(msgspec.Struct, frozen=True, kw_only=True):
    """A size that pictures of the library are made in."""

    width: int
    height: int = 0
    """0 keeps the picture's proportions; else it is cropped around the focal point."""
    shape: str = ""
    """Name of the crop; "" for the whole picture. A plugin's begins with its own name."""
    formats: tuple[Literal["webp", "avif", "jpg"], ...] = ("webp", "avif")


class TakenFile(msgspec.Struct, frozen=True, kw_only=True):
    """What an intake makes of a file, in the capped process. Returned as a mapping of these names."""

    path: str
    """The file to keep; it lies in the folder that `process` was given."""
    mime_type: str
    extension: str
    """Letters and digits, without a dot."""
    kind: Literal["image", "video", "audio", "document"] = "document"
    preview: str = ""
    """A PNG or JPEG in the same folder that stands for it in the library; "" for none."""
    width: int | None = None
    height: int | None = None
    sealed: bool = False
    """It must be sealed: refused while the site has no cipher, and never shown without it."""
    sealed_because: tuple[str, ...] = ()
    """Why it must be sealed, as English message ids: shown where the site has no cipher."""
    access_level: str = ""
    """The level it gets at least; "" for what the uploader chose."""
    data: dict[str, Any] = {}
    """JSON values for `keep`."""


class MediaIntake(msgspec.Struct, frozen=True, kw_only=True):
    """Takes files of a kind that the core does not know, told by their bytes."""

    name: str
    """The plugin's own, or beginning with it; kept with each file that it took."""
    title: str
    """What it takes, as an English message id: shown where people upload."""
    sniff: Callable[[bytes], bool]
    """Tells from the first 4096 bytes whether it may be such a file. Called in the server: look, don't parse."""
    process: Callable[..., Mapping[str, Any]]
    """`process(source, folder)`: both are paths. A function at the top of a module that imports little;
    it runs in the capped process, without database, network rights of the server or secrets, and returns the
    fields of a `TakenFile`. It raises `FileRefused` for what people should read."""
    arguments: Callable[[], Mapping[str, Any]] | None = None
    """Called in the server, within the site; returns JSON values that `process` gets as further arguments."""
    keep: Callable[[MediaView, Mapping[str, Any]], Awaitable[None]] | None = None
    """Called with `TakenFile.data` inside the unit of work, once the file has its row; may raise `Refused`."""
    most_bytes: int = 100_000_000
    memory: int = 1_200_000_000
    seconds: int = 30


class MediaUsage(msgspec.Struct, frozen=True, kw_only=True):
    """A place that shows a file."""

    title: str
    """What the place is called; plain text."""
    kind: str
    """What it is there, as an English message id: "Featured image", "In the text"."""
    url: str = ""
    """Where an editor finds it, "" for nowhere."""


class MediaUsageSource(msgspec.Struct, frozen=True, kw_only=True):
    """Knows places that show files."""

    name: str
    find: Callable[[Sequence[MediaView]], Awaitable[Mapping[UUID, Sequence[MediaUsage]]]]
    """Returns places by the file's id: a fixed number of queries, however many files."""
