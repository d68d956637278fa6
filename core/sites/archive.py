"""A site as one archive: `manifest.json`, `data/<table>.jsonl` (bytes as base64, times as RFC 3339), `media/...`."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from core.accounts import record
from core.clock import now
from core.context import current_tenant
from core.crypto import keyring
from core.db import execute, tenant_columns, tenant_work
from core.errors import Conflict
from core.plugins import current_registry

__all__ = ["FORMAT", "NEVER", "ArchivedSite", "ExportReport", "Manifest", "export_site"]

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
    if target.exists():
        raise Conflict(f"{target} exists already.", hint="Choose another name, or remove it.")
    counts: dict[str, int] = {}
    files = 0
    partial = target.with_suffix(target.suffix + ".part")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            async with tenant_work():  # one transaction: a consistent picture
                for name, columns in sorted((await tenant_columns()).items()):
                    if name not in NEVER:
                        counts[name] = await _write_table(archive, name, list(columns))
                await record(
                    "site.export", resource_type="site", resource_id=tenant.id, detail={"rows": counts}
                )
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
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return ExportReport(str(target), counts, files)


async def _write_table(archive: zipfile.ZipFile, name: str, columns: Sequence[str]) -> int:
    if not await execute(f"SELECT 1 AS one FROM {name} WHERE tenant_id = {{tenant}} LIMIT 1"):  # noqa: S608  # a name of the catalogue
        return 0
    listed = ", ".join(f'"{column}"' for column in columns)
    order = "id" if "id" in columns else next(c for c in ("name", "owner", "bucket") if c in columns)
    written, last = 0, None
    with archive.open(f"data/{name}.jsonl", "w") as out:
        while True:
            after = f" AND {order} > {{}}" if last is not None else ""
            rows = await execute(
                f"SELECT {listed} FROM {name} WHERE tenant_id = {{tenant}}{after} ORDER BY {order} LIMIT {_BATCH}",  # noqa: S608  # names of the catalogue
                *((last,) if last is not None else ()),
            )
            for row in rows:
                out.write(msgspec.json.encode(row) + b"\n")
            written += len(rows)
            if len(rows) < _BATCH:
                return written
            last = rows[-1][order]
