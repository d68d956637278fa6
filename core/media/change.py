"""Changing what is said of a file, what is shown of it, and the file itself; and letting it go."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final
from uuid import UUID

import msgspec

from core.accounts import record, require, save_extensions
from core.clock import now
from core.context import current_actor, current_tenant
from core.contract.views import MediaView
from core.db import current_work, execute, next_number, tally, tenant_work
from core.errors import Conflict, Invalid, NotFound
from core.hooks import after_commit, do_action
from core.i18n import gettext as _
from core.jobs import enqueue
from core.media.described import MediaData, described, words_of
from core.media.keeping import keep_files, keys_of, raised_level
from core.media.quota import check_quota
from core.media.read import one_row
from core.media.renditions import RENDITIONS_JOB
from core.media.staging import Staged, cut_picture, staged
from core.media.storage import current_media
from core.media.tables import Media
from core.media.views import media_view
from hookspecs import media as hooks

__all__ = ["crop_media", "delete_media", "get_media", "replace_media", "update_media"]

_FOCAL: Final = ("focal_x", "focal_y")
Box = tuple[int, int, int, int]


async def get_media(media_id: UUID) -> dict[str, Any]:
    """Return everything that is stored of a file.

    Raises:
        NotFound: There is none on this site, or the actor may not see it.
    """
    await require("upload_files")
    return await one_row(media_id)


async def _require_own(row: Mapping[str, Any]) -> None:
    await require("upload_files")
    if row["uploaded_by_id"] != current_actor().id:
        await require("edit_others_posts")


async def update_media(media_id: UUID, data: MediaData, *, version: int | None = None) -> MediaView:
    """Change what is said of a file.

    Raises:
        NotFound: There is none on this site.
        Forbidden: It is somebody else's, and the actor may not edit what others brought.
        Invalid: A value can't be stored.
        Conflict: Somebody else changed it first.
    """
    row = await one_row(media_id)
    await _require_own(row)
    values = described(data)
    if row["encryption_status"] == "sealed" and values.get("access_level") == "public":
        raise Invalid({"access_level": _("A sealed file is never for everybody.")})
    moved = any(values.get(name, row[name]) != row[name] for name in _FOCAL)
    if moved and row["processing"] != "failed" and keys_of(row)[1:]:
        values["processing"] = "waiting"
    async with tenant_work():
        view = await _write(row, values, version, "media.update", sorted(values))
        if isinstance(data.ext, dict):
            await save_extensions("media", media_id, data.ext)
        if values.get("processing") == "waiting":
            await enqueue(RENDITIONS_JOB, {"id": str(media_id)}, dedup=str(media_id))
    return view


async def _write(
    row: Mapping[str, Any], values: Mapping[str, Any], version: int | None, action: str, changed: list[str]
) -> MediaView:
    """Write columns of a row inside the unit in progress, and tell those who listen."""
    now_is = {**row, **values}
    columns: dict[Any, Any] = {
        **{getattr(Media, name): value for name, value in values.items()},
        Media.search_text: words_of(now_is),
        Media.updated_at: now(),
        Media.version: Media.version + 1,
    }
    query = Media.update(columns).where(Media.id == row["id"])
    if version is not None:
        query = query.where(Media.version == version)
    written = await query.returning(*Media.all_columns())
    if not written:
        fresh = await execute(
            "SELECT title, alt_text AS alt, caption, description FROM media WHERE tenant_id = {tenant} AND id = {}",
            row["id"],
        )
        if not fresh:
            raise NotFound(_("There is no such file here."))
        raise Conflict(
            _("Somebody else changed this file's description first."), current=fresh[0], yours=dict(values)
        )
    before, view = media_view(row), media_view(written[0])
    await do_action(hooks.on_media_saving, view, before)
    await record(action, resource_type="media", resource_id=row["id"], detail={"changed": changed})
    after_commit(hooks.on_media_saved, view, before)
    return view


async def replace_media(media_id: UUID, file: IO[bytes], filename: str) -> MediaView:
    """Put another file in the place of one: number, address and what is said of it stay.

    Raises:
        NotFound: There is none on this site.
        Forbidden: It is somebody else's, and the actor may not edit what others brought.
        Invalid: It is of another kind; or as `receive_media`.
        TookTooMuch, TooLarge, Refused, StorageFull: As `receive_media`.
    """
    row = await one_row(media_id)
    await _require_own(row)
    async with staged(file, filename) as found:
        if found.kind != row["attachment_type"]:
            raise Invalid({"file": _("The new file is of another kind, so it can't take this one's place.")})
        if found.intake != row["intake"]:
            raise Invalid({"file": _("The new file is of another kind, so it can't take this one's place.")})
        more: dict[str, Any] = {
            "whole_path": "",
            "whole_bytes": 0,
            "crop": "",
            "focal_x": 50,
            "focal_y": 50,
            "source_url": "",
        }
        if not row["file_path"]:  # it lay elsewhere until now
            more["filename"] = f"{row['slug']}.{found.extension}"
        return await _put_in_place(row, found, more, "media.replace", keys_of(row))


async def crop_media(media_id: UUID, box: Box | None) -> MediaView:
    """Show a part of a picture only, or all of it again. The whole picture is kept.

    Args:
        media_id: The picture.
        box: Left, top, width and height in pixels of the whole picture; None for all of it.

    Raises:
        NotFound: There is none on this site.
        Forbidden: It is somebody else's, and the actor may not edit what others brought.
        Invalid: It is no picture, lies elsewhere, or the box lies outside of it.
    """
    row = await one_row(media_id)
    await _require_own(row)
    whole = row["whole_path"] or row["file_path"]
    if row["attachment_type"] != "image" or not whole or row["intake"]:
        raise Invalid({"crop": _("Only pictures that are kept here can be cropped.")})
    with TemporaryDirectory(prefix="vitral-media-") as name:
        folder = Path(name)
        await current_media().fetch(current_tenant().id, whole, folder / "source")
        found = await cut_picture(folder / "source", folder, box)
        gone = [key for key in keys_of(row) if box is None or key != whole]
        more: dict[str, Any] = {
            "whole_path": whole if box is not None else "",
            "whole_bytes": (row["whole_bytes"] or row["file_size"]) if box is not None else 0,
            "crop": msgspec.json.encode(box).decode() if box is not None else "",
            **_refocused(row, box, found),
        }
        return await _put_in_place(row, found, more, "media.crop", gone)


def _refocused(row: Mapping[str, Any], box: Box | None, found: Staged) -> dict[str, int]:
    """Return the focal point where it was in the whole picture, as far as that is still to be seen."""
    left, top, *_size = msgspec.json.decode(row["crop"], type=Box) if row["crop"] else (0, 0)
    x = left + row["focal_x"] * (row["width"] or 0) / 100
    y = top + row["focal_y"] * (row["height"] or 0) / 100
    if box is not None:
        x, y = x - box[0], y - box[1]
    return {
        "focal_x": min(max(round(100 * x / (found.width or 1)), 0), 100),
        "focal_y": min(max(round(100 * y / (found.height or 1)), 0), 100),
    }


async def _put_in_place(
    row: Mapping[str, Any], found: Staged, more: Mapping[str, Any], action: str, gone: list[str]
) -> MediaView:
    """Store a file for a row that is there, and remove what it had once that is committed."""
    storage, tenant = current_media(), current_tenant().id
    await check_quota(found.size - row["stored_bytes"])
    async with keep_files(found, row["id"]) as kept, tenant_work() as work:
        await next_number("media", 0)
        columns = {**kept.columns, **more, "access_level": raised_level(row["access_level"], found)}
        columns["stored_bytes"] = kept.bytes + int(columns["whole_bytes"])
        await check_quota(columns["stored_bytes"] - row["stored_bytes"])
        view = await _write(row, columns, row["version"], action, ["file"])
        tally({"media.bytes": columns["stored_bytes"] - row["stored_bytes"]})
        if found.keep is not None:
            await found.keep(view, found.data)
        if columns["processing"] == "waiting":
            await enqueue(RENDITIONS_JOB, {"id": str(row["id"])}, dedup=str(row["id"]))

        async def remove() -> None:
            await storage.remove(tenant, gone)

        work.after_commit(remove)
    return view


async def delete_media(media_id: UUID) -> None:
    """Delete a file. Posts that show it as their image go on without one.

    Raises:
        NotFound: There is none on this site.
        Forbidden: It is somebody else's, and the actor may not edit what others brought.
        Refused: A plugin needs it.
    """
    row = await one_row(media_id)
    await _require_own(row)
    storage, tenant = current_media(), current_tenant().id
    view = media_view(row)
    async with tenant_work():
        await do_action(hooks.on_media_deleting, view)
        await Media.delete().where(Media.id == media_id)
        tally({"media": -1, "media.bytes": -row["stored_bytes"]})
        await record("media.delete", resource_type="media", resource_id=media_id)

        async def remove() -> None:
            await storage.remove(tenant, keys_of(row))

        current_work().after_commit(remove)
        after_commit(hooks.on_media_deleted, view)
