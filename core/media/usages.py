"""Where files are shown: what the core and plugins know of it."""

from collections.abc import Sequence
from uuid import UUID

from core.contract.media import MediaUsage
from core.contract.views import MediaView
from core.hooks import collect
from hookspecs import media as hooks

__all__ = ["media_usages"]


async def media_usages(files: Sequence[MediaView]) -> dict[UUID, tuple[MediaUsage, ...]]:
    """Return the places that show files, by the file's id: as many questions as there are sources, whatever is asked."""
    found: dict[UUID, tuple[MediaUsage, ...]] = {media.id: () for media in files}
    if files:
        for source in collect(hooks.register_media_usages):
            for media_id, places in (await source.find(files)).items():
                found[media_id] = (*found.get(media_id, ()), *places)
    return found
