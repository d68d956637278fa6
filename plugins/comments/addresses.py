"""Network addresses of who comments: sealed, or not kept at all."""

import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from core.accounts import current_signals, record, require
from core.clock import now
from core.context import current_tenant
from core.crypto import CipherMissing, sealed
from core.db import tenant_work
from core.plugins import settings
from plugins.comments.settings import CommentsSettings
from plugins.comments.tables import Comment

__all__ = ["READ_ADDRESSES", "forget_addresses", "read_address", "sealed_address"]

log = logging.getLogger("vitral.comments")

READ_ADDRESSES: Final = "comments.read_addresses"
_PURPOSE: Final = "comments.address"


async def sealed_address(comment_id: UUID) -> bytes | None:
    """Return the sender's network address sealed for a comment, None where none is to be kept or nothing seals."""
    address = str(current_signals().get("address", ""))
    if settings(CommentsSettings).keep_address != "sealed" or not address:
        return None
    row = {"id": comment_id, "address_sealed": address}
    try:
        (written,) = await sealed.write(
            "comments", current_tenant().id, [row], ["address_sealed"], purpose=_PURPOSE
        )
    except CipherMissing:
        log.warning("No plugin seals on this site, so the address of a comment's sender is not kept.")
        return None
    found: bytes = written["address_sealed"]
    return found


async def read_address(comment_id: UUID) -> str:
    """Open the address that a comment was sent from, "" if none is kept. Who reads it is recorded.

    Raises:
        Forbidden: The actor may not.
        CipherMissing: The plugin that sealed it is off.
        CannotOpen: It was changed, or its key is gone.
    """
    await require(READ_ADDRESSES)
    rows = await Comment.select(Comment.id, Comment.address_sealed).where(Comment.id == comment_id)
    if not rows or rows[0]["address_sealed"] is None:
        return ""
    (row,) = await sealed.read("comments", current_tenant().id, rows, ["address_sealed"], purpose=_PURPOSE)
    async with tenant_work():
        await record("comments.read_address", resource_type="comment", resource_id=comment_id)
    return str(row["address_sealed"])


async def forget_addresses() -> None:
    """Delete addresses that were kept long enough, in the unit in progress."""
    until = now() - timedelta(days=settings(CommentsSettings).address_days)
    await Comment.update({Comment.address_sealed: None}).where(
        Comment.created_at < until, Comment.address_sealed.is_not_null()
    )
