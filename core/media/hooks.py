"""What media bring to the frame's own hooks, as the pseudo plugin "core"."""

import asyncio

from core.context import current_tenant
from core.contract.markers import hookimpl
from core.contract.views import UserView
from core.db import current_work
from core.errors import Refused
from core.i18n import gettext as _
from core.media.folder import current_media
from core.media.tables import Media

__all__ = ["on_site_deleting", "on_user_deleting"]


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
    folder, tenant = current_media(), current_tenant().id

    async def remove() -> None:
        await asyncio.to_thread(folder.remove_all, tenant)

    current_work().after_commit(remove)
