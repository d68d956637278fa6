"""Where the bytes of files lie: one interface over the local folder and S3-compatible stores."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import Protocol
from uuid import UUID

from core.ambient import Ambient
from core.errors import VitralError
from core.i18n import gettext as _

__all__ = ["MediaStorage", "StorageFull", "current_media", "full_disk_is_said", "use_media"]


class StorageFull(VitralError):
    """There is no room for the file."""

    status = 507
    slug = "storage-full"


class MediaStorage(Protocol):
    """Keeps files of sites under names that are made here, never by people (control UP04).

    A file is whole under its name or not there. Names are never used twice, so what was read once stays true.
    """

    async def put(self, tenant: UUID, key: str, source: Path) -> None:
        """Keep the file at `source` under `key`.

        Raises:
            StorageFull: There is no room.
        """
        ...

    async def fetch(self, tenant: UUID, key: str, target: Path) -> None:
        """Copy a kept file to `target`.

        Raises:
            FileNotFoundError: It is not there.
        """
        ...

    def read(self, tenant: UUID, key: str, first: int, length: int) -> AsyncIterator[bytes]:
        """Return a part of a kept file, in pieces.

        Raises:
            FileNotFoundError: It is not there.
        """
        ...

    def local(self, tenant: UUID, key: str) -> Path | None:
        """Return where a file lies on this machine, None where it does not."""
        ...

    async def remove(self, tenant: UUID, keys: Iterable[str]) -> None:
        """Remove kept files; they may be gone already."""
        ...

    async def remove_all(self, tenant: UUID) -> None:
        """Remove everything of a site."""
        ...

    def keys(self, tenant: UUID) -> AsyncIterator[tuple[str, datetime]]:
        """Return what is kept of a site, with the time it was written."""
        ...


@contextmanager
def full_disk_is_said() -> Iterator[None]:
    """Turn a full disk inside the block into an error for people.

    Raises:
        StorageFull: The disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise StorageFull(
                _("There is no room left for files."), hint=_("Tell whoever runs this installation.")
            ) from error
        raise


_storage = Ambient[MediaStorage]("media storage", "use_media(storage)")
current_media, use_media = _storage.get, _storage.use
