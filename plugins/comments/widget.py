"""The newest comments as a widget."""

from typing import Annotated

import msgspec
from msgspec import Meta

from core.contract.pages import Page
from core.contract.widgets import WidgetType
from core.themes import render_part
from plugins.comments.feed import newest_shown
from plugins.comments.threads import add_query

__all__ = ["WIDGET"]


class RecentCommentsForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be set in it."""

    count: Annotated[int, Meta(title="How many", ge=1, le=20)] = 5


async def _render(settings: RecentCommentsForm, _page: Page) -> str:
    found = await newest_shown(settings.count)
    if not found:
        return ""
    links = [
        (comment.author_name, post.title, add_query(post.url, f"comment-{comment.number}"))
        for comment, post in found
    ]
    return str(await render_part("comments/widget.html", links=links))


WIDGET = WidgetType(
    name="comments.recent",
    title="Recent comments",
    description="Who said something last, and about what.",
    icon="comment",
    position=15,
    settings=RecentCommentsForm,
    render=_render,
    shared=True,
)
