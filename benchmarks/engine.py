"""The pooled SQLite engine against Piccolo's own: 16 tasks that read 5,000 rows of 2 kB one by one."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

from piccolo.engine.sqlite import SQLiteEngine

from core.db import SqliteDatabase

TASKS = 16
SECONDS = 1.5
ROWS = 5000
_READ = "SELECT id, body FROM t WHERE id = ?"


async def _rate(read: Callable[[int], Awaitable[object]]) -> float:
    """Return reads per second over all tasks."""
    count = 0
    end = perf_counter() + SECONDS

    async def task(number: int) -> None:
        nonlocal count
        row = number
        while perf_counter() < end:
            await read(row % ROWS + 1)
            row += 17
            count += 1

    await asyncio.gather(*(task(number) for number in range(TASKS)))
    return count / SECONDS


async def measure() -> dict[str, float]:
    """Return reads per second of both, their ratio, and how many of 200 concurrent writes failed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        database = SqliteDatabase(path)
        async with database.writing(None) as connection:
            await connection.script("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")
            await connection.script(
                "INSERT INTO t (body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000)"
                " SELECT printf('%2000s', i) FROM n"
            )

        async def ours(row: int) -> object:
            async with database.reading(None) as connection:
                return await connection.fetch(_READ, (row,))

        stock = SQLiteEngine(str(path))

        async def theirs(row: int) -> object:
            return await stock._run_in_new_connection(_READ, [row])

        pooled, plain = await _rate(ours), await _rate(theirs)

        async def write(row: int) -> None:
            async with database.writing(None) as connection:
                await connection.fetch("UPDATE t SET body = ? WHERE id = ?", ("x", row + 1))

        failures = await asyncio.gather(*(write(row) for row in range(200)), return_exceptions=True)
        await database.stop()
        return {
            "pooled, reads/s": pooled,
            "stock, reads/s": plain,
            "ratio": pooled / plain,
            "failed writes of 200 at once": float(sum(f is not None for f in failures)),
        }
