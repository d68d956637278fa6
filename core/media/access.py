"""Handing out files: who may see one, and where it lies (control UP07)."""

from pathlib import Path
from typing import Final

import msgspec

from core.accounts import decide
from core.context import current_actor, current_tenant
from core.errors import NotFound
from core.hooks import collect
from core.i18n import gettext as _
from core.media.folder import current_media
from core.media.tables import Media
from hookspecs import platform

__all__ = ["MediaFile", "check_level", "known_levels", "open_media"]

PUBLIC: Final = "public"
PRIVATE: Final = "private"
_PRIVATE_CAPABILITY: Final = "edit_others_posts"


class MediaFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to send."""

    path: Path
    filename: str
    """Of its address; for `Content-Disposition` where it is not shown in place."""
    mime_type: str
    size: int
    digest: str
    """SHA-256, for the ETag."""
    public: bool
    """Everybody may see it, so caches may keep it."""


def known_levels() -> dict[str, str]:
    """Return the access levels that the site has, with the capability that each one needs ("" for none)."""
    levels = {PUBLIC: "", PRIVATE: _PRIVATE_CAPABILITY}
    levels.update({level.name: level.capability for level in collect(platform.register_access_levels)})
    return levels


async def check_level(level: str, uploader: object) -> bool:
    """Tell whether the current actor may see a file of this level; nobody may where the level is not known."""
    if level == PUBLIC:
        return True
    actor = current_actor()
    if level == PRIVATE and actor.kind == "user" and actor.id == uploader:
        return True
    capability = known_levels().get(level)
    if capability is None:
        return False
    return not capability or (await decide(actor, capability)).allowed


async def open_media(number: int) -> MediaFile:
    """Return the file of this number, if the current actor may see it.

    Raises:
        NotFound: There is none on this site, it lies elsewhere, or the actor may not know of it.
    """
    if not 0 < number < 2**63:
        raise NotFound(_("There is no such file here."))
    rows = await Media.select(
        Media.filename,
        Media.mime_type,
        Media.file_size,
        Media.file_path,
        Media.digest,
        Media.access_level,
        Media.uploaded_by_id,
    ).where(Media.number == number)
    if rows and rows[0]["file_path"]:
        row = rows[0]
        if await check_level(row["access_level"], row["uploaded_by_id"]):
            path = current_media().path(current_tenant().id, row["file_path"])
            if path.is_file():
                return MediaFile(
                    path=path,
                    filename=row["filename"],
                    mime_type=row["mime_type"],
                    size=row["file_size"],
                    digest=row["digest"],
                    public=row["access_level"] == PUBLIC,
                )
    raise NotFound(_("There is no such file here."))
