"""Databases made once per run: migrated, with two sites in them. Tests get a copy, or share one in turn."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import asyncpg

from core.context import Actor, acting
from core.db import Database, PostgresDatabase, SqliteDatabase, initialise_server, migrate, platform_read
from core.hooks import use_plan
from core.runtime import build_runtime
from core.settings import Settings
from core.sites import create_site

from .pg import Cluster

__all__ = ["ENGINES", "SITES", "Shared", "Templates", "test_settings"]

ENGINES = tuple(os.environ.get("VITRAL_TEST_ENGINES", "sqlite,postgres").split(","))
SITES = {"alfa": ("alfa.test", "Alfa"), "beta": ("beta.test", "Beta")}
"""The two sites that every test finds: short name -> host name, title."""

_TEMPLATE = "vitral_template"
_FOLDER = "TESTKIT_FOLDER"
_COLUMNS = """
SELECT c.relname AS name, string_agg(quote_ident(a.attname), ', ') AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
  AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname"""
_OPEN = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'"""
_OPERATOR = Actor(kind="cli", name="test kit")


def test_settings(folder: Path) -> Settings:
    """Return settings for tests: development mode, everything below `folder`, no job worker."""
    return Settings(
        database_url=f"sqlite:///{folder}/unused.db",
        var=str(folder / "var"),
        sites=str(folder / "sites"),
        worker=False,
    )


test_settings.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for a test


class Templates:
    """Makes the templates in the controlling process; workers find them by an environment variable."""

    def __init__(self) -> None:
        self._cluster: Cluster | None = None
        self._owned: Path | None = None

    async def make(self) -> None:
        """Start PostgreSQL if it is wanted, and make one template per engine."""
        self._owned = Path(tempfile.mkdtemp(prefix="vitral-test-"))
        os.environ[_FOLDER] = str(self._owned)
        if "postgres" in ENGINES:
            self._cluster = Cluster()
            self._cluster.start()
            os.environ["TESTKIT_SERVER"] = str(self._cluster.folder)
            await initialise_server(_url("postgres", "postgres"), _TEMPLATE, {})
            owner = PostgresDatabase(_url("vitral_owner", _TEMPLATE), size=3, guarded=False)
            await self._fill(owner, PostgresDatabase(_url("vitral_app", _TEMPLATE), size=3))
        if "sqlite" in ENGINES:
            path = self._owned / "template.db"
            await self._fill(SqliteDatabase(path), SqliteDatabase(path))

    async def _fill(self, owner: Database, database: Database) -> None:
        assert self._owned is not None
        runtime = build_runtime(test_settings(self._owned), database=owner)
        await owner.start()
        await migrate(owner, runtime.migration_sources())
        await owner.stop()
        runtime = build_runtime(test_settings(self._owned), database=database)
        with runtime.active(), acting(None, _OPERATOR), use_plan(runtime.registry.platform_plan()):
            await database.start()
            async with platform_read():
                for slug, (host, title) in SITES.items():
                    await create_site(slug, title=title, hosts=(host,))
        await database.stop()

    def remove(self) -> None:
        """Stop the server and remove the files."""
        if self._cluster is not None:
            self._cluster.stop()
        if self._owned is not None:
            shutil.rmtree(self._owned, ignore_errors=True)


def run_folder() -> Path:
    """Return the folder of this test run."""
    return Path(os.environ[_FOLDER])


def _url(role: str, database: str) -> str:
    return f"postgresql://{role}@/{database}?host={os.environ['TESTKIT_SERVER']}"


async def copy_of(engine: str, name: str, folder: Path) -> Database:
    """Return a fresh copy of the engine's template.

    Args:
        engine: "sqlite" or "postgres".
        name: A name for the copy, unique among those in use.
        folder: Where a SQLite file may lie.
    """
    if engine == "sqlite":
        path = folder / f"{name}.db"
        shutil.copy(run_folder() / "template.db", path)
        return SqliteDatabase(path, readers=2)
    await _as_superuser(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy OWNER vitral_owner")
    return PostgresDatabase(_url("vitral_app", name), size=12)


def owner_of(engine: str, name: str, folder: Path) -> Database:
    """Return the copy `name` as the role that may change its schema."""
    if engine == "sqlite":
        return SqliteDatabase(folder / f"{name}.db")
    return PostgresDatabase(_url("vitral_owner", name), size=3, guarded=False)


def superuser_url(name: str) -> str:
    """Return the address of a copy for the superuser, for checks of the catalogue."""
    return _url("postgres", name)


async def drop_copy(engine: str, name: str, folder: Path) -> None:
    """Remove a copy."""
    if engine == "postgres":
        await _as_superuser(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        for path in folder.glob(f"{name}.db*"):
            path.unlink()


async def _as_superuser(sql: str) -> None:
    connection: Any = await asyncpg.connect(_url("postgres", "postgres"))
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


class Shared:
    """One PostgreSQL database for the tests of a process, one after the other: as new for each.

    A copy costs a hundred milliseconds with its first connections, emptying what a test wrote takes five.
    """

    def __init__(self) -> None:
        self._made = 0
        self._database: Database | None = None
        self._keeper: Any = None

    async def take(self) -> Database:
        """Return the database, connected; the pool stays open from test to test."""
        if self._database is None:
            self._made += 1
            name = f"shared_{os.getpid()}_{self._made}"
            self._database = await copy_of("postgres", name, run_folder())
            self._keeper = await asyncpg.connect(superuser_url(name))
            # no triggers and no foreign keys: rows go and come in any order
            await self._keeper.execute("SET session_replication_role = replica; SET lock_timeout = '5s'")
            await self._keeper.execute(await self._sweep())
        await self._database.start()
        return self._database

    async def give_back(self) -> None:
        """Bring every table back to what it held at first.

        Raises:
            AssertionError: The test left a transaction open; the next test gets another database.
        """
        for _attempt in range(40):  # one that is just ending is given its time
            open_ones = await self._keeper.fetchval(_OPEN)
            if not open_ones:
                break
            await asyncio.sleep(0.025)
        try:
            if open_ones:
                raise AssertionError(f"The test left {open_ones} transaction(s) open.")
            await self._keeper.execute("SELECT pg_temp.sweep()")
        except (AssertionError, asyncpg.PostgresError):
            self._database = None
            raise

    async def _sweep(self) -> str:
        body = []
        for table, columns in await self._keeper.fetch(_COLUMNS):
            body.append(f'DELETE FROM public."{table}";')
            rows = await self._keeper.fetchval(f'SELECT json_agg(t) FROM public."{table}" t')
            if rows is not None:
                source = f'json_populate_recordset(NULL::public."{table}", $rows${rows}$rows$)'
                body.append(f'INSERT INTO public."{table}" ({columns}) SELECT {columns} FROM {source};')
        statements = "\n".join(body)
        return f"CREATE FUNCTION pg_temp.sweep() RETURNS void LANGUAGE plpgsql AS $sweep$ BEGIN {statements} END $sweep$"
