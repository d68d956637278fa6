"""From a staged file to what lies in the storage, and what a row says of it."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from core.context import current_tenant
from core.crypto import CipherMissing, sealed
from core.errors import Refused
from core.i18n import gettext as _
from core.media.renditions import Rendition, Renditions, rendition_key, stored_renditions
from core.media.staging import Staged
from core.media.storage import current_media

__all__ = ["SEALED_PURPOSE", "Kept", "keep_files", "keys_of", "new_key", "raised_level"]

SEALED_PURPOSE: Final = "media"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What was stored of a file."""

    columns: dict[str, Any]
    """Of its row."""
    keys: tuple[str, ...]
    bytes: int


def new_key() -> str:
    """Return a new random name in the storage, without an ending."""
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name}"


@asynccontextmanager
async def keep_files(found: Staged, media_id: UUID) -> AsyncIterator[Kept]:
    """Store a staged file with its small picture; everything is removed again if the block raises.

    Raises:
        Refused: It must be sealed, and the site has no cipher.
        StorageFull: There is no room for it.
    """
    storage, tenant = current_media(), current_tenant().id
    main = f"{new_key()}.{found.extension}"
    keys: list[str] = []
    size = 0

    async def put(key: str, path: Path) -> None:
        nonlocal size
        keys.append(key)
        await storage.put(tenant, key, path)
        size += path.stat().st_size

    try:
        await put(main, await _sealed(found, media_id) if found.sealed else found.path)
        preview = ""
        if found.preview is not None:
            preview = f"{new_key()}.png"
            await put(preview, found.preview)
        renditions = ""
        if found.square:
            item = Rendition(
                "square", found.square, found.square, "webp", (found.folder / "square").stat().st_size
            )
            base = new_key()
            await put(rendition_key(base, item), found.folder / "square")
            renditions = msgspec.json.encode(Renditions(base, (item,))).decode()
        picture = found.kind == "image" or found.preview is not None
        columns = {
            "file_path": main,
            "file_size": found.size,
            "stored_bytes": size,
            "digest": found.digest,
            "mime_type": found.mime_type,
            "attachment_type": found.kind,
            "width": found.width,
            "height": found.height,
            "preview_path": preview,
            "renditions": renditions,
            "processing": "waiting" if picture and not found.sealed else "done",
            "intake": found.intake,
            "encryption_status": "sealed" if found.sealed else "none",
        }
        yield Kept(columns=columns, keys=tuple(keys), bytes=size)
    except BaseException:
        await storage.remove(tenant, keys)
        raise


async def _sealed(found: Staged, media_id: UUID) -> Path:
    """Return a sealed copy of a staged file."""
    data = await asyncio.to_thread(found.path.read_bytes)
    try:
        hidden = await sealed.seal_bytes(
            "media", current_tenant().id, media_id, "file", data, purpose=SEALED_PURPOSE
        )
    except CipherMissing as error:
        why = "".join(f" {_(reason).capitalize()}." for reason in found.sealed_because)
        raise Refused(
            _("This file must be kept sealed, and this site has nothing to seal it with.") + why,
            hint=_("Turn on a plugin that brings a cipher."),
        ) from error
    target = found.folder / "sealed"
    await asyncio.to_thread(target.write_bytes, hidden)
    return target


def raised_level(level: str, found: Staged) -> str:
    """Return the access level of a file that gets `level`, or more where what it is asks for it."""
    if found.access_level and (found.sealed or level == "public"):
        return found.access_level
    return "private" if found.sealed and level == "public" else level


def keys_of(row: Mapping[str, Any]) -> list[str]:
    """Return everything that is stored of a row's file."""
    found = stored_renditions(row["renditions"])
    own = [row["file_path"], row["whole_path"], row["preview_path"]]
    return [*filter(None, own), *(rendition_key(found.base, item) for item in found.items)]
