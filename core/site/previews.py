"""Looking at what is not out yet: a draft, or the text that somebody is still writing."""

import msgspec

from core.accounts import decide
from core.content import Revision, get_post, get_revision, revisions
from core.context import current_actor
from core.contract.views import PostView
from core.text import excerpt_of, plain_text

__all__ = ["previewed"]


async def previewed(post: PostView, revision: int = 0) -> PostView | None:
    """Return a post with the text that is to be looked at, None if the actor may not edit it.

    Args:
        post: The post as it was found.
        revision: Number of a revision; 0 for what the actor kept last while writing, if that is
            newer than what is saved.

    Raises:
        NotFound: It has no such revision.
    """
    if current_actor().kind != "user" or not (await decide(current_actor(), "edit_post", post)).allowed:
        return None
    post = await get_post(post.id, edit=True)
    if not revision:
        kept = next((entry for entry in await revisions(post.id) if _is_own(entry)), None)
        if kept is None or kept.created_at <= post.updated_at:
            return post
        revision = kept.number
    return _with_text(post, await get_revision(post.id, revision))


def _is_own(entry: Revision) -> bool:
    return entry.kind == "autosave" and entry.author is not None and entry.author.id == current_actor().id


def _with_text(post: PostView, text: Revision) -> PostView:
    summary = plain_text(text.excerpt) if text.excerpt else excerpt_of(text.content)
    return msgspec.structs.replace(
        post,
        title=text.title,
        content=text.content,
        content_format=text.content_format,
        excerpt=text.excerpt,
        summary=summary,
    )
