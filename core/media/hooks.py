"""What media bring to the frame's own hooks, as the pseudo plugin "core"."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.context import current_tenant
from core.contract.content import OwnerType
from core.contract.markers import hookimpl
from core.contract.views import UserView
from core.contract.work import JobKind
from core.db import current_work
from core.errors import Refused
from core.i18n import gettext as _
from core.media.make import run_renditions
from core.media.pictures import responsive_image
from core.media.renditions import RENDITIONS_JOB
from core.media.storage import current_media
from core.media.sweep import run_sweep
from core.media.tables import Media

__all__ = [
    "on_site_deleting",
    "on_user_deleting",
    "register_jobs",
    "register_owner_types",
    "register_template_helpers",
]


@hookimpl
async def on_user_deleting(user: UserView, reassign_to: UserView | None) -> None:
    """Hand the person's files on, or refuse while there are some and nobody was named."""
    if reassign_to is not None:
        await Media.update({Media.uploaded_by_id: reassign_to.id}).where(Media.uploaded_by_id == user.id)
    elif await Media.exists().where(Media.uploaded_by_id == user.id):
        raise Refused(
            _("Files of the library belong to this person."),
            hint=_("Say who gets them, or delete them first."),
        )


@hookimpl
async def on_site_deleting() -> None:
    """Remove the site's files once it is gone."""
    storage, tenant = current_media(), current_tenant().id

    async def remove() -> None:
        await storage.remove_all(tenant)

    current_work().after_commit(remove)


async def _exists(media_id: UUID) -> bool:
    return bool(await Media.exists().where(Media.id == media_id))


@hookimpl
def register_owner_types() -> Iterable[OwnerType]:
    """Let plugins keep something with files."""
    return [OwnerType(name="media", title="Files", exists=_exists)]


@hookimpl
def register_template_helpers() -> Iterable[tuple[str, Callable[..., Any]]]:
    """Let templates show pictures in the sizes that there are of them."""
    return [("responsive_image", responsive_image)]


@hookimpl
def register_jobs() -> Iterable[JobKind]:
    """Bring the making of renditions, and the removal of files that nothing knows of."""
    return [
        JobKind(
            name=RENDITIONS_JOB,
            title="Make a picture in its sizes",
            run=run_renditions,
            lease=timedelta(minutes=10),
            max_attempts=3,
        ),
        JobKind(
            name="media.sweep",
            title="Remove files that an interrupted upload left behind",
            run=run_sweep,
            every=timedelta(days=1),
        ),
    ]
