"""What content brings to the frame's own hooks, as the pseudo plugin "core"."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from core.content.checks import OVERRIDE
from core.content.copies import COPIES
from core.content.core_shortcodes import CORE_SHORTCODES
from core.content.embed_fetch import FETCH_JOB, run_fetch
from core.content.lifecycle import PUBLISH_JOB
from core.content.media_use import POSTS, note_media
from core.content.people import hand_over
from core.content.providers import PROVIDERS
from core.content.schedule import run_publish_due
from core.content.tables import Post, Term
from core.content.templates import BLOCKS, HTML
from core.content.terms import insert_term
from core.content.trash import EMPTY_JOB, run_empty, run_purge
from core.content.types import CORE_TAXONOMIES, CORE_TYPES, known_taxonomy
from core.content.unpublish import UNPUBLISH_JOB, run_unpublish_due
from core.contract.accounts import Capability
from core.contract.content import (
    ContentFormat,
    ContentType,
    EmbedProvider,
    OwnerType,
    Shortcode,
    Taxonomy,
)
from core.contract.markers import hookimpl
from core.contract.media import MediaUsageSource
from core.contract.views import PostView, UserView
from core.contract.work import JobKind, PersonalDataProvider
from core.db import tally
from core.i18n import gettext as _

__all__ = [
    "on_post_saving",
    "on_site_creating",
    "on_user_deleting",
    "on_user_saving",
    "register_capabilities",
    "register_content_formats",
    "register_content_types",
    "register_embed_providers",
    "register_jobs",
    "register_media_usages",
    "register_owner_types",
    "register_personal_data",
    "register_shortcodes",
    "register_taxonomies",
]


@hookimpl
def register_content_types() -> Iterable[ContentType]:
    """Bring posts and pages."""
    return CORE_TYPES


@hookimpl
def register_taxonomies() -> Iterable[Taxonomy]:
    """Bring categories, tags and formats."""
    return CORE_TAXONOMIES


async def _post_exists(post_id: UUID) -> bool:
    return bool(await Post.exists().where(Post.id == post_id, Post.deleted_at.is_null()))


async def _term_exists(term_id: UUID) -> bool:
    return bool(await Term.exists().where(Term.id == term_id))


@hookimpl
def register_owner_types() -> Iterable[OwnerType]:
    """Let plugins keep something with posts and terms."""
    return [
        OwnerType(name="post", title="Posts", exists=_post_exists),
        OwnerType(name="term", title="Terms", exists=_term_exists),
    ]


@hookimpl
def register_content_formats() -> Iterable[ContentFormat]:
    """Bring HTML and blocks."""
    return [HTML, BLOCKS]


@hookimpl
def register_shortcodes() -> Iterable[Shortcode]:
    """Bring those that WordPress has by itself."""
    return CORE_SHORTCODES


@hookimpl
def register_embed_providers() -> Iterable[EmbedProvider]:
    """Bring well-known sites of videos, sounds and slides."""
    return PROVIDERS


@hookimpl
def register_capabilities() -> Iterable[Capability]:
    """Bring the right to answer for findings; administrators hold it by themselves."""
    return [
        Capability(
            name=OVERRIDE,
            title="Publish in spite of a finding that blocks, with a reason",
            group="Publishing",
        )
    ]


@hookimpl
def register_personal_data() -> Iterable[PersonalDataProvider]:
    """Answer for what people wrote and did not save."""
    return [COPIES]


@hookimpl
def register_jobs() -> Iterable[JobKind]:
    """Bring scheduled publishing and emptying the trash."""
    return [
        JobKind(
            name=PUBLISH_JOB,
            title="Publish what is due",
            run=run_publish_due,
            every=timedelta(seconds=60),
        ),
        JobKind(
            name=FETCH_JOB,
            title="Ask other sites about what posts embed",
            run=run_fetch,
        ),
        JobKind(
            name=UNPUBLISH_JOB,
            title="Take off the site what was to be there until now",
            run=run_unpublish_due,
            every=timedelta(seconds=60),
        ),
        JobKind(name=EMPTY_JOB, title="Empty the trash", run=run_empty),
        JobKind(
            name="content.purge_trash",
            title="Empty the trash of what lay there for long",
            run=run_purge,
            every=timedelta(hours=6),
        ),
    ]


@hookimpl
async def on_site_creating() -> None:
    """Give a new site the category that posts without one get."""
    await insert_term(known_taxonomy("category"), {"name": _("Uncategorized"), "slug": "uncategorized"})


@hookimpl
async def on_user_saving(user: UserView, before: UserView | None) -> None:
    """Count a new person."""
    if before is None:
        tally({"users": 1})


@hookimpl
async def on_user_deleting(user: UserView, reassign_to: UserView | None) -> None:
    """Hand over what the person wrote, and count one person less."""
    await hand_over(user, reassign_to)
    tally({"users": -1})


@hookimpl
async def on_post_saving(post: PostView, before: PostView | None) -> None:
    """Note which files the post shows."""
    await note_media(post, before)


@hookimpl
def register_media_usages() -> Iterable[MediaUsageSource]:
    """Know the posts that show a file."""
    return [POSTS]
