"""Migrations: forward-only, atomic, repeatable, one at a time."""

import asyncio
from pathlib import Path

import pytest

from core.db import Database, Source, SqliteDatabase, migrate, pending
from core.errors import StartError

_STEP = '"""A step."""\n\ndef up(m):\n    m.sql("CREATE TABLE {name} (n INTEGER)")\n'


def _write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text(text)
    return path


async def _tables(database: SqliteDatabase) -> set[str]:
    async with database.reading(None) as connection:
        rows = await connection.fetch("SELECT name FROM sqlite_master WHERE type = 'table'", ())
    return {row["name"] for row in rows} - {"migrations"}


async def test_two_owners_may_have_the_same_file_name(tmp_path: Path) -> None:
    _write(tmp_path / "a", "0001_initial", _STEP.format(name="ta"))
    _write(tmp_path / "b", "0001_initial", _STEP.format(name="tb"))
    database = SqliteDatabase(tmp_path / "x.db")
    sources = [Source("a", tmp_path / "a"), Source("b", tmp_path / "b")]
    assert len(await migrate(database, sources)) == 2
    assert await _tables(database) == {"ta", "tb"}
    assert await pending(database, sources) == []
    await database.stop()


async def test_a_step_that_fails_leaves_nothing(tmp_path: Path) -> None:
    _write(tmp_path / "a", "0001_good", _STEP.format(name="good"))
    _write(
        tmp_path / "a",
        "0002_bad",
        'def up(m):\n    m.sql("CREATE TABLE half (n INTEGER)")\n    m.sql("NONSENSE")\n',
    )
    database = SqliteDatabase(tmp_path / "x.db")
    sources = [Source("a", tmp_path / "a")]
    with pytest.raises(StartError, match=r"a/0002_bad failed: .*NONSENSE"):
        await migrate(database, sources)
    assert await _tables(database) == {"good"}
    assert [file.name for file in await pending(database, sources)] == ["0002_bad"]
    await database.stop()


async def test_an_edited_step_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path / "a", "0001_initial", _STEP.format(name="t"))
    database = SqliteDatabase(tmp_path / "x.db")
    sources = [Source("a", tmp_path / "a")]
    await migrate(database, sources)
    path.write_text(_STEP.format(name="u"))
    with pytest.raises(StartError, match="changed after it was applied"):
        await pending(database, sources)
    await database.stop()


async def test_a_database_from_the_future_is_refused(tmp_path: Path) -> None:
    _write(tmp_path / "a", "0001_initial", _STEP.format(name="t"))
    later = _write(tmp_path / "a", "0002_later", _STEP.format(name="u"))
    database = SqliteDatabase(tmp_path / "x.db")
    sources = [Source("a", tmp_path / "a")]
    await migrate(database, sources)
    later.unlink()
    with pytest.raises(StartError, match="does not know"):
        await pending(database, sources)
    await database.stop()


async def test_processes_that_migrate_at_once_do_it_once(tmp_path: Path) -> None:
    for number in range(1, 5):
        _write(tmp_path / "a", f"000{number}_step", _STEP.format(name=f"t{number}"))
    sources = [Source("a", tmp_path / "a")]
    databases = [SqliteDatabase(tmp_path / "x.db") for _ in range(3)]
    done = await asyncio.gather(*(migrate(database, sources) for database in databases))
    assert sum(len(files) for files in done) == 4
    for database in databases:
        await database.stop()


async def test_an_index_is_made_beside_other_transactions(
    engine: str, database: Database, owner_database: Database, tmp_path: Path
) -> None:
    """CREATE INDEX CONCURRENTLY waits for every transaction that sees rows, so the lock must not be one of them."""
    _write(
        tmp_path / "a",
        "0001_index",
        "TRANSACTION = False\n\n\ndef up(m):\n"
        '    m.sql(postgres="CREATE INDEX CONCURRENTLY beside ON posts (title)", sqlite="CREATE INDEX beside ON posts (title)")\n',
    )
    sources = [Source("a", tmp_path / "a")]
    async with asyncio.timeout(10):
        made = await asyncio.gather(*(migrate(owner_database, sources) for _ in range(2)))
    assert sorted(len(files) for files in made) == [0, 1]
    assert await pending(owner_database, sources) == []


async def test_migrations_take_as_long_as_they_take(engine: str, owner_database: Database) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite has no limit in time")
    await owner_database.start()
    async with owner_database.writing(None) as connection:
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            assert (await connection.fetch(f"SHOW {name}", ())) == [{name: "0"}]
