"""Piccolo's engine, redirected to the database of the current context.

Piccolo keeps one engine per table class. Ours is a proxy that asks a context variable each time, so
several databases (tests, tools, two engines in one suite) live in one process and nothing is global.
It is handed to the classes: Piccolo's own search for it would load its migrations, and Black with them.
"""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol
from uuid import UUID

from piccolo.engine.base import Engine
from piccolo.querystring import QueryString

from core.ambient import Ambient
from core.errors import VitralError

__all__ = [
    "ROUTED_ENGINE",
    "Connection",
    "Database",
    "EngineKind",
    "Row",
    "current_database",
    "use_database",
]

EngineKind = Literal["sqlite", "postgres"]
Row = dict[str, Any]


class Connection(Protocol):
    """One connection, held by one unit of work at a time."""

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        """Run one statement with the engine's own placeholders; return its rows."""
        ...

    async def script(self, sql: str) -> None:
        """Run statements that take no arguments."""
        ...


class Database(Protocol):
    """What the two engines offer to the units of work."""

    kind: EngineKind
    commits: Counter[UUID]
    """How many write units of each tenant this process has committed: what was read before may be another now."""

    async def start(self) -> None:
        """Open the connections. Safe to call twice."""
        ...

    async def stop(self) -> None:
        """Close every connection."""
        ...

    def writing(self, tenant: str | None) -> AbstractAsyncContextManager[Connection]:
        """Hold a connection inside a transaction; commit on success, roll back on an exception."""
        ...

    def reading(self, tenant: str | None) -> AbstractAsyncContextManager[Connection]:
        """Hold a connection that sees `tenant`'s rows and cannot write."""
        ...

    async def set_tenant(self, connection: Connection, tenant: str | None) -> None:
        """Point an open transaction at another tenant (PostgreSQL: the setting that RLS reads)."""
        ...


_database = Ambient[Database]("database", "use_database(database)")
current_database, use_database = _database.get, _database.use


def _refuse(name: str) -> Any:
    def refused(*_: Any, **__: Any) -> Any:
        raise VitralError(
            f"Piccolo's engine.{name} is not used here.",
            hint="Use a unit of work from core.db: it sets the tenant, nests by savepoint and releases its connection.",
        )

    return refused


class _RoutedEngine(Engine[Any]):
    """The engine that every table class gets: kind and queries come from the current context."""

    def __init__(self) -> None:
        # The parent's constructor talks to a server; there is none to talk to yet.
        self.log_queries = False
        self.log_responses = False
        self.query_id = 0

    @property
    def engine_type(self) -> str:  # type: ignore[override]  # the parent has a plain attribute
        return current_database().kind

    async def run_querystring(  # pyright: ignore[reportIncompatibleMethodOverride]  # the parent says nothing
        self, querystring: QueryString, in_pool: bool = True
    ) -> list[Row]:
        from core.db.work import run  # the unit of work imports this module

        sql, args = querystring.compile_string(engine_type=current_database().kind)
        return await run(sql, args)

    def get_version_sync(self) -> float:
        """Return SQLite's version as Piccolo compares it (3.40 for 3.40.1), without asking a server."""
        major, minor, _patch = sqlite3.sqlite_version_info
        return major + minor / 100

    get_version = _refuse("get_version")
    prep_database = _refuse("prep_database")
    batch = _refuse("batch")
    run_ddl = _refuse("run_ddl")
    transaction = _refuse("transaction")
    atomic = _refuse("atomic")


ROUTED_ENGINE = _RoutedEngine()
"""The engine of every table class."""
