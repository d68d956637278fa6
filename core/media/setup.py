"""What an installation's settings say of files."""

from contextvars import ContextVar

import msgspec

from core.ambient import Using
from core.media.folder import MediaFolder
from core.media.s3 import S3Storage, read_address
from core.media.storage import MediaStorage
from core.settings import Settings

__all__ = ["MediaSetup", "build_storage", "current_setup", "use_setup"]


class MediaSetup(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for every site unless its own row says otherwise."""

    quota: int = 0
    """Bytes that a site may store; 0 for no limit."""


_setup: ContextVar[MediaSetup] = ContextVar("vitral_media_setup", default=MediaSetup())  # noqa: B039  # it is frozen
current_setup = _setup.get


def use_setup(setup: MediaSetup) -> Using[MediaSetup]:
    """Return a context manager: these settings hold inside its block."""
    return Using(_setup, setup)


def build_storage(settings: Settings) -> MediaStorage:
    """Return the storage that an installation's settings name.

    Raises:
        StartError: `media_url` is no address of a store, or the library for it is not installed.
    """
    if not settings.media_url:
        return MediaFolder(settings.var_folder / "media")
    return S3Storage(read_address(settings))
