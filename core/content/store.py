"""Posts by id, number or address, without asking for rights: for operations, which ask themselves."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from core.content.views import Bring, build_views, select_posts
from core.contract.views import PostView
from core.errors import NotFound
from core.i18n import gettext as _

__all__ = ["first_post", "load_post", "no_such_post"]


def no_such_post() -> NotFound:
    """Return the error for a post that is not here, or that the actor may not know of: the two look the same."""
    return NotFound(_("There is no such post here."))


async def first_post(
    where: str, *args: Any, unlocked: bool = True, content: bool = True, ext: bool = True, tail: str = ""
) -> PostView | None:
    """Return the first post of a condition, None if there is none. See `select_posts`."""
    rows: Sequence[dict[str, Any]] = await select_posts(
        where, args, bring=Bring(content), tail=f"{tail} LIMIT 1"
    )
    views = await build_views(rows, unlocked=unlocked, ext=ext)
    return views[0] if views else None


async def load_post(post_id: UUID, *, content: bool = True, ext: bool = True) -> PostView:
    """Return a post with everything, also what a password hides.

    Raises:
        NotFound: There is none of this id on the site.
    """
    found = await first_post("posts.id = {}", post_id, content=content, ext=ext)
    if found is None:
        raise no_such_post()
    return found
