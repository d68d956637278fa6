"""What serving needs of the engines, and what they refuse."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.db import PostgresDatabase, SqliteDatabase, contains, execute, is_unique_violation, tenant_work
from core.errors import StartError, Unavailable, VitralError
from core.tenancy import TenantRow
from tests.kit.templates import superuser_url


async def test_many_writers_and_readers_never_see_a_lock(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "busy.db")
    async with database.writing(None) as connection:
        await connection.script("CREATE TABLE t (n INTEGER)")

    async def write() -> None:
        async with database.writing(None) as connection:
            rows = await connection.fetch("SELECT count(*) AS n FROM t", ())
            await connection.fetch("INSERT INTO t VALUES (?)", (rows[0]["n"],))

    async def read() -> None:
        async with database.reading(None) as connection:
            await connection.fetch("SELECT max(n) FROM t", ())

    await asyncio.gather(*(write() for _ in range(60)), *(read() for _ in range(60)))
    async with database.reading(None) as connection:
        assert await connection.fetch("SELECT count(DISTINCT n) AS n FROM t", ()) == [{"n": 60}]
    await database.stop()


async def test_a_reader_cannot_write(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "ro.db")
    async with database.reading(None) as connection:
        with pytest.raises(Exception, match="readonly"):
            await connection.fetch("CREATE TABLE t (n INTEGER)", ())
    await database.stop()


_LONG = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 400000) SELECT max(i) AS m FROM n"
)


async def test_a_long_read_leaves_the_loop_free(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "long.db")

    async def read() -> list[dict[str, Any]]:
        async with database.reading(None) as connection:
            return await connection.fetch(_LONG, ())

    for _again in range(2):  # the first time it begins on the loop
        reading = asyncio.ensure_future(read())
        turns = 0
        while not reading.done():
            await asyncio.sleep(0)
            turns += 1
        assert reading.result() == [{"m": 400_000}]
        assert turns > 5
    await database.stop()


def _at_once(asking: Any) -> Any:
    """Return what a coroutine returns that waits for nothing; it may let others have their turn."""
    while True:
        try:
            assert asking.send(None) is None, "it waits for a thread"
        except StopIteration as done:
            return done.value


async def test_short_reads_stay_short_however_often_they_run(tmp_path: Path) -> None:
    """SQLite counts a statement's steps on from run to run: thousands of short runs are no long one."""
    database = SqliteDatabase(tmp_path / "short.db", readers=1)
    async with database.reading(None) as connection:
        await connection.fetch("SELECT 1", ())  # opens the connection, in its thread
        for number in range(5000):
            assert _at_once(connection.fetch("SELECT ? + 1 AS n", (number,))) == [{"n": number + 1}]
    await database.stop()


async def test_many_short_reads_in_a_row_let_others_have_their_turn(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "row.db")
    turns = 0

    async def read() -> None:
        async with database.reading(None) as connection:
            for number in range(1000):
                await connection.fetch("SELECT ? AS n", (number,))

    reading = asyncio.ensure_future(read())
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10
    await database.stop()


async def test_a_long_read_that_nobody_waits_for_disturbs_no_other(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "gone.db", readers=1)
    async with database.reading(None) as connection:
        for _number in range(2):  # one that runs, and one that waits behind it
            reading = asyncio.ensure_future(connection.fetch(_LONG, ()))
            await asyncio.sleep(0)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
        asking = asyncio.ensure_future(connection.fetch("SELECT 1 AS n", ()))
        turns = 0
        while not asking.done():  # the connection is busy: the read must not hold the loop until it is not
            await asyncio.sleep(0)
            turns += 1
        assert asking.result() == [{"n": 1}]
        assert turns > 5
        assert _at_once(connection.fetch("SELECT 1 AS n", ())) == [{"n": 1}]  # nothing is wrong with this one
    await database.stop()


async def test_a_database_that_another_process_writes_to_says_so(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("core.db.sqlite._PRAGMAS", ("PRAGMA busy_timeout=50", "PRAGMA journal_mode=WAL"))
    mine, theirs = SqliteDatabase(tmp_path / "both.db"), SqliteDatabase(tmp_path / "both.db")
    async with theirs.writing(None) as connection:
        await connection.script("CREATE TABLE t (n INTEGER)")
        with pytest.raises(Unavailable, match="Another process"):
            async with mine.writing(None):
                pass
    async with mine.writing(None) as connection:
        await connection.script("INSERT INTO t VALUES (1)")
    await mine.stop()
    await theirs.stop()


async def test_a_busy_database_says_so_in_time(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "slow.db", patience=0.05)
    async with database.writing(None):
        with pytest.raises(Unavailable):
            async with database.writing(None):
                pass
    async with database.writing(None):
        pass
    await database.stop()


async def test_a_cancelled_writer_leaves_nothing_behind(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "cancel.db")
    async with database.writing(None) as connection:
        await connection.script("CREATE TABLE t (n INTEGER)")
    started = asyncio.Event()

    async def write() -> None:
        async with database.writing(None) as connection:
            await connection.fetch("INSERT INTO t VALUES (1)", ())
            started.set()
            await asyncio.sleep(60)

    task = asyncio.ensure_future(write())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.writing(None) as connection:
        assert await connection.fetch("SELECT count(*) AS n FROM t", ()) == [{"n": 0}]
    await database.stop()


async def test_the_server_refuses_roles_that_walls_do_not_bind(
    engine: str, database_name: str, database: Any
) -> None:
    if engine == "sqlite":
        pytest.skip("roles are PostgreSQL's")
    for url, why in (
        (superuser_url(database_name), "superuser"),
        (superuser_url(database_name).replace("postgres@", "vitral_owner@"), "owns the tables"),
        (superuser_url(database_name).replace("postgres@", "vitral_backup@"), "bypasses"),
    ):
        strong = PostgresDatabase(url)
        with pytest.raises(StartError, match=why):
            await strong.start()
        await strong.stop()


@pytest.mark.parametrize(
    ("above", "why"),
    [("postgres", "superuser"), ("vitral_owner", "owns the tables"), ("vitral_backup", "bypasses")],
)
async def test_it_refuses_roles_that_may_become_one_of_them(
    engine: str, database_name: str, database: Any, above: str, why: str
) -> None:
    if engine == "sqlite":
        pytest.skip("roles are PostgreSQL's")
    name = f"member_{above}_{database_name}"
    connection = await asyncpg.connect(superuser_url(database_name))
    await connection.execute(f"CREATE ROLE {name} LOGIN NOINHERIT; GRANT {above} TO {name}")
    strong = PostgresDatabase(superuser_url(database_name).replace("postgres@", f"{name}@"))
    try:
        with pytest.raises(StartError, match=why):
            await strong.start()
    finally:
        await strong.stop()
        await connection.execute(f"DROP ROLE {name}")
        await connection.close()


async def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(StartError, match="does not answer"):
        await PostgresDatabase("postgresql://x@127.0.0.1:1/none").start()


async def test_piccolo_ways_around_the_units_are_closed(alfa: Any) -> None:
    for name in ("transaction", "atomic", "batch"):
        with pytest.raises(VitralError, match="unit of work"):
            getattr(TenantRow._meta.db, name)()


async def test_sql_without_the_tenant_is_refused(alfa: Any) -> None:
    with pytest.raises(VitralError, match=r"\{tenant\}"):
        await execute("SELECT * FROM posts")


async def test_unique_violations_look_the_same_on_both_engines(alfa: Any) -> None:
    insert = "INSERT INTO counters (tenant_id, name, value) VALUES ({tenant}, 'twice', 1)"
    with pytest.raises(Exception) as caught:  # the class differs by engine
        async with tenant_work():
            await execute(insert)
            await execute(insert)
    assert is_unique_violation(caught.value)


async def test_contains_takes_the_needle_literally(app: Any, within: Any) -> None:
    from core.db import platform_read

    with within("alfa"):
        async with platform_read():
            for needle, hits in (("LF", 1), ("%", 0), ("_", 0), ("a'", 0)):
                found = await TenantRow.select(TenantRow.slug).where(contains(TenantRow.title, needle))
                assert len(found) == hits, needle
