"""SQLite for serving: one writer and a few readers, each a connection with a thread of its own.

Piccolo's engine opens a connection and a thread per query and fails with "database is locked" under
concurrent writers. Here writes queue for one connection, first come first served, and reads never
wait for them (WAL).
"""

import asyncio
import os
import sqlite3
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from time import thread_time
from typing import Any, TypeVar
from uuid import UUID

from core.db.engine import EngineKind, Row
from core.errors import StartError, Unavailable

__all__ = ["SqliteDatabase", "unusable"]

T = TypeVar("T")

_PRAGMAS = (
    "PRAGMA busy_timeout=5000",  # first: turning WAL on in a new file waits for others that do the same
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=1",
    "PRAGMA cache_size=-16000",
    "PRAGMA temp_store=MEMORY",
)

_GLANCE = 10_000
"""Steps of SQLite's machine that a read may take on the event loop: some tenths of a millisecond."""
_TOO_LONG = 0.005
"""Seconds of CPU after which a read is long, however few its steps. Not of the clock: others take their share of it."""
_IN_A_ROW = 50
"""Reads of one unit on the event loop before others get their turn."""
_LONG_LIMIT = 1000

# Piccolo reads integers through Decimal, to forgive floats that were stored as integers. Ours never are.
sqlite3.register_converter("INTEGER", int)
sqlite3.register_converter("BIGINT", int)


_UNUSABLE = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
)
"""What is wrong with the file, and not with what is asked of it."""


def unusable(path: Path, error: Exception) -> StartError:
    """Return the error for a file that can't be the database, with what to do about it."""
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return StartError(
        f"The database {path} can't be opened and written: {why}.",
        hint="Name a file in a folder that Vitral may write to, such as"
        " VITRAL_DATABASE_URL=sqlite:///var/vitral.db, or let it write to this one.",
    )


class _Link:
    """A connection and the one thread that touches it."""

    def __init__(self, path: str, *, read_only: bool) -> None:
        self._path = path
        self._read_only = read_only
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._given = 0
        """Jobs that the thread was given; the event loop counts them, and the thread those it has done."""
        self._done = 0
        self._connection: sqlite3.Connection | None = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(
                self._path,
                detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=512,
            )
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            if self._read_only:
                connection.execute("PRAGMA query_only=1")
            self._connection = connection
        return self._connection

    async def _in_thread(self, job: Callable[[], T]) -> T:
        self._given += 1

        def counted() -> T:
            try:
                return job()
            finally:
                self._done += 1

        future = self._thread.submit(counted)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if future.cancelled():  # it never began
                self._given -= 1
            raise

    def _fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        cursor = self._open().execute(sql, tuple(args))
        rows = cursor.fetchall()
        if not rows:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in rows]

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        return await self._in_thread(lambda: self._fetch(sql, args))

    @property
    def can_glance(self) -> bool:
        """Whether the connection is open, and the thread idle: a cancelled task leaves its statement running."""
        return self._connection is not None and self._given == self._done

    def glance(self, sql: str, args: Sequence[Any]) -> list[Row] | None:
        """Read here and now; None for a read that is not done after `_GLANCE` to twice as many steps.

        Most reads of a page take less than the way to another thread and back.
        """
        connection = self._open()
        # SQLite counts on from the last run of a statement, so the first call says nothing yet
        calls = count()
        connection.set_progress_handler(lambda: next(calls), _GLANCE)
        try:
            return self._fetch(sql, args)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                return None
            raise
        finally:
            connection.set_progress_handler(None, 0)

    async def script(self, sql: str) -> None:
        await self._in_thread(lambda: self._open().execute(sql))

    async def close(self) -> None:
        def shut() -> None:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

        await self._in_thread(shut)
        self._thread.shutdown(wait=False)

    def rollback_quietly(self) -> None:
        """Queue a rollback behind whatever the thread is doing. For a unit whose task was cancelled."""

        def undo() -> None:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

        self._thread.submit(undo)


class _Turnstile:
    """Hands links to whoever waited longest. An asyncio.Queue let late comers overtake for seconds."""

    def __init__(self, links: Sequence[_Link], patience: float) -> None:
        self._free = deque(links)
        self._waiting: deque[asyncio.Future[_Link]] = deque()
        self._patience = patience

    async def take(self) -> _Link:
        if self._free and not self._waiting:
            return self._free.popleft()
        future: asyncio.Future[_Link] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            return await asyncio.wait_for(future, self._patience)
        except TimeoutError:
            raise Unavailable("The database is busy.", hint="Try again in a moment.", retry_after=2) from None
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.give(future.result())
            raise
        finally:
            with suppress(ValueError):
                self._waiting.remove(future)

    def give(self, link: _Link) -> None:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(link)
                return
        self._free.append(link)


class _Pace:
    """Which statements turned out to be long, and are not begun on the event loop any more."""

    def __init__(self) -> None:
        self.long: set[str] = set()
        self._suspects: set[str] = set()

    def is_short(self, sql: str) -> bool:
        # a full-text search is one step, however long it takes
        return sql not in self.long and " MATCH " not in sql

    def note(self, sql: str, *, done: bool, seconds: float) -> None:
        """Learn from one run. By time it takes two in a row: the garbage collector strikes anywhere."""
        if done and seconds <= _TOO_LONG:
            if self._suspects:
                self._suspects.discard(sql)
            return
        if not done or sql in self._suspects:
            if len(self.long) >= _LONG_LIMIT:
                self.long.clear()
            self.long.add(sql)
        else:
            self._suspects.add(sql)


class _AnyReader:
    """A connection to the eyes of a unit of work; each statement takes whichever reader is free.

    A statement runs on the event loop. One that turns out to be long is begun again in the reader's
    thread, and goes there at once from then on.
    """

    def __init__(self, turnstile: _Turnstile, pace: _Pace) -> None:
        self._turnstile = turnstile
        self._pace = pace
        self._in_a_row = 0

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        link = await self._turnstile.take()
        try:
            if link.can_glance and self._pace.is_short(sql):
                begin = thread_time()
                rows = link.glance(sql, args)
                self._pace.note(sql, done=rows is not None, seconds=thread_time() - begin)
                if rows is not None:
                    self._in_a_row += 1
                    if self._in_a_row % _IN_A_ROW == 0:
                        await asyncio.sleep(0)  # many short reads hold the loop as one long one would
                    return rows
            return await link.fetch(sql, args)
        finally:
            self._turnstile.give(link)

    async def script(self, sql: str) -> None:
        await self.fetch(sql, ())


class SqliteDatabase:
    """A database in one file.

    Args:
        path: The file; its folder is made if it is missing.
        readers: How many connections serve reads.
        patience: Seconds to wait for a connection before answering 503.
    """

    kind: EngineKind = "sqlite"

    def __init__(self, path: Path, *, readers: int = 4, patience: float = 30.0) -> None:
        self.path = path
        self._readers = readers
        self._patience = patience
        self.commits: Counter[UUID] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._links: list[_Link] = []
        self._pace = _Pace()
        self._write: _Turnstile
        self._read: _Turnstile

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._links and self._loop is loop:
            return
        await self.stop()
        writer = _Link(str(self.path), read_only=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            await writer.script("SELECT 1")  # makes the file and turns WAL on before a reader looks
            if not os.access(self.path, os.W_OK):
                raise PermissionError("it is read-only")
        except (OSError, sqlite3.Error) as error:
            await writer.close()
            if isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF not in _UNUSABLE:
                raise
            raise unusable(self.path, error) from error
        readers = [_Link(str(self.path), read_only=True) for _ in range(self._readers)]
        self._links = [writer, *readers]
        self._write = _Turnstile([writer], self._patience)
        self._read = _Turnstile(readers, self._patience)
        self._loop = loop

    async def stop(self) -> None:
        for link in self._links:
            await link.close()
        self._links = []

    async def set_tenant(self, connection: Any, tenant: str | None) -> None:
        """SQLite has one wall only, the predicate; there is nothing to set."""

    @asynccontextmanager
    async def writing(self, tenant: str | None) -> AsyncIterator[_Link]:
        await self.start()
        turnstile = self._write
        link = await turnstile.take()
        try:
            try:
                await link.script("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                raise Unavailable(
                    "Another process is writing to the database.",
                    hint="Try again in a moment.",
                    retry_after=5,
                ) from error
            yield link
            await link.script("COMMIT")
        except BaseException:
            # Queued, not awaited: it also runs when this task is being cancelled, and before the
            # next unit's BEGIN, because the link has one thread.
            link.rollback_quietly()
            raise
        finally:
            turnstile.give(link)

    @asynccontextmanager
    async def reading(self, tenant: str | None) -> AsyncIterator[_AnyReader]:
        await self.start()
        yield _AnyReader(self._read, self._pace)
