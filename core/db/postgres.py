"""PostgreSQL with row-level security: the tenant is a transaction-local setting.

Every unit of work is one transaction that begins and names its tenant in a single message, so the
policies cost no extra round trip. Nothing is ever set on the session: a pooled connection carries
no tenant from one unit to the next, and PgBouncer in transaction mode is safe.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import asyncpg

from core.db.engine import Connection, EngineKind, Row
from core.errors import StartError, Unavailable

__all__ = ["PostgresDatabase"]

_SERVER_SETTINGS = {
    "application_name": "vitral",
    "timezone": "UTC",
    "statement_timeout": "15000",
    "idle_in_transaction_session_timeout": "30000",
    "jit": "off",  # pages run short queries; compiling a plan costs more than it saves
}

_OF_MIGRATIONS = {**_SERVER_SETTINGS, "statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}
"""An index of a large table takes as long as it takes."""


class _PooledConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg ships no types
    """A connection whose settings are all transaction-local, so releasing it needs no reset query."""

    def get_reset_query(self) -> str:
        return ""


class _Link:
    def __init__(self, connection: Any) -> None:
        self.raw = connection

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        return [dict(record) for record in await self.raw.fetch(sql, *args)]

    async def script(self, sql: str) -> None:
        await self.raw.execute(sql)


def _name_tenant(tenant: str | None) -> str:
    value = str(UUID(tenant)) if tenant else ""  # a UUID has no quote to escape
    return f"SET LOCAL app.tenant_id = '{value}'"


class PostgresDatabase:
    """A pool of connections to one database.

    Args:
        url: `postgresql://user:password@host/name`; a socket folder goes into `?host=`.
        size: Connections at most.
        patience: Seconds to wait for a free connection before answering 503.
        guarded: Refuse to serve as a role that row-level security does not bind, and give up statements
            that take too long; False for migrations and set-up.
    """

    kind: EngineKind = "postgres"

    def __init__(self, url: str, *, size: int = 10, patience: float = 5.0, guarded: bool = True) -> None:
        self._url = url
        self._size = size
        self._patience = patience
        self._guarded = guarded
        self.commits: Counter[UUID] = Counter()
        self._pool: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._pool is not None and self._loop is loop:
            return
        if self._pool is not None:  # made for a loop that is gone; its sockets went with it
            with suppress(Exception):
                self._pool.terminate()
        try:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=self._size,
                connection_class=_PooledConnection,
                server_settings=_SERVER_SETTINGS if self._guarded else _OF_MIGRATIONS,
                command_timeout=20 if self._guarded else None,
                statement_cache_size=512,
            )
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise StartError(
                f"PostgreSQL does not answer: {error}",
                hint="Check VITRAL_DATABASE_URL, and that the server runs; `vitral db init` creates roles and database.",
            ) from error
        self._loop = loop
        if self._guarded:
            await self._refuse_strong_role()

    async def stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None and self._loop is asyncio.get_running_loop():
            await pool.close()

    async def _refuse_strong_role(self) -> None:
        """Refuse to serve as a role that row-level security does not bind (control AC06)."""
        # what a role may become, by SET ROLE or by inheritance, binds no better than what it is
        row = await self._pool.fetchrow(
            "SELECT current_user AS rolname, bool_or(rolsuper) AS rolsuper, bool_or(rolbypassrls) AS rolbypassrls,"
            " bool_or(EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            "         WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public' AND c.relowner = r.oid)) AS owner"
            " FROM pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER')"
        )
        why = (
            "is a superuser, or may become one"
            if row["rolsuper"]
            else "bypasses row-level security, or may become one that does"
            if row["rolbypassrls"]
            else ""
        )
        why = why or ("owns the tables, or may become their owner" if row["owner"] else "")
        if why:
            raise StartError(
                f"The database role {row['rolname']!r} {why}: row-level security would not bind the application.",
                hint="Connect as vitral_app; `vitral db init` creates it.",
            )

    async def set_tenant(self, connection: Connection, tenant: str | None) -> None:
        await connection.script(_name_tenant(tenant))

    async def _acquire(self) -> Any:
        await self.start()
        try:
            # a limit in time takes a task of its own; a connection that is idle comes at once
            idle = self._pool.get_idle_size() > 0
            return await self._pool.acquire(timeout=None if idle else self._patience)
        except TimeoutError:
            raise Unavailable("The database is busy.", hint="Try again in a moment.", retry_after=2) from None
        except (OSError, asyncpg.PostgresConnectionError) as error:
            raise Unavailable("The database does not answer.", hint="Try again in a moment.") from error

    async def _release(self, connection: Any) -> None:
        """Give the connection back in every case: a failed COMMIT must not empty the pool (trap T5)."""
        try:
            await self._pool.release(connection, timeout=5)  # the pool shields it from being cancelled
        except Exception:
            connection.terminate()

    @asynccontextmanager
    async def writing(self, tenant: str | None) -> AsyncIterator[_Link]:
        connection = await self._acquire()
        try:
            await connection.execute(f"BEGIN; {_name_tenant(tenant)}")
            try:
                yield _Link(connection)
                await connection.execute("COMMIT")
            except BaseException:
                await self._undo(connection)
                raise
        finally:
            await self._release(connection)

    @asynccontextmanager
    async def reading(self, tenant: str | None) -> AsyncIterator[_Link]:
        connection = await self._acquire()
        try:
            await connection.execute(f"BEGIN READ ONLY; {_name_tenant(tenant)}")
            try:
                yield _Link(connection)
            finally:
                await self._undo(connection)
        finally:
            await self._release(connection)

    async def _undo(self, connection: Any) -> None:
        try:
            await connection.execute("ROLLBACK")
        except asyncio.CancelledError:
            connection.terminate()  # nobody may be given a connection that is in the middle of something
            raise
        except Exception:
            # Not in a transaction any more, or not connected: the pool drops what is unusable.
            if not connection.is_closed() and connection.is_in_transaction():
                connection.terminate()
