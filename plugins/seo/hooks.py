"""Where the plugin takes part in the frame. Each does little and calls what does it."""

from collections.abc import Iterable
from datetime import timedelta

from core.contract.accounts import Capability
from core.contract.addresses import Elsewhere, Gone, Instead
from core.contract.admin import EditPanel
from core.contract.content import ContentCheck, Extension
from core.contract.markers import hookimpl
from core.contract.pages import Page, PageMeta
from core.contract.views import PostView, TermView, UserView
from core.contract.work import JobKind
from core.plugins import settings
from core.site import site_view
from plugins.seo.about import document_title, page_meta
from plugins.seo.checks import CHECK
from plugins.seo.fields import EXTENSIONS, forget_user
from plugins.seo.head import head_of
from plugins.seo.importing import adopt
from plugins.seo.llms import PATH, llms_txt
from plugins.seo.missing import PURGE_JOB, purge
from plugins.seo.moves import post_moved, term_moved
from plugins.seo.panels import PANELS
from plugins.seo.redirects import MANAGE, find_redirect, target_for
from plugins.seo.robots import robots_with
from plugins.seo.settings import SeoSettings
from plugins.seo.sitemaps import INDEX, has_sitemaps, sitemap_at
from plugins.seo.waiting import note_hit, note_missing


@hookimpl
def register_capabilities() -> Iterable[Capability]:
    """Bring the right to manage redirects."""
    return [
        Capability(
            name=MANAGE,
            title="Manage redirects and addresses that lead nowhere",
            group="Search engines",
            roles=frozenset({"editor"}),
        )
    ]


@hookimpl
def register_extensions() -> Iterable[Extension]:
    """Keep with posts, terms and authors what is said of them."""
    return EXTENSIONS


@hookimpl
def register_edit_panels() -> Iterable[EditPanel]:
    """Bring the sections in which it is said."""
    return PANELS


@hookimpl
def register_content_checks() -> Iterable[ContentCheck]:
    """Say what keeps a text from being found."""
    return [CHECK]


@hookimpl
async def filter_document_title(title: str, page: Page) -> str:
    """Make titles as the site wants them."""
    return await document_title(title, page)


@hookimpl
async def filter_page_meta(meta: PageMeta, page: Page) -> PageMeta:
    """Say what was said of the item."""
    return await page_meta(meta, page)


@hookimpl
async def filter_slot(parts: list[str], slot: str, page: Page) -> list[str]:
    """Put share cards and structured data into the head."""
    return [*parts, await head_of(page)] if slot == "head" else parts


@hookimpl
async def filter_missing_address(instead: Instead | None, path: str) -> Instead | None:
    """Answer with a sitemap, with llms.txt or with a redirect."""
    if instead is not None:
        return instead
    if path == PATH:
        return await llms_txt()
    if (sitemap := await sitemap_at(path)) is not None:
        return sitemap
    found = await find_redirect(path)
    if found is None:
        return None
    await note_hit(found.id)
    if found.status == 410:
        return Gone()
    return Elsewhere(url=target_for(found, path), status=found.status)


@hookimpl
async def on_address_missing(path: str, referrer: str) -> None:
    """Note addresses that lead nowhere."""
    if settings(SeoSettings).log_missing:
        await note_missing(path, referrer)


@hookimpl
async def filter_robots_txt(text: str, allowed: bool) -> str:
    """Say what somebody wrote instead, and where the sitemap is."""
    if not allowed:
        return text
    sitemap = site_view().url + INDEX if has_sitemaps() else ""
    return robots_with(text, settings(SeoSettings).robots_txt, sitemap)


@hookimpl
async def on_post_saved(post: PostView, before: PostView | None) -> None:
    """Follow posts to their new addresses."""
    await post_moved(post, before)


@hookimpl
async def on_term_saved(term: TermView, before: TermView | None) -> None:
    """Follow terms to their new addresses."""
    await term_moved(term, before)


@hookimpl
async def on_user_deleting(user: UserView) -> None:
    """Forget what is said of the list of somebody who leaves."""
    await forget_user(user.id)


@hookimpl
async def on_import_finished() -> None:
    """Take over what an import brought."""
    await adopt()


@hookimpl
async def on_plugin_enabled(plugin: str) -> None:
    """Take over what earlier imports brought."""
    if plugin == "seo":
        await adopt()


@hookimpl
def register_jobs() -> Iterable[JobKind]:
    """Bring forgetting old addresses that lead nowhere."""
    return [
        JobKind(
            name=PURGE_JOB, title="Forget addresses that lead nowhere", run=purge, every=timedelta(days=1)
        )
    ]
