"""Addresses that lead nowhere: listed, turned into redirects, forgotten in time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from core.accounts import require
from core.clock import now
from core.contract.work import JobContext
from core.db import execute, tenant_work
from core.errors import NotFound
from core.i18n import gettext as _
from core.plugins import settings
from plugins.seo.redirects import MANAGE, RedirectData, RedirectView, create_redirect
from plugins.seo.settings import SeoSettings
from plugins.seo.tables import SeoMissing
from plugins.seo.waiting import flush

__all__ = [
    "PURGE_JOB",
    "MissingList",
    "MissingView",
    "forget",
    "forget_all",
    "get_missing",
    "lead_on",
    "list_missing",
    "purge",
]

PURGE_JOB = "seo.forget_missing"


class MissingView(msgspec.Struct, frozen=True, kw_only=True):
    """An address that leads nowhere."""

    id: UUID
    path: str
    hits: int
    referrer: str = ""
    first_seen_at: datetime
    last_seen_at: datetime


class MissingList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list."""

    items: tuple[MissingView, ...]
    total: int


def _view(row: Mapping[str, Any]) -> MissingView:
    return MissingView(**{name: row[name] for name in MissingView.__struct_fields__})


async def list_missing(
    search: str = "",
    order: Literal["path", "hits", "last_seen_at"] = "last_seen_at",
    *,
    descending: bool = True,
    page: int = 1,
    per_page: int = 20,
) -> MissingList:
    """Return a page of the addresses that lead nowhere. Asks for `seo.manage`."""
    await require(MANAGE)
    await flush()  # what this process has seen a moment ago is what somebody looks for
    words = search.strip().lower()[:200].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    args = [f"%{words}%"] if words else []
    condition = "FROM seo_missing WHERE tenant_id = {tenant}"
    condition += " AND lower(path) LIKE {} ESCAPE '\\'" if words else ""
    total = await execute(f"SELECT count(*) AS n {condition}", *args)
    way = "DESC" if descending else "ASC"
    rows = await execute(
        f"SELECT * {condition} ORDER BY {order} {way}, id {way} LIMIT {{}} OFFSET {{}}",
        *args,
        per_page,
        (page - 1) * per_page,
    )
    return MissingList(items=tuple(map(_view, rows)), total=total[0]["n"])


async def get_missing(missing_id: UUID) -> MissingView:
    """Return an address that leads nowhere.

    Raises:
        NotFound: There is none of this id on the site.
    """
    rows = await SeoMissing.select().where(SeoMissing.id == missing_id)
    if not rows:
        raise NotFound(_("This address was taken off the list already."))
    return _view(rows[0])


async def lead_on(missing: MissingView, data: RedirectData) -> RedirectView:
    """Make a redirect of an address that leads nowhere, and take it off the list. See `create_redirect`."""
    async with tenant_work():
        made = await create_redirect(data)
        await SeoMissing.delete().where(SeoMissing.id == missing.id)
        return made


async def forget(missing_id: UUID) -> None:
    """Take an address off the list."""
    await require(MANAGE)
    async with tenant_work():
        await SeoMissing.delete().where(SeoMissing.id == missing_id)


async def forget_all() -> None:
    """Empty the list."""
    await require(MANAGE)
    await flush()
    async with tenant_work():
        await SeoMissing.delete(force=True)


async def purge(job: JobContext) -> None:
    """Forget what nobody asked for in a while; all of it where the site no longer notes such addresses."""
    wanted = settings(SeoSettings)
    async with tenant_work():
        gone = SeoMissing.delete(force=True)
        limit = now() - timedelta(days=wanted.missing_days)
        await (gone.where(SeoMissing.last_seen_at < limit) if wanted.log_missing else gone)
