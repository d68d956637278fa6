"""Two walls: what a query without its predicate can do, on every tenant table of the catalogue."""

from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core.context import Tenant
from core.db import (
    Database,
    TenantTable,
    Work,
    all_tables,
    check_catalogue,
    check_tables,
    platform_read,
    savepoint,
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


_AGREED = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"


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
        "GRANT TRUNCATE ON media TO vitral_app;"
        "DROP POLICY tenant_isolation ON comments;"
        f"CREATE POLICY tenant_isolation ON comments TO vitral_app USING (true OR {_AGREED}) WITH CHECK (true OR {_AGREED});"
        "DROP POLICY tenant_isolation ON old_slugs;"
        f"CREATE POLICY tenant_isolation ON old_slugs TO vitral_app USING ({_AGREED});"
        "DROP POLICY tenant_isolation ON post_meta;"
        f"CREATE POLICY tenant_isolation ON post_meta FOR SELECT TO vitral_app USING ({_AGREED})"
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
        "comments: the policy",
        "old_slugs: the policy",
        "post_meta: the policy",
    ):
        assert expected in problems


@pytest.fixture
async def filled(engine: str, app: Any, database_name: str, within: Any) -> list[str]:
    """Names of the tenant tables, each with a row of both sites: keys and checks are taken away."""
    if engine == "sqlite":
        pytest.skip("SQLite has the predicate only")
    with within("beta") as beta:
        async with tenant_read():
            names = await tenant_table_names()
    with within("alfa") as alfa:
        pass
    connection = await asyncpg.connect(superuser_url(database_name))
    for name, constraint in await connection.fetch(
        "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint"
        " WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace"
    ):
        await connection.execute(f"ALTER TABLE {name} DROP CONSTRAINT {constraint}")
    for name in names:
        columns = await connection.fetch(_WANTED, name)
        for tenant in (alfa, beta):
            values = {"tenant_id": f"'{tenant.id}'"}
            for column, kind in columns:
                values.setdefault(column, f"{_SAMPLES.get(kind, repr(kind))}::{kind}")
            await connection.execute(
                f"INSERT INTO {name} ({', '.join(values)}) VALUES ({', '.join(values.values())})"
                " ON CONFLICT DO NOTHING"
            )
        both = await connection.fetchval(f"SELECT count(DISTINCT tenant_id) FROM {name}")
        assert both == 2, f"{name} has no row of each site"
    await connection.close()
    return names


_WANTED = """
SELECT quote_ident(a.attname), format_type(a.atttypid, NULL) FROM pg_attribute a
WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
  AND NOT a.atthasdef AND a.attidentity = '' AND a.attname <> 'tenant_id'
"""
_SAMPLES = {
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "now()",
    "date": "now()",
    "bytea": "'x'",
    "boolean": "true",
    "jsonb": "'{}'",
    "character varying": "'x'",
    "text": "'x'",
    **dict.fromkeys(("bigint", "integer", "smallint", "numeric", "real", "double precision"), "1"),
}


async def test_no_sql_shows_or_touches_a_foreign_row(filled: list[str], within: Any) -> None:
    """The second wall stands alone here: the SQL has no predicate at all."""
    assert len(filled) >= 20
    with within("beta") as beta:
        pass
    with within("alfa") as alfa:
        for name in filled:
            async with tenant_work() as work:
                for sql in (
                    f"INSERT INTO {name} (tenant_id) VALUES ($1)",
                    f"UPDATE {name} SET tenant_id = $1",
                ):
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        async with savepoint():
                            await work.fetch(sql, (beta.id,))
                assert await _tenants(work, f"SELECT tenant_id FROM {name}") == {alfa.id}, name
                for sql in (
                    f"UPDATE {name} SET tenant_id = tenant_id RETURNING tenant_id",
                    f"DELETE FROM {name} RETURNING tenant_id",
                ):
                    with suppress(asyncpg.InsufficientPrivilegeError):  # where nothing may be changed
                        async with savepoint():
                            assert await _tenants(work, sql) == {alfa.id}, sql


async def _tenants(work: Work, sql: str) -> set[UUID]:
    return {row["tenant_id"] for row in await work.fetch(sql, ())}


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
