"""Redirects as CSV files: out with all of them, in with many at once, and whether they still lead somewhere."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from core.accounts import record, require
from core.clock import now
from core.db import execute, tenant_work
from core.errors import BadRequest, Invalid
from core.i18n import gettext as _
from core.ids import new_id
from core.site import leads_somewhere, site_view
from plugins.seo.redirects import (
    MANAGE,
    RedirectData,
    RedirectView,
    all_redirects,
    checked,
    end_of,
    redirect_at,
    target_for,
)

__all__ = ["MAX_BYTES", "ImportedRedirects", "Trouble", "check_redirects", "export_csv", "import_csv"]

MAX_BYTES: Final = 5_000_000
_MOST: Final = 20_000
_HEADER: Final = ("source", "target", "status")
_STATUSES: Final = {"": 301, "301": 301, "302": 302, "307": 307, "308": 308, "410": 410}


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a file that was not taken, or a redirect that is not well."""

    line: int = 0
    source: str = ""
    message: str


class ImportedRedirects(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file."""

    added: int = 0
    changed: int = 0
    same: int = 0
    troubles: tuple[Trouble, ...] = ()


async def export_csv() -> str:
    """Return all redirects as CSV: source, target, status. Asks for `seo.manage`."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows((each.source, each.target, each.status) for each in await all_redirects() if each.active)
    return out.getvalue()


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not (
                reader.line_num == 1 and cells[0].lower() in ("source", "from", "origem", "url")
            ):
                yield reader.line_num, cells
    except csv.Error as error:
        raise BadRequest(_("Line {line} is no CSV: {why}").format(line=reader.line_num, why=error)) from error


async def import_csv(data: bytes) -> ImportedRedirects:
    """Take redirects from a CSV file, all that can be taken in one unit; what can't is named by line.

    Args:
        data: UTF-8 text: source, target, status (301 unless given), with or without a heading.

    Raises:
        BadRequest: It is too long, no UTF-8 or no CSV.
        Forbidden: The actor may not.
    """
    await require(MANAGE)
    if len(data) > MAX_BYTES:
        raise BadRequest(_("The file is larger than {most} MB.").format(most=MAX_BYTES // 1_000_000))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadRequest(_("The file is no UTF-8 text. Save it as UTF-8 and try again.")) from None
    known = {each.source: each for each in await all_redirects()}
    wanted, troubles = _parsed(text, known)
    pages = await _pages(known, wanted)
    followed = {source: each for source, each in known.items() if source not in pages}
    taken: dict[str, RedirectView] = {}
    for line, each in wanted:
        try:
            end = end_of(each.source, each.target, followed) if each.target else each.target
        except Invalid as error:
            message = " ".join(error.errors.values())
            troubles.append(Trouble(line=line, source=each.source, message=message))
            continue
        taken[each.source] = msgspec.structs.replace(each, target=end)
        if each.source not in pages:
            followed[each.source] = taken[each.source]
    changed = {source: each for source, each in taken.items() if not _same(known.get(source), each)}
    await _write(_shortened(changed, followed))
    added = sum(source not in known for source in changed)
    return ImportedRedirects(
        added=added,
        changed=len(changed) - added,
        same=len(taken) - len(changed),
        troubles=tuple(sorted(troubles, key=lambda trouble: trouble.line)),
    )


def _parsed(
    text: str, known: Mapping[str, RedirectView]
) -> tuple[list[tuple[int, RedirectView]], list[Trouble]]:
    """Return the redirects of a file by line, and what is wrong with the other lines."""
    wanted: list[tuple[int, RedirectView]] = []
    troubles: list[Trouble] = []
    for count, (line, cells) in enumerate(_rows(text), 1):
        if count > _MOST:
            raise BadRequest(_("The file has more than {most} lines.").format(most=_MOST))
        try:
            source, target, status = _read(cells)
        except Invalid as error:
            message = " ".join(error.errors.values())
            troubles.append(Trouble(line=line, source=cells[0][:200], message=message))
            continue
        each = RedirectView(
            id=known[source].id if source in known else new_id(),
            source=source,
            target=target,
            status=status,  # type: ignore[arg-type]  # one of them
            origin="import",
            updated_at=now(),
        )
        wanted.append((line, each))
    return wanted, troubles


async def _pages(known: Mapping[str, RedirectView], wanted: list[tuple[int, RedirectView]]) -> frozenset[str]:
    """Return the sources, of those that others lead to, where a page is: they are never followed."""
    everything = {**known, **{each.source: each for _line, each in wanted}}
    hops = {
        after.source
        for each in everything.values()
        if each.target.startswith("/") and (after := redirect_at(each.target, everything)) is not None
    }
    return frozenset(
        [source for source in hops if not source.endswith("/*") and await leads_somewhere(source)]
    )


def _same(before: RedirectView | None, after: RedirectView) -> bool:
    return (
        before is not None
        and before.active
        and (before.target, before.status) == (after.target, after.status)
    )


def _read(cells: list[str]) -> tuple[str, str, int]:
    source, target, status, *_more = [*cells, "", "", ""]
    if status not in _STATUSES:
        raise Invalid({"status": _("There is no status {status} for redirects.").format(status=status[:20])})
    code = _STATUSES[status]
    data = RedirectData(source=_own(source), target=_own(target), status=code)  # type: ignore[arg-type]  # one of them
    return *checked(data), code


def _own(address: str) -> str:
    """Return an address of this site without its scheme and host, as other programs export it; others as they are."""
    if not address.startswith(("http://", "https://")):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.netloc.lower() != urlsplit(site_view().url).netloc.lower():
        return address
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _shortened(changed: Mapping[str, RedirectView], followed: dict[str, RedirectView]) -> list[RedirectView]:
    """Return what is to be written, each leading to its end at once: later lines may go on from earlier ones."""
    made = []
    for source, each in reversed(changed.items()):
        try:
            end = end_of(source, each.target, followed) if each.target else each.target
        except Invalid:  # a very long chain in no order: it is followed step by step
            end = each.target
        made.append(msgspec.structs.replace(each, target=end))
        if source in followed:
            followed[source] = made[-1]
    return made


async def _write(redirects: list[RedirectView]) -> None:
    if not redirects:
        return
    async with tenant_work():
        for each in sorted(redirects, key=lambda redirect: redirect.source):
            await execute(
                "INSERT INTO seo_redirects (id, tenant_id, source, target, status, origin, active, hits, created_at, updated_at, version)"
                " VALUES ({}, {tenant}, {}, {}, {}, 'import', {}, 0, {}, {}, 1) ON CONFLICT (tenant_id, source) DO UPDATE SET"
                " target = excluded.target, status = excluded.status, origin = 'import', active = excluded.active,"
                " updated_at = excluded.updated_at, version = seo_redirects.version + 1",
                each.id,
                each.source,
                each.target,
                each.status,
                True,
                each.updated_at,
                each.updated_at,
            )
        await record("seo.redirect.import", detail={"redirects": len(redirects)})


async def check_redirects() -> list[Trouble]:
    """Return the redirects that are not well: in circles, in chains, to nothing, or from a page that exists."""
    redirects = await all_redirects()
    found = {each.source: each for each in redirects if each.active}
    troubles: list[Trouble] = []
    for each in found.values():
        if message := await _complaint(each, found):
            troubles.append(Trouble(source=each.source, message=message))
    return troubles


async def _complaint(each: RedirectView, found: Mapping[str, Any]) -> str:
    wild = each.source.endswith("/*")
    if not wild and await leads_somewhere(each.source):
        return _("There is a page at this address, so the redirect is never followed.")
    if each.status == 410 or not each.target.startswith("/") or wild:
        return ""
    target = target_for(each, each.source).partition("?")[0].partition("#")[0]
    if await leads_somewhere(target):
        return ""
    try:
        end = end_of(each.source, each.target, found)
    except Invalid as error:
        return " ".join(error.errors.values())
    if end != each.target:
        return _("It leads to another redirect; {target} is the end of the chain.").format(target=end)
    return _("There is nothing at {target}.").format(target=target)
