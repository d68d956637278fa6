"""What the operations on sites bring to the frame's own hooks, as the pseudo plugin "core"."""

from core.contract.markers import hookimpl
from core.contract.views import UserView
from core.sites.look_tables import LookVersion

__all__ = ["on_user_deleting"]


@hookimpl
async def on_user_deleting(user: UserView, reassign_to: UserView | None) -> None:
    """Let looks that the person published stay: they are the site's, under the heir's name or nobody's."""
    heir = reassign_to.id if reassign_to is not None else None
    await LookVersion.update({LookVersion.author_id: heir}).where(LookVersion.author_id == user.id)
