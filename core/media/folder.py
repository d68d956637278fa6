"""The local folder: `var/media/<site>/<two letters>/<random name>`."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import anyio

from core.errors import VitralError
from core.media.storage import full_disk_is_said

__all__ = ["MediaFolder"]

_CHUNK = 256 * 1024


class MediaFolder:
    """Keeps files in a folder of this machine; see `MediaStorage`.

    Args:
        root: The folder; it is made with the first file.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def of(self, tenant: UUID) -> Path:
        """Return the folder of a site."""
        return self.root / str(tenant)

    def path(self, tenant: UUID, key: str) -> Path:
        """Return where a kept file lies.

        Raises:
            VitralError: The key leads out of the site's folder.
        """
        folder = self.of(tenant).resolve()
        found = (folder / key).resolve()
        if not found.is_relative_to(folder):
            raise VitralError(f"The path of a media file leads out of its site's folder: {key!r}.")
        return found

    async def put(self, tenant: UUID, key: str, source: Path) -> None:
        """Keep the file at `source`: it is written beside its place and moved there."""
        await asyncio.to_thread(self._put, self.path(tenant, key), source)

    @staticmethod
    def _put(target: Path, source: Path) -> None:
        temporary = target.with_suffix(target.suffix + ".part")
        try:
            with full_disk_is_said():
                target.parent.mkdir(parents=True, exist_ok=True)
                with source.open("rb") as given, temporary.open("xb") as out:
                    shutil.copyfileobj(given, out, _CHUNK)
                    out.flush()
                    os.fsync(out.fileno())
                temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)

    async def fetch(self, tenant: UUID, key: str, target: Path) -> None:
        """Copy a kept file to `target`."""
        with full_disk_is_said():
            await asyncio.to_thread(shutil.copyfile, self.path(tenant, key), target)

    async def read(self, tenant: UUID, key: str, first: int, length: int) -> AsyncIterator[bytes]:
        """Return a part of a kept file, in pieces."""
        async with await anyio.open_file(self.path(tenant, key), "rb") as file:
            await file.seek(first)
            while length > 0 and (chunk := await file.read(min(_CHUNK, length))):
                length -= len(chunk)
                yield chunk

    def local(self, tenant: UUID, key: str) -> Path | None:
        """Return where a file lies."""
        found = self.path(tenant, key)
        return found if found.is_file() else None

    async def remove(self, tenant: UUID, keys: Iterable[str]) -> None:
        """Remove kept files."""
        paths = [self.path(tenant, key) for key in keys]

        def remove() -> None:
            for path in paths:
                with suppress(FileNotFoundError):
                    path.unlink()

        await asyncio.to_thread(remove)

    async def remove_all(self, tenant: UUID) -> None:
        """Remove everything of a site."""
        await asyncio.to_thread(shutil.rmtree, self.of(tenant), ignore_errors=True)

    async def keys(self, tenant: UUID) -> AsyncIterator[tuple[str, datetime]]:
        """Return what is kept of a site."""
        folder = self.of(tenant)
        for path in await asyncio.to_thread(lambda: sorted(folder.rglob("*"))):
            if path.is_file():
                written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                yield path.relative_to(folder).as_posix(), written
