"""Where the bytes of files lie: `var/media/<site>/<two letters>/<random name>`."""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from core.ambient import Ambient
from core.errors import VitralError

__all__ = ["MediaFolder", "current_media", "use_media"]


class MediaFolder:
    """The folder of one installation. Names in it are made here, never by people (control UP04).

    Args:
        root: The folder; it is made with the first file.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def of(self, tenant: UUID) -> Path:
        """Return the folder of a site."""
        return self.root / str(tenant)

    def write(self, tenant: UUID, data: bytes, extension: str) -> str:
        """Keep `data` under a new random name; return its path below the site's folder.

        The file is whole or not there: it is written beside its place and moved.
        """
        name = secrets.token_hex(20)
        relative = f"{name[:2]}/{name}.{extension}"
        target = self.of(tenant) / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_suffix(".part")
        with temporary.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(target)
        return relative

    def path(self, tenant: UUID, relative: str) -> Path:
        """Return where a kept file lies.

        Raises:
            VitralError: The stored path leads out of the site's folder.
        """
        folder = self.of(tenant).resolve()
        found = (folder / relative).resolve()
        if not found.is_relative_to(folder):
            raise VitralError(f"The path of a media file leads out of its site's folder: {relative!r}.")
        return found

    def remove(self, tenant: UUID, relative: str) -> None:
        """Remove a kept file; it may be gone already."""
        with suppress(FileNotFoundError):
            self.path(tenant, relative).unlink()

    def remove_all(self, tenant: UUID) -> None:
        """Remove everything of a site."""
        shutil.rmtree(self.of(tenant), ignore_errors=True)


_folder = Ambient[MediaFolder]("media folder", "use_media(folder)")
current_media, use_media = _folder.get, _folder.use
