"""Where comments take part in the frame. Each does little and calls what does it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from core.contract.accounts import Capability
from core.contract.admin import DashboardPanel
from core.contract.content import Extension, OwnerType
from core.contract.feeds import PostFeed
from core.contract.markers import hookimpl
from core.contract.pages import Page
from core.contract.views import PostView, UserView
from core.contract.widgets import WidgetType
from core.contract.work import ImportHandler, JobKind, PersonalDataProvider
from core.db import tenant_work
from core.jobs import enqueue
from plugins.comments.addresses import READ_ADDRESSES
from plugins.comments.closing import CLOSE_JOB, EXTENSION, close_if_old, close_old
from plugins.comments.feed import feed_below
from plugins.comments.followers import TELL_JOB, tell
from plugins.comments.importing import HANDLER
from plugins.comments.moderation import MODERATE
from plugins.comments.overview import recent_comments
from plugins.comments.personal_data import PROVIDER
from plugins.comments.purging import PURGE_JOB, purge
from plugins.comments.site import discussion, feed_links
from plugins.comments.store import exists, leave_comments
from plugins.comments.widget import WIDGET


@hookimpl
def register_capabilities() -> Iterable[Capability]:
    """Bring the right to see where a comment came from."""
    return [Capability(name=READ_ADDRESSES, title="See the network addresses of who comments")]


@hookimpl
def register_extensions() -> Iterable[Extension]:
    """Let views of posts say how many comments there are and whether one may be added."""
    return [EXTENSION]


@hookimpl
def register_owner_types() -> Iterable[OwnerType]:
    """Let other plugins keep something with a comment."""
    return [OwnerType(name="comments", title="Comments", exists=exists)]


@hookimpl
async def filter_slot(parts: list[str], slot: str, page: Page) -> list[str]:
    """Put the discussion below a post, and the links of the feeds into the head."""
    if slot == "after_post":
        found = await discussion(page)
        return [*parts, found] if found is not None else parts
    return [*parts, await feed_links(page)] if slot == "head" else parts


@hookimpl
async def filter_post_feed(feed: PostFeed | None, post: PostView) -> PostFeed | None:
    """Tell feed readers what is said below a post."""
    return feed if feed is not None else await feed_below(post)


@hookimpl
async def on_post_saving(post: PostView) -> None:
    """Close the discussion of a post that is old when it is written."""
    await close_if_old(post)


@hookimpl
async def on_settings_saved(owner: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Close, or open again, what is old by another number of days."""
    if owner == "comments" and before.get("close_after_days", 0) != after.get("close_after_days", 0):
        async with tenant_work():
            await enqueue(CLOSE_JOB, dedup="setting")


@hookimpl
async def on_user_deleting(user: UserView) -> None:
    """Let somebody's comments stand when he leaves: under his name, but nobody's account."""
    await leave_comments(user.id)


@hookimpl
def register_jobs() -> Iterable[JobKind]:
    """Bring closing old discussions, telling people of answers, and emptying the trash."""
    return [
        JobKind(name=CLOSE_JOB, title="Close old discussions", run=close_old, every=timedelta(hours=1)),
        JobKind(name=TELL_JOB, title="Tell people of answers", run=tell),
        JobKind(name=PURGE_JOB, title="Empty trash and spam", run=purge, every=timedelta(days=1)),
    ]


@hookimpl
def register_dashboard_panels() -> Iterable[DashboardPanel]:
    """Bring the newest comments."""
    return [
        DashboardPanel(
            key="comments.recent",
            title="Recent comments",
            template="comments/admin/recent.html",
            capability=MODERATE,
            context=recent_comments,
            position=40,
        )
    ]


@hookimpl
def register_personal_data() -> Iterable[PersonalDataProvider]:
    """Bring what is kept about people who comment."""
    return [PROVIDER]


@hookimpl
def register_import_handlers() -> Iterable[ImportHandler]:
    """Claim comments of WordPress exports."""
    return [HANDLER]


@hookimpl
def register_widget_types() -> Iterable[WidgetType]:
    """Bring the newest comments for regions of the theme."""
    return [WIDGET]
