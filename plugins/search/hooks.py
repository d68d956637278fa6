"""Where search takes part in the frame."""

from collections.abc import Iterable
from typing import Any

from core.contract.content import ListingQuery, SearchAnswer
from core.contract.markers import hookimpl
from core.contract.pages import Page
from core.contract.views import PostView, TermView
from core.contract.work import JobKind
from core.db import tenant_work
from plugins.search.documents import belongs, drop, put
from plugins.search.filters import filters
from plugins.search.finding import find
from plugins.search.index import (
    INDEX_JOB,
    TERM_JOB,
    begin,
    index_site,
    index_term,
    term_later,
)


@hookimpl
async def filter_search(answer: SearchAnswer | None, query: ListingQuery) -> SearchAnswer | None:
    """Answer searches of readers."""
    return answer if answer is not None else await find(query)


@hookimpl
async def on_post_saving(post: PostView) -> None:
    """Keep the index with the post."""
    await (put(post) if belongs(post) else drop([post.id]))


@hookimpl
async def on_term_saved(term: TermView, before: TermView | None) -> None:
    """Find the posts of a term by its new name."""
    if before is not None and term.name != before.name:
        await term_later(term.id)


@hookimpl
async def on_plugin_enabling(plugin: str) -> None:
    """Make the index of a site that is to be searched; what changed while the plugin was off is in it, too."""
    if plugin == "search":
        await begin()


@hookimpl
async def on_import_finished() -> None:
    """Put what came with an import into the index."""
    async with tenant_work():
        await begin()


@hookimpl
async def on_settings_saved(owner: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Make the index anew for another language."""
    if owner == "site" and before.get("language") != after.get("language"):
        async with tenant_work():
            await begin()


@hookimpl
def register_jobs() -> Iterable[JobKind]:
    """Bring making the index, and keeping it with names of terms."""
    return [
        JobKind(name=INDEX_JOB, title="Make the search index", run=index_site),
        JobKind(name=TERM_JOB, title="Find posts by a term's new name", run=index_term),
    ]


@hookimpl
async def filter_slot(parts: list[str], slot: str, page: Page) -> list[str]:
    """Let readers narrow a search down."""
    return [*parts, *await filters(page)] if slot == "search_filters" else parts
