"""A site as one archive: `manifest.json`, `data/<table>.jsonl` (bytes as base64, times as RFC 3339), `media/...`."""

import asyncio
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from core.accounts import record
from core.clock import now
from core.context import current_tenant
from core.crypto import keyring
from core.db import execute, tenant_columns, tenant_work
from core.errors import Conflict
from core.i18n import gettext as _
from core.plugins import current_registry

__all__ = [
    "FORMAT",
    "NEVER",
    "ArchivedSite",
    "ExportReport",
    "Manifest",
    "export_site",
    "new_archive",
    "write_lines",
    "write_rows",
]

FORMAT = "vitral-site/1"
_BATCH = 500
NEVER = frozenset({"sessions", "one_time_tokens", "api_tokens", "rate_limits", "outbox"})
"""Tables whose rows are worth nothing elsewhere: secrets to a thief, messages that would be sent twice."""


class ArchivedSite(msgspec.Struct, frozen=True):
    """What the installation knew of the site."""

    slug: str
    title: str
    hosts: tuple[str, ...]
    theme: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive is."""

    format: str
    tenant_id: UUID
    site: ArchivedSite
    plugins: tuple[str, ...]
    """Those that the site had enabled."""
    for_all: tuple[str, ...] = ()
    """Those of level installation that were on for it, too."""
    exported_at: datetime
    root_key: str
    """Fingerprint of the root key that opens its sealed fields."""
    rows: Mapping[str, int]
    """How many, by table."""
    files: int


class ExportReport(msgspec.Struct, frozen=True):
    """What an archive holds: rows by table, and the number of files."""

    path: str
    rows: Mapping[str, int]
    files: int


async def export_site(target: Path, *, media: Path) -> ExportReport:
    """Write every row and file of the current site into a ZIP archive.

    Sessions, tokens and the outbox are left out. Sealed fields stay sealed: they need the installation's key.

    Args:
        target: The file to write; it must not exist.
        media: The installation's media folder.

    Raises:
        Conflict: The file exists.
    """
    tenant = current_tenant()
    counts: dict[str, int] = {}
    files = 0
    with new_archive(target) as archive:
        async with tenant_work():  # one transaction: a consistent picture
            for name, columns in sorted((await tenant_columns()).items()):
                if name not in NEVER:
                    counts[name] = await write_rows(archive, name, list(columns))
            await record("site.export", resource_type="site", resource_id=tenant.id, detail={"rows": counts})
        folder = media / str(tenant.id)
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file():
                archive.write(path, f"media/{path.relative_to(folder)}")
                files += 1
        manifest = Manifest(
            format=FORMAT,
            tenant_id=tenant.id,
            site=ArchivedSite(tenant.slug, tenant.title, tenant.hosts, tenant.theme),
            plugins=tuple(sorted(tenant.enabled)),
            for_all=tuple(sorted(current_registry().installation)),
            exported_at=now(),
            root_key=keyring().public_name(),
            rows=counts,
            files=files,
        )
        archive.writestr("manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=2))
    return ExportReport(str(target), counts, files)


@contextmanager
def new_archive(target: Path) -> Iterator[zipfile.ZipFile]:
    """Write an archive in the block; it gets its name when it is complete, and there is none if the block raises.

    Raises:
        Conflict: The file exists.
    """
    if target.exists():
        raise Conflict(
            _("%(file)s exists already.") % {"file": target}, hint=_("Choose another name, or remove it.")
        )
    partial = target.with_suffix(target.suffix + ".part")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            yield archive
        with partial.open("rb") as written:
            os.fsync(written.fileno())  # somebody may erase what is in it now
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


async def write_lines(archive: zipfile.ZipFile, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows that are at hand as one table of the archive."""
    await asyncio.to_thread(
        archive.writestr, f"data/{name}.jsonl", b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    )


async def write_rows(
    archive: zipfile.ZipFile, name: str, columns: Sequence[str], *, where: str = "", args: Sequence[Any] = ()
) -> int:
    """Write rows of a table of the current site; return how many. Without any, nothing is written.

    Args:
        archive: Where to.
        name: The table, a name of the catalogue.
        columns: What is written of each row.
        where: More than the site that a row must fit, with `{}` for values: SQL of the caller's own.
        args: The values.
    """
    more = f" AND {where}" if where else ""
    if not await execute(f"SELECT 1 AS one FROM {name} WHERE tenant_id = {{tenant}}{more} LIMIT 1", *args):  # noqa: S608  # a name of the catalogue
        return 0
    listed = ", ".join(f'"{column}"' for column in columns)
    order = "id" if "id" in columns else next(c for c in ("name", "owner", "bucket") if c in columns)
    written, last = 0, None
    with archive.open(f"data/{name}.jsonl", "w") as out:
        while True:
            after = f" AND {order} > {{}}" if last is not None else ""
            rows = await execute(
                f"SELECT {listed} FROM {name} WHERE tenant_id = {{tenant}}{more}{after} ORDER BY {order} LIMIT {_BATCH}",  # noqa: S608  # names of the catalogue
                *args,
                *((last,) if last is not None else ()),
            )
            # packing takes its time, and requests wait for nothing else
            await asyncio.to_thread(out.write, b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
            written += len(rows)
            if len(rows) < _BATCH:
                return written
            last = rows[-1][order]
