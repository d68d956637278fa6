"""Sites as files: `site.toml` that gives a new site's first values, and the archive that takes everything out."""

import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from core.accounts import record
from core.clock import now
from core.context import current_tenant
from core.db import execute, tenant_table_names, tenant_work
from core.errors import Conflict, Invalid

__all__ = ["ExportReport", "SiteFile", "export_site", "read_site_file"]

_BATCH = 500
_NEVER = frozenset({"sessions", "one_time_tokens", "api_tokens", "rate_limits"})
"""Tables whose rows are worth nothing elsewhere and something to a thief."""


class SiteFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sites/<slug>/site.toml`: read when the site is created; afterwards the database wins."""

    title: str = ""
    hosts: tuple[str, ...] = ()
    theme: str = "claro"
    plugins: tuple[str, ...] = ()
    settings: dict[str, dict[str, Any]] = {}


class ExportReport(msgspec.Struct, frozen=True):
    """What an archive holds: rows by table, and the number of files."""

    path: str
    rows: Mapping[str, int]
    files: int


def read_site_file(path: Path) -> SiteFile:
    """Read a site's file; an empty one if there is none.

    Raises:
        Invalid: It is no TOML, or has an unknown key.
    """
    if not path.is_file():
        return SiteFile()
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), SiteFile)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise Invalid({str(path): str(error)}) from error


async def export_site(target: Path, *, media: Path) -> ExportReport:
    """Write every row and file of the current site into a ZIP archive.

    Layout: `manifest.json`, `data/<table>.jsonl` (bytes as base64, times as RFC 3339), `media/...`.
    Sessions and tokens are left out. Sealed fields stay sealed: they need the installation's key.

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
                for name in await tenant_table_names():
                    if name not in _NEVER:
                        counts[name] = await _write_table(archive, name)
                await record(
                    "site.export", resource_type="site", resource_id=tenant.id, detail={"rows": counts}
                )
            folder = media / str(tenant.id)
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                if path.is_file():
                    archive.write(path, f"media/{path.relative_to(folder)}")
                    files += 1
            manifest = {
                "format": "vitral-site/1",
                "site": {
                    "slug": tenant.slug,
                    "title": tenant.title,
                    "hosts": tenant.hosts,
                    "theme": tenant.theme,
                },
                "plugins": sorted(tenant.enabled),
                "exported_at": now(),
                "rows": counts,
                "files": files,
            }
            archive.writestr("manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return ExportReport(str(target), counts, files)


async def _write_table(archive: zipfile.ZipFile, name: str) -> int:
    first = await execute(f"SELECT * FROM {name} WHERE tenant_id = {{tenant}} LIMIT 1")  # noqa: S608  # a name of the catalogue
    if not first:
        return 0
    columns = first[0]
    order = "id" if "id" in columns else next(c for c in ("name", "owner", "bucket") if c in columns)
    written, last = 0, None
    with archive.open(f"data/{name}.jsonl", "w") as out:
        while True:
            after = f" AND {order} > {{}}" if last is not None else ""
            rows = await execute(
                f"SELECT * FROM {name} WHERE tenant_id = {{tenant}}{after} ORDER BY {order} LIMIT {_BATCH}",  # noqa: S608  # names of the catalogue
                *((last,) if last is not None else ()),
            )
            for row in rows:
                row.pop("search", None)  # made from other columns
                out.write(msgspec.json.encode(row) + b"\n")
            written += len(rows)
            if len(rows) < _BATCH:
                return written
            last = rows[-1][order]
