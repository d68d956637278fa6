"""Handing out files: who may see one, and how its bytes are read (control UP07)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts import require
from core.clock import now
from core.context import current_actor, current_tenant
from core.contract.views import MediaView
from core.crypto import CannotOpen, CipherMissing, sealed, sign, unsign
from core.db import execute
from core.errors import Invalid, NotFound
from core.i18n import gettext as _
from core.media.addresses import rendition_name
from core.media.keeping import SEALED_PURPOSE
from core.media.levels import PUBLIC, check_level
from core.media.renditions import MIME, rendition_key, stored_renditions
from core.media.storage import current_media

__all__ = ["LONGEST_LINK", "MediaFile", "open_media", "open_whole", "signed_media_url"]

_PURPOSE: Final = "media-link"
_NOBODY: Final = bytes(16)
LONGEST_LINK: Final = timedelta(days=7)


class MediaFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to send."""

    key: str
    path: Path | None
    """Where it lies on this machine as it is to be sent, None where it does not."""
    filename: str
    """Of its address; for `Content-Disposition` where it is not shown in place."""
    mime_type: str
    size: int
    digest: str
    """What changes with its bytes, for the ETag."""
    public: bool
    """Everybody may see it, so caches may keep it."""
    fixed: bool
    """This address shows the same for ever."""
    opened: bytes | None = None
    """The bytes of a sealed file."""

    def read(self, first: int, length: int) -> AsyncIterator[bytes]:
        """Return a part of it, in pieces."""
        if self.opened is not None:
            return _one(self.opened[first : first + length])
        return current_media().read(current_tenant().id, self.key, first, length)


async def _one(piece: bytes) -> AsyncIterator[bytes]:
    yield piece


_COLUMNS: Final = (
    "id, number, filename, mime_type, file_size, file_path, digest, access_level, uploaded_by_id, renditions,"
    " encryption_status"
)


async def open_media(number: int, name: str = "", signature: str = "") -> MediaFile:
    """Return the file of this number, or one of its renditions, if the current actor may see it.

    Args:
        number: Its number.
        name: The last part of the address: the file's own or a rendition's; "" for the file itself.
        signature: From `signed_media_url`: it opens the file for whom and as long as it was made.

    Raises:
        NotFound: There is none on this site, it lies elsewhere, or the actor may not know of it.
    """
    rows: list[dict[str, Any]] = []
    if 0 < number < 2**63:
        rows = await execute(
            f"SELECT {_COLUMNS} FROM media WHERE tenant_id = {{tenant}} AND number = {{}}",  # noqa: S608  # names that stand above
            number,
        )
    if rows and rows[0]["file_path"]:
        row = rows[0]
        if _signed_for(number, signature) or await check_level(row["access_level"], row["uploaded_by_id"]):
            found = await _file(row, name or row["filename"])
            if found is not None:
                return found
    raise NotFound(_("There is no such file here."))


async def _file(row: Mapping[str, Any], name: str) -> MediaFile | None:
    public = row["access_level"] == PUBLIC
    tenant = current_tenant().id
    if name == row["filename"]:
        if row["encryption_status"] == "sealed":
            data = await _unsealed(row)
            return MediaFile(
                key=row["file_path"],
                path=None,
                filename=name,
                mime_type=row["mime_type"],
                size=len(data),
                digest=row["digest"][:32],
                public=False,
                fixed=False,
                opened=data,
            )
        return MediaFile(
            key=row["file_path"],
            path=current_media().local(tenant, row["file_path"]),
            filename=name,
            mime_type=row["mime_type"],
            size=row["file_size"],
            digest=row["digest"][:32],
            public=public,
            fixed=False,
        )
    found = stored_renditions(row["renditions"])
    token = found.base[-8:]
    for item in found.items:
        if name == rendition_name(row["filename"], item.width, item.height, token, item.extension):
            key = rendition_key(found.base, item)
            return MediaFile(
                key=key,
                path=current_media().local(tenant, key),
                filename=name,
                mime_type=MIME[item.extension],
                size=item.size,
                digest=key.rpartition("/")[2][:32] + f"{item.width}x{item.height}{item.extension}",
                public=public,
                fixed=True,
            )
    return None


async def open_whole(media_id: UUID) -> MediaFile:
    """Return a picture as it was before it was cropped, for those who look after the library.

    Raises:
        NotFound: There is none on this site, or the actor may not see it.
    """
    await require("upload_files")
    rows = await execute(
        f"SELECT {_COLUMNS}, whole_path, whole_bytes FROM media WHERE tenant_id = {{tenant}} AND id = {{}}",  # noqa: S608  # as above
        media_id,
    )
    if (
        rows
        and rows[0]["file_path"]
        and await check_level(rows[0]["access_level"], rows[0]["uploaded_by_id"])
    ):
        row = rows[0]
        if row["whole_path"]:
            row |= {"file_path": row["whole_path"], "file_size": row["whole_bytes"]}
        found = await _file(row, row["filename"])
        if found is not None:
            return found
    raise NotFound(_("There is no such file here."))


async def _unsealed(row: Mapping[str, Any]) -> bytes:
    tenant = current_tenant().id
    with TemporaryDirectory(prefix="vitral-media-") as folder:
        target = Path(folder) / "sealed"
        await current_media().fetch(tenant, row["file_path"], target)
        data = await asyncio.to_thread(target.read_bytes)
    try:
        return await sealed.open_bytes("media", tenant, row["id"], "file", data, purpose=SEALED_PURPOSE)
    except (CipherMissing, CannotOpen):
        raise NotFound(_("This file is sealed, and its key is out of reach.")) from None


def _payload(number: int, user: UUID | None) -> bytes:
    return number.to_bytes(8, "big") + (user.bytes if user is not None else _NOBODY)


def _signed_for(number: int, signature: str) -> bool:
    if not signature:
        return False
    payload = unsign(signature, _PURPOSE, tenant=current_tenant().id)
    return payload is not None and payload in (_payload(number, None), _payload(number, current_actor().id))


async def _is_sealed(media_id: UUID) -> bool:
    rows = await execute(
        "SELECT encryption_status FROM media WHERE tenant_id = {tenant} AND id = {}", media_id
    )
    return bool(rows) and rows[0]["encryption_status"] == "sealed"


async def signed_media_url(media: MediaView, life: timedelta, *, for_user: UUID | None = None) -> str:
    """Return an address that opens a file for a while, whatever its level of access.

    Args:
        media: The file.
        life: How long; a week at most.
        for_user: Only this person can use it, signed in; None for whoever has it.

    Raises:
        Forbidden: The actor may not hand out files.
        Invalid: It is to last too long; under "life".
        NotFound: The file lies elsewhere, or the actor may not see it.
    """
    await require("upload_files")
    if not timedelta(0) < life <= LONGEST_LINK:
        raise Invalid({"life": _("A link lasts a week at most.")})
    if not (await open_media(media.number)).public and for_user is None and await _is_sealed(media.id):
        raise Invalid({"life": _("A sealed file is never for everybody.")})
    signed = sign(_payload(media.number, for_user), _PURPOSE, now() + life, tenant=current_tenant().id)
    return f"{media.url}?s={signed}"
