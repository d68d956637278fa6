"""Counts that wait: how often redirects were followed and which addresses lead nowhere, written once in a while.

Each process keeps its own and writes them in one unit when half a minute is over or many wait; what a
process holds when it ends is lost. Counting must not make a reader wait for a write of his own.
"""

import re
from datetime import datetime
from time import monotonic
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec

from core.clock import now
from core.context import current_tenant
from core.db import Database, current_database, execute, tenant_work
from core.ids import new_id

__all__ = ["MOST_MISSING", "flush", "note_hit", "note_missing"]

EVERY: Final = 30.0
"""Seconds."""
_MANY: Final = 200
MOST_MISSING: Final = 2000
"""Addresses that a site keeps; those that were not asked for the longest go first."""
_LONGEST: Final = 500
_PRIVATE: Final = re.compile(r"@|%40|\d{9,}|\d{3}\.\d{3}\.\d{3}-\d{2}|[A-Za-z0-9_]{32,}")
"""May be somebody's address, number or secret link."""
_PROBES: Final = re.compile(
    r"\.(php\d?|aspx?|jsp|cgi|env|git|sql|bak|ini|ya?ml)(/|$)|/\.|^/(wp-admin|wp-includes|cgi-bin)(/|$)", re.I
)
"""What machines ask every site for in search of holes: nobody's link is broken."""


class _Missing(msgspec.Struct):
    hits: int
    at: datetime
    referrer: str


class _Waiting:
    def __init__(self) -> None:
        self.since = monotonic()
        self.hits: dict[UUID, tuple[int, datetime]] = {}
        self.missing: dict[str, _Missing] = {}

    @property
    def due(self) -> bool:
        return len(self.hits) + len(self.missing) >= _MANY or monotonic() - self.since >= EVERY


_all: WeakKeyDictionary[Database, dict[UUID, _Waiting]] = WeakKeyDictionary()


def _here() -> _Waiting:
    sites = _all.setdefault(current_database(), {})
    return sites.setdefault(current_tenant().id, _Waiting())


async def note_hit(redirect_id: UUID) -> None:
    """Count that a redirect was followed."""
    waiting = _here()
    waiting.hits[redirect_id] = (waiting.hits.get(redirect_id, (0, now()))[0] + 1, now())
    if waiting.due:
        await flush()


async def note_missing(path: str, referrer: str) -> None:
    """Count that an address leads nowhere, unless it may say something about a person or a machine tries doors."""
    if len(path) > _LONGEST or _PRIVATE.search(path) or _PROBES.search(path) or not path.isprintable():
        return
    waiting = _here()
    known = waiting.missing.get(path)
    if known is None and len(waiting.missing) >= _MANY:
        return
    if known is None:
        known = waiting.missing[path] = _Missing(0, now(), "")
    known.hits, known.at, known.referrer = known.hits + 1, now(), referrer or known.referrer
    if waiting.due:
        await flush()


async def flush() -> None:
    """Write what this process holds for the site."""
    waiting = _all.get(current_database(), {}).pop(current_tenant().id, None)
    if waiting is None or not (waiting.hits or waiting.missing):
        return
    async with tenant_work():
        for redirect_id, (count, at) in sorted(waiting.hits.items()):  # one order for everybody
            await execute(
                "UPDATE seo_redirects SET hits = hits + {}, last_hit_at = {} WHERE tenant_id = {tenant} AND id = {}",
                count,
                at,
                redirect_id,
            )
        for path, seen in sorted(waiting.missing.items()):
            await execute(
                "INSERT INTO seo_missing (id, tenant_id, path, hits, referrer, first_seen_at, last_seen_at)"
                " VALUES ({}, {tenant}, {}, {}, {}, {}, {}) ON CONFLICT (tenant_id, path) DO UPDATE SET"
                " hits = seo_missing.hits + excluded.hits, last_seen_at = excluded.last_seen_at,"
                " referrer = CASE WHEN excluded.referrer = '' THEN seo_missing.referrer ELSE excluded.referrer END",
                new_id(),
                path,
                seen.hits,
                seen.referrer,
                seen.at,
                seen.at,
            )
        if waiting.missing:
            await _cut()


async def _cut() -> None:
    await execute(
        "DELETE FROM seo_missing WHERE tenant_id = {tenant} AND id IN (SELECT id FROM seo_missing"
        " WHERE tenant_id = {tenant} ORDER BY last_seen_at DESC, id DESC LIMIT 1000000 OFFSET {})",
        MOST_MISSING,
    )
