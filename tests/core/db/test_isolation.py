"""Two walls: what a query without its predicate can do, on every tenant table of the catalogue."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core.context import Tenant
from core.db import (
    Database,
    TenantTable,
    all_tables,
    check_catalogue,
    check_tables,
    platform_read,
    tenant_read,
    tenant_table_names,
    tenant_work,
)
from core.errors import VitralError
from core.ids import new_id
from tests.kit.templates import superuser_url


async def test_the_live_schema_is_as_it_must_be(app: Any, database: Database) -> None:
    assert await check_catalogue(database) == []
    assert await check_tables(database, {"core"}) == []


async def test_the_catalogue_check_notices_a_missing_wall(
    engine: str, app: Any, database: Database, database_name: str
) -> None:
    if engine == "sqlite":
        pytest.skip("row-level security is PostgreSQL's")
    connection = await asyncpg.connect(superuser_url(database_name))
    await connection.execute(
        "ALTER TABLE posts DISABLE ROW LEVEL SECURITY;"
        "DROP POLICY tenant_isolation ON terms;"
        "CREATE UNIQUE INDEX leak ON users (email);"
        "CREATE VIEW peek AS SELECT * FROM posts;"
        "CREATE TABLE forgotten (id uuid primary key);"
        "GRANT TRUNCATE ON media TO vitral_app"
    )
    await connection.close()
    problems = "\n".join(await check_catalogue(database))
    for expected in (
        "posts: row-level",
        "terms: wants exactly one",
        "users: the unique index leak",
        "view peek",
        "forgotten: neither",
        "media: the runtime role",
    ):
        assert expected in problems


async def test_no_sql_shows_or_touches_a_foreign_row(engine: str, app: Any, within: Any) -> None:
    """On PostgreSQL the second wall stands alone here: the SQL has no predicate at all."""
    if engine == "sqlite":
        pytest.skip("SQLite has the predicate only")
    with within("beta") as beta:
        async with tenant_read():
            names = await tenant_table_names()
    assert len(names) >= 20
    with within("alfa"):
        async with tenant_work() as work:
            for name in names:
                foreign = await work.fetch(
                    f"SELECT count(*) AS n FROM {name} WHERE tenant_id = $1", (beta.id,)
                )
                assert foreign == [{"n": 0}], name
                changed = await work.fetch(
                    f"UPDATE {name} SET tenant_id = tenant_id WHERE tenant_id = $1 RETURNING 1", (beta.id,)
                )
                gone = await work.fetch(f"DELETE FROM {name} WHERE tenant_id = $1 RETURNING 1", (beta.id,))
                assert (changed, gone) == ([], []), name


async def test_rows_cannot_be_written_into_another_tenant(engine: str, app: Any, within: Any) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite has the predicate only")
    with within("beta") as beta:
        pass
    with within("alfa"):
        for sql, args in (
            ("INSERT INTO counters (tenant_id, name, value) VALUES ($1, 'x', 1)", (beta.id,)),
            ("UPDATE user_roles SET tenant_id = $1", (beta.id,)),
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                async with tenant_work() as work:
                    await work.fetch(sql, args)


async def test_without_a_tenant_there_is_no_row(engine: str, app: Any, within: Any) -> None:
    """Trap T9: after a transaction the setting is an empty string, which must mean nobody."""
    if engine == "sqlite":
        pytest.skip("row-level security is PostgreSQL's")
    with within("alfa"):
        async with tenant_work():
            pass
        async with platform_read() as scope:
            for name in ("user_roles", "terms", "settings"):
                assert await scope.fetch(f"SELECT count(*) AS n FROM {name}") == [{"n": 0}]


def _tables() -> list[type[TenantTable]]:
    return sorted({t for t in all_tables() if issubclass(t, TenantTable)}, key=lambda t: t.__name__)


async def test_every_table_class_adds_its_tenant(alfa: Tenant) -> None:
    tables = _tables()
    assert tables
    for table in tables:
        for query in (
            table.select(),
            table.objects(),
            table.count(),
            table.exists(),
            table.delete(force=True),
        ):
            sql = str(query)
            assert str(alfa.id) in sql and "tenant_id" in sql, f"{table.__name__}: {sql}"


async def test_a_row_for_another_tenant_is_refused_by_the_class(alfa: Tenant) -> None:
    for table in _tables():
        with pytest.raises(VitralError, match="another tenant"):
            table(tenant_id=new_id())
        with pytest.raises(VitralError, match="another tenant"):
            table.update({"tenant_id": UUID(int=1)}, force=True)
        with pytest.raises(VitralError, match="skip the tenant"):
            table.raw("SELECT 1")
