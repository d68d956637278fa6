"""Which posts show which files: noted when a post is saved, so that nobody searches texts to find out."""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from core.content.sql import any_of
from core.contract.media import MediaUsage, MediaUsageSource
from core.contract.views import MediaView, PostView
from core.db import execute
from core.i18n import gettext as _
from core.ids import new_id

__all__ = ["POSTS", "note_media", "numbers_in"]

_SHOWN: Final = re.compile(r"""/media/([0-9]{1,18})/|"media": ?([0-9]{1,18})\b""")
_GALLERY: Final = re.compile(r"""\[gallery[^\]]*?\bids=[\\"']+([0-9, ]+)""")
_MOST: Final = 2_000
_MOST_PLACES: Final = 50


def numbers_in(content: str) -> set[int]:
    """Return the numbers of the files that a text shows, whatever its format."""
    found = {int(one or other) for one, other in _SHOWN.findall(content)}
    for some in _GALLERY.findall(content):
        found |= {int(one) for one in some.replace(" ", "").split(",") if one and len(one) < 18}
    return set(sorted(found - {0})[:_MOST])


async def note_media(post: PostView, before: PostView | None) -> None:
    """Note which files a post shows, inside the unit that saves it."""
    if before is not None and before.content == post.content:
        return
    wanted = numbers_in(post.content)
    rows = await execute(
        "SELECT media_number FROM media_uses WHERE tenant_id = {tenant} AND post_id = {}", post.id
    )
    known = {int(row["media_number"]) for row in rows}
    for number in sorted(known - wanted):
        await execute(
            "DELETE FROM media_uses WHERE tenant_id = {tenant} AND post_id = {} AND media_number = {}",
            post.id,
            number,
        )
    for number in sorted(wanted - known):
        await execute(
            "INSERT INTO media_uses (id, tenant_id, post_id, media_number) VALUES ({}, {tenant}, {}, {})",
            new_id(),
            post.id,
            number,
        )


async def _find(files: Sequence[MediaView]) -> Mapping[UUID, Sequence[MediaUsage]]:
    by_number = {media.number: media.id for media in files}
    featured, args = any_of("p.featured_media_id", [media.id for media in files])
    shown, numbers = any_of("u.media_number", list(by_number))
    sql = (
        "SELECT p.featured_media_id AS media_id, CAST(NULL AS BIGINT) AS media_number, p.number, p.title, p.status"  # noqa: S608  # names that stand here
        f" FROM posts p WHERE p.tenant_id = {{tenant}} AND {featured} AND p.deleted_at IS NULL"
        " UNION ALL SELECT NULL, u.media_number, p.number, p.title, p.status FROM media_uses u"
        " JOIN posts p ON p.tenant_id = u.tenant_id AND p.id = u.post_id"
        f" WHERE u.tenant_id = {{tenant}} AND {shown} AND p.deleted_at IS NULL LIMIT {_MOST_PLACES * 20}"
    )
    found: dict[UUID, list[MediaUsage]] = {}
    for row in await execute(sql, *args, *numbers):
        own = row["media_number"] is None
        media_id = row["media_id"] if own else by_number[int(row["media_number"])]
        media_id = media_id if isinstance(media_id, UUID) else UUID(str(media_id))
        places = found.setdefault(media_id, [])
        if len(places) < _MOST_PLACES:
            places.append(
                MediaUsage(
                    title=row["title"] or _("Untitled"),
                    kind="Featured image" if own else "In the text",
                    url=f"/admin/posts/{row['number']}",
                )
            )
    return found


POSTS: Final = MediaUsageSource(name="posts", find=_find)
"""Posts that show files, in their text or as their image."""
