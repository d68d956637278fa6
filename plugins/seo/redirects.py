"""Redirects: found for an address, made, changed, followed to their end. Pages that exist come before them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote
from uuid import UUID

import msgspec
from msgspec import Meta

from core.accounts import record, require
from core.clock import now
from core.db import execute, is_unique_violation, savepoint, tenant_work
from core.errors import Conflict, Invalid, NotFound
from core.i18n import gettext as _
from core.ids import new_id
from core.site import leads_somewhere
from plugins.seo.addresses import check_source, check_target, clean_target, key_of, keys_of
from plugins.seo.tables import SeoRedirect

__all__ = [
    "MANAGE",
    "RedirectData",
    "RedirectList",
    "RedirectQuery",
    "RedirectView",
    "all_redirects",
    "change_redirect",
    "checked",
    "count_redirects",
    "create_redirect",
    "delete_redirect",
    "end_of",
    "find_redirect",
    "get_redirect",
    "list_redirects",
    "redirect_at",
    "shorten",
    "target_for",
    "view_of",
]

MANAGE: Final = "seo.manage"
Status = Literal[301, 302, 307, 308, 410]
Origin = Literal["manual", "import", "moved", "trash"]
_HOPS: Final = 10
_WILD: Final = "/*"


class RedirectView(msgspec.Struct, frozen=True, kw_only=True):
    """A redirect."""

    id: UUID
    source: str
    target: str = ""
    status: Status = 301
    origin: Origin = "manual"
    active: bool = True
    hits: int = 0
    last_hit_at: datetime | None = None
    updated_at: datetime
    version: int = 1


class RedirectData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written to a redirect."""

    source: Annotated[str, Meta(extra={"check": check_source})]
    """A path of the site; one that ends in "/*" stands for everything below."""
    target: str = ""
    """A path of the site, or an https address; a target that ends in "/*" takes along what the asterisk of
    the source stood for. "" with status 410."""
    status: Status = 301
    active: bool = True


class RedirectQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What a list asks for."""

    search: str = ""
    origin: Literal["", "manual", "import", "moved", "trash"] = ""
    active: bool | None = None
    order: Literal["source", "hits", "last_hit_at"] = "source"
    descending: bool = False
    page: int = 1
    per_page: int = 20


class RedirectList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list."""

    items: tuple[RedirectView, ...]
    total: int


def view_of(row: Mapping[str, Any]) -> RedirectView:
    """Return a row of `seo_redirects` as a view."""
    return RedirectView(**{name: row[name] for name in RedirectView.__struct_fields__})


def redirect_at(path: str, found: Mapping[str, RedirectView]) -> RedirectView | None:
    """Return the redirect that fits a path most closely, of those by source."""
    return next((found[key] for key in keys_of(path) if key in found), None)


async def find_redirect(path: str) -> RedirectView | None:
    """Return the redirect that counts at a path: one query, whatever the number of redirects."""
    keys = keys_of(path)
    marks = ", ".join(["{}"] * len(keys))
    rows = await execute(
        f"SELECT * FROM seo_redirects WHERE tenant_id = {{tenant}} AND source IN ({marks}) AND active",  # noqa: S608  # marks are ours
        *keys,
    )
    return redirect_at(path, {row["source"]: view_of(row) for row in rows})


def target_for(found: RedirectView, path: str) -> str:
    """Return where a redirect leads from a path: with what the asterisk stood for, if it takes that along."""
    if not (found.source.endswith(_WILD) and found.target.endswith(_WILD)):
        return found.target
    steps = [part for part in path.split("/") if part]
    rest = "/".join(quote(part, safe="") for part in steps[found.source.count("/") - 1 :])
    slash = "/" if rest and path.endswith("/") else ""
    return f"{found.target.removesuffix('*')}{rest}{slash}"


def end_of(source: str, target: str, found: Mapping[str, RedirectView]) -> str:
    """Return where a target leads in the end, through the redirects that there are.

    Raises:
        Invalid: It comes back to where it began, or takes too many steps; under "target".
    """
    at = target
    for _step in range(_HOPS):
        if not at.startswith("/"):
            return at
        bare = at.removesuffix("*")
        if source in keys_of(bare):
            raise Invalid(
                {"target": _("This leads back to where it comes from, so readers would go round in circles.")}
            )
        after = redirect_at(bare, found)
        if after is None or not after.active or after.source == source or after.status == 410:
            return at
        if at.endswith(_WILD) != after.source.endswith(_WILD) or (
            at.endswith(_WILD) and not after.target.endswith(_WILD)
        ):
            return at  # only one of them stands for many addresses: each is followed on its own
        at = after.target if at.endswith(_WILD) else target_for(after, at)
    raise Invalid({"target": _("This goes through more than {count} redirects.").format(count=_HOPS)})


async def _end(source: str, target: str) -> str:
    """Return where a target leads in the end; a page that exists is one. See `end_of`."""
    found: dict[str, RedirectView] = {}
    at = target
    for _step in range(_HOPS):
        if not at.startswith("/") or await leads_somewhere(at.partition("?")[0].partition("#")[0]):
            break
        after = await find_redirect(at.removesuffix("*"))
        if after is None or after.source in found:
            break
        found[after.source] = after
        at = target_for(after, at)
    return end_of(source, target, found)


def checked(data: RedirectData) -> tuple[str, str]:
    """Return source and target as they are kept.

    Raises:
        Invalid: Everything that can't be used, by field.
    """
    errors: dict[str, str] = {}
    if wrong := check_source(data.source):
        errors["source"] = wrong
    if data.status != 410:
        if not data.target.strip() and data.active:
            errors["target"] = _("Say where it leads to, or choose “Gone for good”.")
        elif data.target.strip() and (wrong := check_target(data.target)):
            errors["target"] = wrong
        elif data.target.strip().endswith(_WILD) and not data.source.strip().endswith(_WILD):
            errors["target"] = _("A target with an asterisk needs a source with one.")
    if errors:
        raise Invalid(errors)
    return key_of(data.source.strip()), "" if data.status == 410 else clean_target(data.target)


async def get_redirect(redirect_id: UUID) -> RedirectView:
    """Return a redirect.

    Raises:
        NotFound: There is none of this id on the site.
    """
    rows = await SeoRedirect.select().where(SeoRedirect.id == redirect_id)
    if not rows:
        raise NotFound(_("There is no such redirect here."))
    return view_of(rows[0])


async def list_redirects(query: RedirectQuery) -> RedirectList:
    """Return a page of the site's redirects. Asks for `seo.manage`."""
    await require(MANAGE)
    where: list[str] = []
    args: list[Any] = []
    if words := query.search.strip().lower()[:200]:
        pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        where.append("AND (source LIKE {} ESCAPE '\\' OR lower(target) LIKE {} ESCAPE '\\')")
        args += [pattern, pattern]
    if query.origin:
        where.append("AND origin = {}")
        args.append(query.origin)
    if query.active is not None:
        where.append("AND active" if query.active else "AND NOT active")
    condition = f"FROM seo_redirects WHERE tenant_id = {{tenant}} {' '.join(where)}"
    total = await execute(f"SELECT count(*) AS n {condition}", *args)
    way = "DESC" if query.descending else "ASC"
    order = f"coalesce({query.order}, created_at)" if query.order == "last_hit_at" else query.order
    rows = await execute(
        f"SELECT * {condition} ORDER BY {order} {way}, id {way} LIMIT {{}} OFFSET {{}}",
        *args,
        query.per_page,
        (query.page - 1) * query.per_page,
    )
    return RedirectList(items=tuple(map(view_of, rows)), total=total[0]["n"])


async def count_redirects() -> dict[tuple[str, bool], int]:
    """Return how many redirects there are, by origin and whether they count."""
    rows = await execute(
        "SELECT origin, active, count(*) AS n FROM seo_redirects WHERE tenant_id = {tenant} GROUP BY origin, active"
    )
    return {(row["origin"], bool(row["active"])): row["n"] for row in rows}


async def create_redirect(data: RedirectData, *, origin: Origin = "manual") -> RedirectView:
    """Make a redirect. A chain is shortened: what led to its source leads to its target from then on.

    Raises:
        Invalid: Everything that can't be used, by field; a circle, for one.
        Conflict: There is a redirect from there already.
        Forbidden: The actor may not.
    """
    await require(MANAGE)
    source, target = checked(data)
    target = await _end(source, target) if target else target
    row = SeoRedirect(
        id=new_id(),
        source=source,
        target=target,
        status=data.status,
        active=data.active,
        origin=origin,
        created_at=now(),
        updated_at=now(),
    )
    async with tenant_work():
        try:
            async with savepoint():
                await SeoRedirect.insert(row)
        except Exception as error:
            if is_unique_violation(error):
                raise _taken(source) from error
            raise
        await shorten(source, target)
        await _record("seo.redirect.create", row.id, None, {"source": source, "target": target})
        return await get_redirect(row.id)


async def change_redirect(redirect_id: UUID, data: RedirectData, *, version: int | None) -> RedirectView:
    """Change a redirect. See `create_redirect`.

    Raises:
        NotFound: There is none of this id on the site.
        Conflict: Somebody else changed it first, or there is another one from there.
    """
    await require(MANAGE)
    source, target = checked(data)
    target = await _end(source, target) if target else target
    async with tenant_work():
        before = await get_redirect(redirect_id)
        if version is not None and version != before.version:
            current = {"source": before.source, "target": before.target, "status": before.status}
            raise Conflict(_("Somebody else changed this redirect first."), current=current)
        changes: dict[Any, Any] = {
            "source": source,
            "target": target,
            "status": data.status,
            "active": data.active,
            "origin": "manual",  # somebody has decided about it
            "updated_at": now(),
            "version": SeoRedirect.version + 1,
        }
        try:
            async with savepoint():
                await SeoRedirect.update(changes).where(SeoRedirect.id == redirect_id)
        except Exception as error:
            if is_unique_violation(error):
                raise _taken(source) from error
            raise
        await shorten(source, target)
        about = {"source": before.source, "target": before.target}
        await _record("seo.redirect.update", redirect_id, about, {"source": source, "target": target})
        return await get_redirect(redirect_id)


async def delete_redirect(redirect_id: UUID) -> None:
    """Delete a redirect.

    Raises:
        NotFound: There is none of this id on the site.
        Forbidden: The actor may not.
    """
    await require(MANAGE)
    async with tenant_work():
        before = await get_redirect(redirect_id)
        await SeoRedirect.delete().where(SeoRedirect.id == redirect_id)
        about = {"source": before.source, "target": before.target}
        await _record("seo.redirect.delete", redirect_id, about, None)


async def shorten(source: str, target: str) -> None:
    """Let what led to a source lead to its target at once, inside the unit in progress."""
    if not target or source.endswith(_WILD):
        return
    await execute(
        "UPDATE seo_redirects SET target = {}, updated_at = {}, version = version + 1 WHERE tenant_id = {tenant}"
        " AND lower(target) IN ({}, {}) AND source <> {} AND status <> 410",
        target,
        now(),
        source,
        f"{source}/",
        source,
    )


def _taken(source: str) -> Conflict:
    return Conflict(
        _("There is a redirect from {source} already.").format(source=source), hint=_("Change that one.")
    )


async def _record(
    action: str, redirect_id: UUID, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:
    await record(action, resource_type="seo.redirect", resource_id=redirect_id, before=before, after=after)


async def all_redirects() -> Sequence[RedirectView]:
    """Return every redirect of the site, by source. For files and checks; asks for `seo.manage`."""
    await require(MANAGE)
    rows = await execute("SELECT * FROM seo_redirects WHERE tenant_id = {tenant} ORDER BY source")
    return [view_of(row) for row in rows]
