"""How much a site may store."""

import msgspec

from core.context import current_tenant
from core.db import execute
from core.errors import Refused
from core.i18n import gettext as _
from core.media.setup import current_setup

__all__ = ["MediaRoom", "check_quota", "media_room"]


class MediaRoom(msgspec.Struct, frozen=True, kw_only=True):
    """What a site's files take, and may take."""

    used: int
    """Bytes."""
    quota: int
    """Bytes; 0 where nothing limits them."""

    @property
    def percent(self) -> int:
        """How full it is, 0 to 100; 0 without a quota."""
        return min(100, round(100 * self.used / self.quota)) if self.quota else 0


async def media_room() -> MediaRoom:
    """Return what the current site's files take, renditions included, and may take."""
    rows = await execute(
        "SELECT value FROM dashboard_stats WHERE tenant_id = {tenant} AND name = 'media.bytes'"
    )
    own = current_tenant().media_quota
    return MediaRoom(
        used=max(0, int(rows[0]["value"])) if rows else 0,
        quota=current_setup().quota if own is None else own,
    )


async def check_quota(more: int) -> None:
    """See to it that there is room for so many bytes more.

    Raises:
        Refused: There is not.
    """
    if more <= 0:
        return
    room = await media_room()
    if room.quota and room.used + more > room.quota:
        raise Refused(
            _(
                "The room for files is used up: {used} of {quota} MB are taken, and this file needs {more} MB."
            ).format(used=_mb(room.used), quota=_mb(room.quota), more=_mb(more)),
            hint=_("Delete files that nobody needs, or ask whoever runs this installation for more room."),
        )


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f}"
