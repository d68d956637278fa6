"""One file, as those who look after the library see it."""

from typing import Any
from uuid import UUID

import msgspec

from core.accounts import decide, load_extensions, require
from core.context import current_actor
from core.db import execute
from core.errors import NotFound
from core.i18n import gettext as _
from core.media.levels import check_level
from core.media.views import MediaItem, item_columns, media_item

__all__ = ["get_item", "get_item_by_number", "get_items", "may_change", "one_row"]

_FROM = "FROM media LEFT JOIN users ON users.tenant_id = media.tenant_id AND users.id = media.uploaded_by_id"


async def get_item(media_id: UUID) -> MediaItem:
    """Return a file with what plugins keep with it.

    Raises:
        NotFound: There is none on this site, or the actor may not see it.
    """
    return await _one("media.id = {}", media_id)


async def get_item_by_number(number: int) -> MediaItem:
    """Return a file by its number, as `get_item` does."""
    return await _one("media.number = {}", number if 0 < number < 2**63 else 0)


async def _one(where: str, value: Any) -> MediaItem:
    await require("upload_files")
    rows = await execute(
        f"SELECT {item_columns()} {_FROM} WHERE media.tenant_id = {{tenant}} AND {where}",  # names that stand in this room
        value,
    )
    if not rows or not await check_level(rows[0]["access_level"], rows[0]["uploaded_by_id"]):
        raise NotFound(_("There is no such file here."))
    item = media_item(rows[0])
    kept = await load_extensions("media", [item.id])
    return msgspec.structs.replace(item, ext=kept[item.id])


async def get_items(numbers: list[int]) -> list[MediaItem]:
    """Return the files of these numbers that the actor may see, in one query."""
    await require("upload_files")
    if not numbers:
        return []
    marks = ", ".join(["{}"] * len(numbers))
    rows = await execute(
        f"SELECT {item_columns()} {_FROM} WHERE media.tenant_id = {{tenant}} AND media.number IN ({marks})",  # as above
        *numbers,
    )
    found = {
        row["number"]: media_item(row)
        for row in rows
        if await check_level(row["access_level"], row["uploaded_by_id"])
    }
    return [found[number] for number in numbers if number in found]


async def may_change(item: MediaItem) -> bool:
    """Tell whether the current actor may change or delete a file: his own, or others' with the right to."""
    actor = current_actor()
    if not (await decide(actor, "upload_files")).allowed:
        return False
    return item.uploaded_by_id == actor.id or (await decide(actor, "edit_others_posts")).allowed


async def one_row(media_id: UUID) -> dict[str, Any]:
    """Return a file's row.

    Raises:
        NotFound: There is none on this site, or the actor may not see it.
    """
    rows = await execute("SELECT * FROM media WHERE tenant_id = {tenant} AND id = {}", media_id)
    if not rows or not await check_level(rows[0]["access_level"], rows[0]["uploaded_by_id"]):
        raise NotFound(_("There is no such file here."))
    return rows[0]
