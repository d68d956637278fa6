"""The import: people, terms, files, posts, then what refers to them. Each item commits with its note.

An interrupted run leaves whole items only; the next one goes on where it stopped. The file is read
several times as a stream, so its size does not matter.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from core.accounts import record, require
from core.db import execute, tenant_work
from core.errors import Forbidden, VitralError
from core.hooks import after_commit
from core.importing.ledger import Ledger, OtherImport
from core.importing.others import Others
from core.importing.people import People
from core.importing.posts import Posts
from core.importing.report import ImportOptions, ImportReport
from core.importing.terms import Terms
from core.importing.wxr import Author, Item, Term, read, survey
from core.sites import save_settings, stored_settings
from core.tenancy import MOST_IMAGE_HOSTS, ImageHost
from hookspecs import platform

__all__ = ["Tell", "import_wxr"]

Tell = Callable[[int, int], None]
"""(done, total): how far the import is."""


def _quiet(done: int, total: int) -> None:
    """Tell nobody."""


async def import_wxr(
    path: Path, options: ImportOptions | None = None, *, tell: Tell = _quiet
) -> ImportReport:
    """Import a WordPress export into the current site.

    Args:
        path: The file.
        options: How.
        tell: Called as it goes on.

    Raises:
        Invalid: The file is no well-formed export; nothing was written.
        Forbidden: The actor may not import.
    """
    await require("import")
    chosen = options or ImportOptions()
    seen = survey(path)
    report = ImportReport()
    ledger = Ledger(seen.channel.source)
    await ledger.read()
    people = People(ledger, report)
    others = Others(ledger, report)
    terms = Terms(ledger, report, others)
    for found in read(path):
        if isinstance(found, Author):
            await people.add(found)
        elif isinstance(found, Term):
            terms.note(found)
    await terms.make()
    posts = Posts(ledger, report, people, terms, chosen)
    total, done = seen.items + seen.comments, 0
    for item in _items(path, only=("attachment",)):
        await _one(posts.attachment, item, report)
        tell(done := done + 1, total)
    await posts.remember_files(_items(path, only=("attachment",)))
    for item in _items(path, but=("attachment",)):
        if posts.takes(item):
            await _one(posts.post, item, report)
        tell(done := done + 1, total)
    for item in _items(path, but=("attachment",)):
        if posts.takes(item):
            await _one(posts.connect, item, report)
            done += await others.comments(item, posts.id_of(item))
            tell(done, total)
        else:  # after all posts: what plugins take may name them, as entries of menus do
            await _one(others.note, item, report)
    await others.finish()
    await _let_pictures_show(report)
    async with tenant_work():
        await record(
            "site.import", resource_type="import", detail={"source": ledger.source, "created": report.created}
        )
        after_commit(platform.on_import_finished, ledger.source, dict(report.total()))
    return report


async def _let_pictures_show(report: ImportReport) -> None:
    """Name the hosts that files stayed on in the site's settings: browsers show pictures of no others."""
    rows = await execute("SELECT source_url FROM media WHERE tenant_id = {tenant} AND source_url <> ''")
    hosts = {_host_of(row["source_url"]) for row in rows} - {""}
    async with tenant_work():
        named = (await stored_settings("site")).get("image_hosts", [])
        new = sorted(hosts - set(named))[: MOST_IMAGE_HOSTS - len(named)]
        if not new:
            return
        try:
            await save_settings("site", {"image_hosts": [*named, *new]})
        except Forbidden as error:  # another's to decide
            report.skip("pictures of " + ", ".join(new), str(error))
        else:
            report.image_hosts = tuple(new)


def _host_of(url: str) -> str:
    """Return the host that a policy has to name for an address, "" for one that no policy can name."""
    try:
        parts = urlsplit(url)
        host = f"{parts.hostname or ''}:{parts.port}" if parts.port else parts.hostname or ""
        return msgspec.convert(host, ImageHost)
    except (ValueError, msgspec.ValidationError):
        return ""


async def _one(step: Callable[[Item], object], item: Item, report: ImportReport) -> None:
    """Do a step for an item; what can't be taken is skipped with its reason, and does not stop the others."""
    try:
        await step(item)  # type: ignore[misc]  # steps are coroutine functions
    except OtherImport:
        raise
    except VitralError as error:
        if error.status >= 500:
            raise
        report.skip(f"{item.type} {item.post_id} {item.title!r}", str(error))


def _items(path: Path, *, only: tuple[str, ...] = (), but: tuple[str, ...] = ()) -> Iterator[Item]:
    for found in read(path):
        if isinstance(found, Item) and (not only or found.type in only) and found.type not in but:
            yield found
