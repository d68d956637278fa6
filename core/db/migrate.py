"""Forward-only migrations, per owner, each in one transaction under a lock.

A migration is `migrations/<owner>/NNNN_name.py` with `def up(m: Migration) -> None` (or `async`).
The row that marks it done is written in the same transaction, so an interrupted run leaves either
all of a step or nothing. A step that can't run in a transaction (`CREATE INDEX CONCURRENTLY`) sets
`TRANSACTION = False` and must be repeatable.
"""

import asyncio
import fcntl
import hashlib
import importlib.util
import inspect
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from core.clock import now
from core.db.ddl import Migration
from core.db.engine import Connection, Database
from core.db.sqlite import SqliteDatabase, unusable
from core.errors import StartError

__all__ = ["MigrationFile", "Source", "migrate", "pending"]

_LOCK = 0x76697472616C  # "vitral"
_TRY = "SELECT pg_try_advisory_lock($1) AS held"
_LOOK_AGAIN = 0.1
_BOOKKEEPING = (
    "CREATE TABLE IF NOT EXISTS migrations ("
    " owner VARCHAR(60) NOT NULL, name VARCHAR(120) NOT NULL, digest VARCHAR(64) NOT NULL,"
    " applied_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (owner, name))"
)


class Source(msgspec.Struct, frozen=True):
    """Where one owner's migrations lie. Sources come in dependency order."""

    owner: str
    folder: Path


class MigrationFile(msgspec.Struct, frozen=True):
    """One step."""

    owner: str
    name: str
    path: Path

    @property
    def digest(self) -> str:
        """SHA-256 of the file, to notice that an applied step was edited afterwards."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def load(self) -> ModuleType:
        """Import the file under a name of its own: two owners may both have a 0001_initial."""
        spec = importlib.util.spec_from_file_location(f"_migrations.{self.owner}.{self.name}", self.path)
        if spec is None or spec.loader is None:
            raise StartError(f"The migration {self.path} can't be read.")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if not callable(getattr(module, "up", None)):
            raise StartError(f"The migration {self.owner}/{self.name} has no function up(m).")
        return module


def _files(sources: Sequence[Source]) -> list[MigrationFile]:
    return [
        MigrationFile(source.owner, path.stem, path)
        for source in sources
        for path in sorted(source.folder.glob("[0-9][0-9][0-9][0-9]_*.py"))
    ]


async def _applied(connection: Connection, kind: str) -> dict[tuple[str, str], str]:
    exists = await connection.fetch(
        "SELECT to_regclass('migrations') IS NOT NULL AS yes"
        if kind == "postgres"
        else "SELECT count(*) AS yes FROM sqlite_master WHERE type = 'table' AND name = 'migrations'",
        (),
    )
    if not exists[0]["yes"]:
        return {}
    rows = await connection.fetch("SELECT owner, name, digest FROM migrations", ())
    return {(row["owner"], row["name"]): row["digest"] for row in rows}


def _check_known(applied: dict[tuple[str, str], str], files: Sequence[MigrationFile]) -> None:
    known = {(file.owner, file.name): file for file in files}
    owners = {file.owner for file in files}
    for key, digest in applied.items():
        file = known.get(key)
        if file is None and key[0] in owners:
            raise StartError(
                f"The database has the migration {key[0]}/{key[1]}, which this version does not know.",
                hint="The code is older than the database: install the newer version.",
            )
        if file is not None and file.digest != digest:
            raise StartError(
                f"The migration {key[0]}/{key[1]} was changed after it was applied.",
                hint="Put the file back and write a new step; migrations are forward-only.",
            )


async def pending(database: Database, sources: Sequence[Source]) -> list[MigrationFile]:
    """Return the steps that are not applied yet, in order.

    Raises:
        StartError: The database knows a step that the code does not, or a step was edited.
    """
    async with database.reading(None) as connection:
        applied = await _applied(connection, database.kind)
    files = _files(sources)
    _check_known(applied, files)
    return [file for file in files if (file.owner, file.name) not in applied]


@asynccontextmanager
async def _exclusive(database: Database) -> AsyncIterator[None]:
    """Hold the migration lock for the whole run: an advisory lock, or on SQLite a locked file beside the database."""
    async with AsyncExitStack() as stack:
        if isinstance(database, SqliteDatabase):
            try:
                database.path.parent.mkdir(parents=True, exist_ok=True)
                held = stack.enter_context(database.path.with_suffix(".migrating").open("w"))
            except OSError as error:
                raise unusable(database.path, error) from error
            await asyncio.to_thread(fcntl.flock, held, fcntl.LOCK_EX)
        else:
            holder = await stack.enter_async_context(database.writing(None))
            # neither in a transaction nor waiting in a statement: CREATE INDEX CONCURRENTLY waits for both
            await holder.script("COMMIT")
            while not (await holder.fetch(_TRY, (_LOCK,)))[0]["held"]:  # noqa: ASYNC110  # nobody tells us
                await asyncio.sleep(_LOOK_AGAIN)
            stack.push_async_callback(holder.script, f"SELECT pg_advisory_unlock({_LOCK}); BEGIN")
        yield


async def migrate(
    database: Database, sources: Sequence[Source], *, report: Any = None
) -> list[MigrationFile]:
    """Apply every pending step and return them. `report(file)` is called after each.

    Several processes may call this at once: one works, the others wait and find nothing to do.
    """
    done: list[MigrationFile] = []
    async with _exclusive(database):
        await database.start()
        async with database.writing(None) as connection:
            await connection.script(_BOOKKEEPING)
        for file in await pending(database, sources):
            if await _apply(database, file):
                done.append(file)
                if report is not None:
                    report(file)
    return done


async def _apply(database: Database, file: MigrationFile) -> bool:
    module = file.load()
    async with database.writing(None) as connection:
        if (file.owner, file.name) in await _applied(connection, database.kind):
            return False  # another process was faster: the lock of the run is lost with its connection
        step = Migration(database.kind, connection, file.owner)
        outside = not getattr(module, "TRANSACTION", True)
        if outside:
            await connection.script("COMMIT")
        try:
            outcome = module.up(step)
            if inspect.isawaitable(outcome):
                await outcome
            await step.run()
        except Exception as error:
            kept = (
                "What it did before is there: it must be repeatable."
                if outside
                else "Nothing of it was kept."
            )
            raise StartError(
                f"The migration {file.owner}/{file.name} failed: {type(error).__name__}: {error}", hint=kept
            ) from error
        if outside:
            await connection.script("BEGIN")
        mark = "$1, $2, $3, $4" if database.kind == "postgres" else "?, ?, ?, ?"
        await connection.fetch(
            f"INSERT INTO migrations (owner, name, digest, applied_at) VALUES ({mark})",  # placeholders only
            (file.owner, file.name, file.digest, now()),
        )
    return True
