"""Where the plugin takes part."""

from collections.abc import Iterable

from core.contract.admin import DashboardPanel
from core.contract.markers import hookimpl
from core.contract.pages import Page, SinglePage
from core.contract.views import PostView
from core.plugins import settings
from core.themes import render_part
from vitral_reading_time.minutes import minutes_of
from vitral_reading_time.operations import most_finished
from vitral_reading_time.settings import ReadingTimeSettings


@hookimpl
async def filter_post_content(html: str, post: PostView) -> str:
    """Say above the text how long it takes."""
    if post.type != "post" or post.page > 1:
        return html
    note = await render_part("reading_time/note.html", minutes=minutes_of(post.content))
    return f"{note}{html}"


@hookimpl
async def filter_slot(parts: list[str], slot: str, page: Page) -> list[str]:
    """Ask below the text whether it was read to the end."""
    if slot != "after_post" or not isinstance(page, SinglePage) or page.post.type != "post":
        return parts
    if not settings(ReadingTimeSettings).ask_readers:
        return parts
    return [*parts, await render_part("reading_time/question.html", post=page.post)]


@hookimpl
def register_dashboard_panels() -> Iterable[DashboardPanel]:
    """Show editors what is read to the end."""
    return [
        DashboardPanel(
            key="reading_time.finished",
            title="Read to the end",
            template="reading_time/panel.html",
            capability="edit_others_posts",
            context=most_finished,
        )
    ]
