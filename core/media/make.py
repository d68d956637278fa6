"""Making a picture's renditions: the job after an upload, a crop, or a moved focal point."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

import msgspec

from core.capped import Limits, TookTooMuch, pictures, run_capped
from core.context import current_tenant
from core.contract.media import RenditionSize
from core.contract.work import JobContext
from core.db import execute, next_number, tally, tenant_read, tenant_work
from core.errors import Invalid
from core.hooks import after_commit, apply_filters
from core.jobs import enqueue
from core.media.keeping import new_key
from core.media.renditions import (
    RENDITIONS_JOB,
    Rendition,
    Renditions,
    rendition_key,
    stored_renditions,
)
from core.media.storage import current_media
from core.media.tables import Media
from core.media.views import media_view
from hookspecs import media as hooks

__all__ = ["SIZES", "remake_renditions", "run_renditions"]

SIZES: Final = (
    *(RenditionSize(width=width) for width in (320, 640, 960, 1280, 1920)),
    *(
        RenditionSize(width=width, height=height, shape="card")
        for width, height in ((400, 225), (800, 450), (1200, 675))
    ),
    RenditionSize(width=320, height=320, shape="square", formats=("webp",)),
    RenditionSize(width=1200, height=630, shape="social", formats=("jpg",)),
)
"""What every picture is made in; `filter_rendition_sizes` changes it."""
_LIMITS: Final = Limits(memory=1_200_000_000, cpu=120, wall=240)


async def run_renditions(job: JobContext) -> None:
    """Make the renditions of one picture; the job `media.renditions`."""
    await make_renditions(UUID(job.payload["id"]))


async def make_renditions(media_id: UUID) -> None:
    """Make the renditions of a picture, put them in the place of those it has, and tell those who listen."""
    async with tenant_read():
        rows = await execute("SELECT * FROM media WHERE tenant_id = {tenant} AND id = {}", media_id)
    if not rows or rows[0]["encryption_status"] == "sealed":
        return
    row = rows[0]
    source = row["preview_path"] or row["file_path"]
    if not source:
        return
    storage, tenant = current_media(), current_tenant().id
    view = media_view(row)
    sizes = await apply_filters(hooks.filter_rendition_sizes, SIZES, view)
    with TemporaryDirectory(prefix="vitral-media-") as name:
        folder = Path(name)
        try:
            await storage.fetch(tenant, source, folder / "source")
            made = await run_capped(
                pictures.render,
                _LIMITS,
                source=str(folder / "source"),
                folder=str(folder),
                sizes=[msgspec.to_builtins(size) for size in sizes],
                focal=[row["focal_x"], row["focal_y"]],
            )
        except (Invalid, TookTooMuch, FileNotFoundError):
            await _fail(media_id)
            raise
        items = tuple(_sized(Rendition(*each), folder) for each in made)
        found = Renditions(new_key(), items)
        keys = [rendition_key(found.base, item) for item in items]
        try:
            for item, key in zip(items, keys, strict=True):
                await storage.put(tenant, key, folder / _name(item))
            kept = await _adopt(row, found)
        except BaseException:
            await storage.remove(tenant, keys)
            raise
    if not kept:
        await storage.remove(tenant, keys)


def _name(item: Rendition) -> str:
    return f"{item.width}x{item.height}.{item.extension}"


def _sized(item: Rendition, folder: Path) -> Rendition:
    return msgspec.structs.replace(item, size=(folder / _name(item)).stat().st_size)


async def _adopt(row: Mapping[str, Any], found: Renditions) -> bool:
    """Write what was made; return False if the picture was changed meanwhile, whose own job follows."""
    storage, tenant = current_media(), current_tenant().id
    old = stored_renditions(row["renditions"])
    items = found.items or old.items
    text = msgspec.json.encode(found).decode() if found.items else row["renditions"]
    size = sum(item.size for item in items)
    async with tenant_work() as work:
        await next_number("media", 0)
        own = row["file_size"] + row["whole_bytes"]
        written = await (
            Media.update({Media.renditions: text, Media.processing: "done", Media.stored_bytes: own + size})
            .where(
                Media.id == row["id"],
                Media.file_path == row["file_path"],
                Media.renditions == row["renditions"],
                Media.focal_x == row["focal_x"],
                Media.focal_y == row["focal_y"],
            )
            .returning(*Media.all_columns())
        )
        if not written:
            return False
        tally({"media.bytes": own + size - row["stored_bytes"]})
        after_commit(hooks.on_media_saved, media_view(written[0]), media_view(row))

        async def remove() -> None:
            await storage.remove(tenant, [rendition_key(old.base, item) for item in old.items])

        if found.items:
            work.after_commit(remove)
    return True


async def _fail(media_id: UUID) -> None:
    async with tenant_work():
        await Media.update({Media.processing: "failed"}).where(Media.id == media_id)


async def remake_renditions() -> int:
    """Queue all pictures of the site for their renditions, for other sizes or another theme; return how many."""
    async with tenant_work():
        rows = await execute(
            "SELECT id FROM media WHERE tenant_id = {tenant} AND (attachment_type = 'image' OR preview_path <> '')"
            " AND file_path <> '' AND encryption_status = 'none'"
        )
        for row in rows:
            await enqueue(RENDITIONS_JOB, {"id": str(row["id"])}, dedup=str(row["id"]))
        await execute(
            "UPDATE media SET processing = 'waiting' WHERE tenant_id = {tenant} AND file_path <> ''"
            " AND (attachment_type = 'image' OR preview_path <> '') AND encryption_status = 'none'"
        )
    return len(rows)
