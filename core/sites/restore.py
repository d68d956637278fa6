"""Reading a site's archive back in: into the installation it comes from, or into another one."""

import base64
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts import record
from core.clock import is_showable
from core.context import Tenant
from core.crypto import keyring
from core.db import (
    TableColumn,
    execute,
    is_rejected,
    platform_execute,
    platform_read,
    platform_work,
    tenant_columns,
    tenant_work,
)
from core.errors import Conflict, Invalid
from core.hooks import after_commit, do_action
from core.i18n import gettext as _
from core.plugins import current_registry
from core.sites.archive import FORMAT, NEVER, Manifest
from core.sites.operations import find_site, insert_site
from core.sites.revision import bump, refresh_after_commit
from core.sites.rights import operators_only
from core.sites.validate import check_hosts, check_slug
from core.tenancy import current_tenants, enter
from core.themes import current_themes
from hookspecs import platform

__all__ = ["Tell", "import_site"]

Tell = Callable[[int, int], None]
"""(done, total): how many rows are in."""
_VALUES: Final = 2000
"""Values of one INSERT at most; SQLite takes 32,766, PostgreSQL 32,767."""
_LONGEST_LINE: Final = 64_000_000
_RATIO: Final = 100
_SLACK: Final = 20_000_000
_CHUNK: Final = 1 << 20
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What a damaged, encrypted or unusually packed entry raises."""


def _quiet(done: int, total: int) -> None:
    """Tell nobody."""


async def import_site(
    archive: Path, *, media: Path, slug: str = "", hosts: tuple[str, ...] = (), tell: Tell = _quiet
) -> Tenant:
    """Make a site from an archive: all of it, or nothing.

    Args:
        archive: What `export_site` wrote.
        media: The installation's media folder.
        slug: Another short name than the archive's.
        hosts: Other host names than the archive's.
        tell: Called as it goes on.

    Raises:
        Forbidden: Only an operator may.
        Invalid: It is no such archive, this installation lacks a plugin, theme or column of it, or the
            root key that its sealed fields were sealed with.
        Conflict: The site, its short name or a host name is here already.
    """
    operators_only()
    with ExitStack() as stack:
        try:
            source = stack.enter_context(zipfile.ZipFile(archive))
            with source.open("manifest.json") as packed:
                manifest = msgspec.json.decode(packed.read(_LONGEST_LINE), type=Manifest)
        except (OSError, *_UNREADABLE, KeyError, msgspec.DecodeError) as error:
            raise Invalid(
                {"archive": _("This is no archive of a site: %(why)s.") % {"why": error}}
            ) from error
        tenant = _checked(manifest, slug, hosts)
        media.mkdir(parents=True, exist_ok=True)
        staged = Path(stack.enter_context(TemporaryDirectory(prefix=".import-", dir=media))) / "files"
        _unpack(
            source, manifest, staged, _SLACK + _RATIO * archive.stat().st_size
        )  # before the transaction: nobody else can write meanwhile on SQLite
        folder = media / str(tenant.id)
        moved = False
        try:
            async with platform_work():
                await insert_site(tenant)
                async with tenant_work(tenant):
                    await _fill(source, manifest, tell)
                    tenant = msgspec.structs.replace(tenant, settings=await _settings())
                await _set_up(tenant, manifest)
                _move(staged, folder)
                moved = True
                await bump(tenant.id)
                refresh_after_commit()
        except BaseException:
            if moved and not await _is_here(tenant.id):  # cancelled after the commit, it stays as it is
                shutil.rmtree(folder, ignore_errors=True)
            raise
    return find_site(tenant.slug)


async def _settings() -> dict[str, dict[str, Any]]:
    rows = await execute("SELECT owner, values_json FROM settings WHERE tenant_id = {tenant}")
    try:
        return {row["owner"]: msgspec.json.decode(row["values_json"], type=dict[str, Any]) for row in rows}
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid(
            {
                "archive": _("data/%(table)s.jsonl can't be read: %(why)s.")
                % {"table": "settings", "why": error}
            }
        ) from error


async def _set_up(tenant: Tenant, manifest: Manifest) -> None:
    """Let plugins that are on here, and were not where the archive was made, make what they need."""
    new = current_registry().active(tenant.enabled) - {*manifest.plugins, *manifest.for_all}
    with enter(tenant):
        async with tenant_work():
            for plugin in sorted(new):
                await do_action(platform.on_plugin_enabling, plugin)
            await record("site.restore", resource_type="site", resource_id=tenant.id)
            after_commit(platform.on_site_created, tenant.slug)


async def _is_here(tenant_id: UUID) -> bool:
    async with platform_read():
        return bool(await platform_execute("SELECT 1 AS one FROM tenants WHERE id = {}", tenant_id))


def _move(staged: Path, folder: Path) -> None:
    if not staged.is_dir():
        return
    try:
        staged.rename(folder)
    except OSError as error:
        raise Conflict(
            _("%(folder)s holds files already.") % {"folder": folder}, hint=_("Move it away.")
        ) from error


def _checked(manifest: Manifest, slug: str, hosts: tuple[str, ...]) -> Tenant:
    """Return the site that is to be, if this installation can hold it."""
    if manifest.format != FORMAT:
        raise Invalid(
            {
                "archive": _("Its format is “%(format)s”, not “%(ours)s”.")
                % {"format": manifest.format, "ours": FORMAT}
            }
        )
    if not keyring().opens(manifest.root_key):
        raise Invalid(
            {
                "archive": _(
                    "Its sealed fields need the root key %(name)s. Add that key to this installation's key file."
                )
                % {"name": manifest.root_key}
            }
        )
    here = current_tenants().by_id(manifest.tenant_id)
    if here is not None:
        raise Conflict(
            _("The site is still here, as “%(slug)s”.") % {"slug": here.slug},
            hint=_("Delete it first, or import the archive elsewhere."),
        )
    enabled = current_registry().closure(manifest.plugins)
    current_themes().known(manifest.site.theme)
    return Tenant(
        id=manifest.tenant_id,
        slug=check_slug(slug or manifest.site.slug),
        title=manifest.site.title,
        status="active",
        hosts=check_hosts(hosts or manifest.site.hosts),
        enabled=frozenset(enabled),
        theme=manifest.site.theme,
        settings={},
        revision=1,
    )


async def _fill(source: zipfile.ZipFile, manifest: Manifest, tell: Tell) -> None:
    """Insert the rows, each table after those it points at; what points into its own table comes last."""
    known = await tenant_columns()
    unknown = [
        name for name, count in manifest.rows.items() if count and (name not in known or name in NEVER)
    ]
    if unknown:
        raise Invalid(
            {"archive": _("This installation takes no table %(names)s.") % {"names": ", ".join(unknown)}}
        )
    total, done = sum(manifest.rows.values()), 0
    for table, columns in known.items():
        wanted = manifest.rows.get(table, 0)
        if not wanted:
            continue
        own = [column.name for column in columns.values() if column.points_at == table]
        found = 0
        for batch in _batches(source, table, columns):
            if any(row["tenant_id"] != manifest.tenant_id for row in batch):
                raise Invalid(
                    {"archive": _("It holds a row of another site in %(table)s.") % {"table": table}}
                )
            await _insert(
                table, [{name: None if name in own else row[name] for name in row} for row in batch]
            )
            found += len(batch)
            tell(done := done + len(batch), total)
        if found != wanted:
            raise Invalid(
                {
                    "archive": _("Of %(table)s it holds %(found)s rows, and says %(wanted)s.")
                    % {"table": table, "found": found, "wanted": wanted}
                }
            )
        for name in own:
            for batch in _batches(source, table, columns):
                await _connect(table, name, batch)


async def _insert(table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    marks = ", ".join("{tenant}" if name == "tenant_id" else "{}" for name in names)
    values = [row[name] for row in rows for name in names if name != "tenant_id"]
    columns = ", ".join(f'"{name}"' for name in names)
    groups = ", ".join([f"({marks})"] * len(rows))
    try:
        await execute(f"INSERT INTO {table} ({columns}) VALUES {groups}", *values)  # noqa: S608  # names of the catalogue
    except Exception as error:
        if not is_rejected(error):
            raise
        raise Invalid(
            {
                "archive": _("The database refuses rows of %(table)s: %(why)s.")
                % {"table": table, "why": error}
            }
        ) from error


async def _connect(table: str, name: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row[name] is not None:
            await execute(
                f"UPDATE {table} SET {name} = {{}} WHERE tenant_id = {{tenant}} AND id = {{}}",  # noqa: S608  # as above
                row[name],
                row["id"],
            )


def _batches(
    source: zipfile.ZipFile, table: str, columns: dict[str, TableColumn]
) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    shape: set[str] | None = None
    for number, line in enumerate(_lines(source, table), 1):
        try:
            row = {name: _value(value, columns[name]) for name, value in msgspec.json.decode(line).items()}
            shape = shape or {*row, "tenant_id"}
            if set(row) != shape:
                raise ValueError(", ".join(sorted(shape ^ set(row))))
        except (
            KeyError,
            ValueError,
            TypeError,
            AttributeError,
            ArithmeticError,
            RecursionError,
            msgspec.DecodeError,
        ) as error:
            raise Invalid(
                {
                    "archive": _(
                        "data/%(table)s.jsonl, line %(line)s does not fit this installation: %(why)s."
                    )
                    % {"table": table, "line": number, "why": error}
                }
            ) from error
        batch.append(row)
        if len(batch) * len(row) >= _VALUES:
            yield batch
            batch = []
    if batch:
        yield batch


def _lines(source: zipfile.ZipFile, table: str) -> Iterator[bytes]:
    try:
        with source.open(f"data/{table}.jsonl") as lines:
            while line := lines.readline(_LONGEST_LINE):  # a longer one is cut, and so no JSON
                yield line
    except (KeyError, *_UNREADABLE) as error:
        raise Invalid(
            {"archive": _("data/%(table)s.jsonl can't be read: %(why)s.") % {"table": table, "why": error}}
        ) from error


def _value(value: Any, column: TableColumn) -> Any:
    """Return a JSON value as what a column holds."""
    if value is None:
        return None
    read = _READ.get(column.type)
    return read(value) if read is not None else value


def _moment(text: str) -> datetime:
    """Return a moment that every site can show: others end in errors wherever they are read."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not is_showable(moment):
        raise ValueError(_("%(moment)s is no time that can be shown") % {"moment": text})
    return moment


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "uuid": UUID,
    "timestamptz": _moment,
    "date": date.fromisoformat,
    "bytea": base64.b64decode,
    "boolean": bool,
    "numeric": Decimal,
}


def _unpack(source: zipfile.ZipFile, manifest: Manifest, folder: Path, left: int) -> None:
    """Write the archive's files; a name that leads out of the folder, or comes twice, is refused.

    So are files that come to more than `left` bytes: counted as they are written, whatever their entries say.
    """
    count = 0
    for entry in source.infolist():
        parts = PurePosixPath(entry.filename).parts
        if entry.is_dir() or not parts or parts[0] != "media":
            continue
        target = folder.joinpath(*parts[1:])
        try:
            if ".." in parts or "\\" in entry.filename or len(parts) < 2:
                raise ValueError(entry.filename)
            target.parent.mkdir(parents=True, exist_ok=True)
            with source.open(entry) as packed, target.open("xb") as out:
                while piece := packed.read(_CHUNK):
                    left -= len(piece)
                    if left < 0:
                        raise ValueError(entry.filename)
                    out.write(piece)
        except (ValueError, FileExistsError, NotADirectoryError, *_UNREADABLE) as error:
            raise Invalid(
                {"archive": _("The file “%(name)s” in it can't be taken.") % {"name": entry.filename}}
            ) from error
        count += 1
    if count != manifest.files:
        raise Invalid(
            {
                "archive": _("It holds %(found)s files, and says %(wanted)s.")
                % {"found": count, "wanted": manifest.files}
            }
        )
