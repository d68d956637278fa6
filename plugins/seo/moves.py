"""Redirects that make themselves: where an address changes, and suggestions where something goes to the trash."""

from typing import Final
from urllib.parse import unquote

from core.clock import now
from core.contract.views import PostView, TermView
from core.db import execute, tenant_work
from core.ids import new_id
from core.plugins import settings
from plugins.seo.addresses import MAX_SOURCE, key_of
from plugins.seo.redirects import shorten
from plugins.seo.settings import SeoSettings

__all__ = ["post_moved", "term_moved"]

_SHOWN: Final = "publish"


async def post_moved(post: PostView, before: PostView | None) -> None:
    """Follow a published post to its new address, or suggest a redirect where it went to the trash."""
    was = before is not None and before.status == _SHOWN
    if before is not None and was and post.status == _SHOWN:
        if before.url != post.url:
            await _follow([(before.url, post.url)])
    elif before is not None and was and post.status == "trash":
        await _suggest(before.url)
    elif post.status == _SHOWN:
        await _stands_at(post.url)


async def term_moved(term: TermView, before: TermView | None) -> None:
    """Follow a term to its new address, with its pages, its feed and what is below it."""
    if before is not None and before.url != term.url:
        await _follow([(before.url, term.url), (f"{before.url.rstrip('/')}/*", f"{term.url.rstrip('/')}/*")])


async def _follow(moves: list[tuple[str, str]]) -> None:
    if not settings(SeoSettings).follow_moves:
        return
    async with tenant_work():
        for old, new in moves:
            if "?" in old or "?" in new or len(old) > MAX_SOURCE:
                continue  # plain addresses are numbers, which never change
            source, place = key_of(old), key_of(unquote(new))
            if source == place:
                continue
            # something stands there now, so what once led away from it is over
            await execute(
                "DELETE FROM seo_redirects WHERE tenant_id = {tenant} AND source = {} AND origin = 'moved'",
                place,
            )
            await _put(source, new, "moved", active=True)
            await shorten(source, new)


async def _suggest(old: str) -> None:
    if settings(SeoSettings).follow_moves and "?" not in old:
        async with tenant_work():
            await _put(key_of(old), "", "trash", active=False)


async def _stands_at(url: str) -> None:
    """Take back what made itself for an address where something stands now."""
    async with tenant_work():
        await execute(
            "DELETE FROM seo_redirects WHERE tenant_id = {tenant} AND source = {} AND origin IN ('moved', 'trash')",
            key_of(url),
        )


async def _put(source: str, target: str, origin: str, *, active: bool) -> None:
    """Write a redirect that made itself; what somebody made by hand stays as it is."""
    await execute(
        "INSERT INTO seo_redirects (id, tenant_id, source, target, status, origin, active, hits, created_at, updated_at, version)"
        " VALUES ({}, {tenant}, {}, {}, 301, {}, {}, 0, {}, {}, 1) ON CONFLICT (tenant_id, source) DO UPDATE SET"
        " target = excluded.target, status = 301, origin = excluded.origin, active = excluded.active,"
        " updated_at = excluded.updated_at, version = seo_redirects.version + 1"
        " WHERE seo_redirects.origin IN ('moved', 'trash')",
        new_id(),
        source,
        target,
        origin,
        active,
        now(),
        now(),
    )
