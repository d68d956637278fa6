"""A site's index as a whole: made when the plugin is enabled, made anew when stems or editions change.

Until it is whole, searches are the core's.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from core.clock import now
from core.content import content_types, list_posts
from core.contract.content import ListingPosition, ListingQuery
from core.contract.work import JobContext
from core.db import tenant_read, tenant_work
from core.jobs import enqueue
from core.tenancy import site_settings
from plugins.search.documents import EDITION, put
from plugins.search.tables import Document, Index

__all__ = [
    "INDEX_JOB",
    "TERM_JOB",
    "begin",
    "index_site",
    "index_term",
    "is_whole",
    "term_later",
]

INDEX_JOB: Final = "search.index"
TERM_JOB: Final = "search.index_term"
_BATCH: Final = 50


async def is_whole() -> bool:
    """Tell whether every post is in the index, by today's stems: one query."""
    rows = await Index.select().limit(1)
    return [(row["edition"], row["language"]) for row in rows] == [(EDITION, site_settings().language)]


async def begin() -> None:
    """Have the index made anew by a job, in the unit in progress. Until it is whole, the core finds by itself."""
    await Index.delete(force=True)
    await enqueue(INDEX_JOB, dedup="site")


async def index_site(job: JobContext) -> None:
    """Put every published post into the index. A run that was cut off goes on where it was."""
    progress = job.payload.get("progress", {})
    kinds = tuple(kind.name for kind in content_types() if kind.public)
    position = _position(progress)
    done = int(progress.get("done", 0))
    async with tenant_read():
        if position is None:
            async with tenant_work():
                await Document.delete(force=True)
        while kinds:
            found = await list_posts(
                ListingQuery(types=kinds, ascending=True, per_page=_BATCH, position=position, count=False),
                "widget",
                content=True,
                writers=True,
            )
            async with tenant_work():
                for post in found.items:
                    await put(post)
            done += len(found.items)
            position = found.next
            if position is None:
                break
            await job.progress(done=done, at=str(position.value), id=str(position.id))
        async with tenant_work():
            await Index.delete(force=True)
            await Index.insert(Index(language=site_settings().language, edition=EDITION, finished_at=now()))


def _position(progress: Any) -> ListingPosition | None:
    if "id" not in progress:
        return None
    return ListingPosition(datetime.fromisoformat(progress["at"]), UUID(progress["id"]))


async def term_later(term_id: UUID) -> None:
    """Have the posts of a term written anew by a job: it is called something else now."""
    async with tenant_work():
        await enqueue(TERM_JOB, {"term": str(term_id)}, dedup=str(term_id))


async def index_term(job: JobContext) -> None:
    """Write the documents of a term's posts anew."""
    query = ListingQuery(
        types=tuple(kind.name for kind in content_types() if kind.public),
        term_ids=(UUID(job.payload["term"]),),
        per_page=_BATCH,
        count=False,
    )
    position: ListingPosition | None = None
    async with tenant_read():
        while True:
            found = await list_posts(replace(query, position=position), "widget", content=True, writers=True)
            async with tenant_work():
                for post in found.items:
                    await put(post)
            position = found.next
            if position is None:
                return
            await job.progress()
