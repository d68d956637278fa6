"""Checks of the live schema: that both walls stand for every tenant table (controls AC05 to AC09).

Run in CI and at every start. A deviation that is meant stands in `rls_exceptions.toml`, with its
reason and the test that guards it.
"""

import re
import tomllib
from collections.abc import Collection
from pathlib import Path

from core.db.engine import Connection, Database
from core.db.tables import PlatformTable, all_tables

__all__ = ["check_catalogue", "check_tables"]

_EXCEPTIONS = Path(__file__).with_name("rls_exceptions.toml")

_TABLES = """
SELECT c.relname AS name, c.relrowsecurity AS rls, c.relforcerowsecurity AS forced,
       EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS tenant,
       (SELECT array_agg(p.polcmd::text || '|' || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || '|'
                         || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''))
          FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
       (SELECT bool_and(p.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = 'vitral_app')])
          FROM pg_policy p WHERE p.polrelid = c.oid) AS to_app,
       pg_get_userbyid(c.relowner) AS owner,
       has_table_privilege('vitral_app', c.oid, 'TRUNCATE') OR has_table_privilege('vitral_app', c.oid, 'REFERENCES') AS strong
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1
"""
_UNIQUE = """
SELECT t.relname AS name, i.relname AS index,
       (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = x.indkey[0]) AS first
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = 'public' AND x.indisunique AND NOT x.indisprimary
"""
_FOREIGN = """
SELECT t.relname AS name, c.conname AS key, f.relname AS target,
       (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = c.conkey[1]) AS first
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid
JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public' AND c.contype = 'f'
"""
_OTHER = """
SELECT 'view ' || c.relname AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND (c.relkind = 'm' OR (c.relkind = 'v'
   AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)))
UNION ALL
SELECT 'function ' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = 'public' AND p.prosecdef
UNION ALL
SELECT 'enum column ' || c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND t.typtype = 'e'
"""

_AGREED = "tenant_id=selectnullifcurrent_setting'app.tenant_id'::text,true,''::text::uuid"
"""The one policy as the server gives it back, without what its versions may write differently."""


def _bare(expression: str) -> str:
    """Return an expression without spaces, brackets and the name of its column: nothing may stand beside it."""
    return re.sub(r"""[\s()]|\bas "?nullif"?""", "", expression.lower())


def _exceptions() -> dict[str, str]:
    data = tomllib.loads(_EXCEPTIONS.read_text("utf-8"))
    return {entry["object"]: entry["reason"] for entry in data.get("exception", [])}


async def check_catalogue(database: Database) -> list[str]:
    """Return what is wrong with the walls of a PostgreSQL database; [] when all stand (and on SQLite)."""
    if database.kind == "sqlite":
        return []
    async with database.reading(None) as connection:
        problems = [
            *await _check_policies(connection),
            *await _check_keys(connection),
            *[
                f"{row['what']}: not on the list of reviewed objects"
                for row in await connection.fetch(_OTHER, ())
            ],
        ]
    allowed = _exceptions()
    return [problem for problem in problems if problem.split(":")[0] not in allowed]


async def _check_policies(connection: Connection) -> list[str]:
    platform = {table._meta.tablename for table in all_tables(PlatformTable)} | {"migrations"}
    problems = []
    for row in await connection.fetch(_TABLES, ()):
        name = row["name"]
        if row["owner"] == "vitral_app":
            problems.append(f"{name}: owned by the runtime role")
        if row["strong"]:
            problems.append(f"{name}: the runtime role may TRUNCATE or make REFERENCES")
        if name in platform:
            continue
        if not row["tenant"]:
            problems.append(f"{name}: neither a platform table nor one with tenant_id")
            continue
        if not row["rls"]:
            problems.append(f"{name}: row-level security is off")
        policies = row["policies"] or []
        if len(policies) != 1 or not row["to_app"]:
            problems.append(f"{name}: wants exactly one policy, TO vitral_app")
        for policy in policies:
            command, using, check = policy.split("|", 2)
            if command != "*" or _bare(using) != _AGREED or _bare(check) != _AGREED:
                problems.append(f"{name}: the policy is not the agreed one in USING and WITH CHECK")
    return problems


async def _check_keys(connection: Connection) -> list[str]:
    platform = {table._meta.tablename for table in all_tables(PlatformTable)} | {"migrations"}
    problems = [
        f"{row['name']}: the unique index {row['index']} does not lead with tenant_id"
        for row in await connection.fetch(_UNIQUE, ())
        if row["name"] not in platform and row["first"] != "tenant_id"
    ]
    problems += [
        f"{row['name']}: the foreign key {row['key']} to {row['target']} does not lead with tenant_id"
        for row in await connection.fetch(_FOREIGN, ())
        if row["name"] not in platform and row["first"] != "tenant_id"
    ]
    return problems


async def check_tables(database: Database, owners: Collection[str]) -> list[str]:
    """Return where table classes and the live schema differ: a missing table or column, on either engine.

    Args:
        database: The database to look at.
        owners: Whose tables count: "core" and the plugins that were loaded.
    """
    problems = []
    async with database.reading(None) as connection:
        wanted_tables = {t for t in all_tables() if t.owner in owners}
        for table in sorted(wanted_tables, key=lambda t: t._meta.tablename):
            name = table._meta.tablename
            if database.kind == "postgres":
                rows = await connection.fetch(
                    "SELECT column_name AS name FROM information_schema.columns"
                    " WHERE table_schema = 'public' AND table_name = $1",
                    (name,),
                )
            else:
                rows = await connection.fetch("SELECT name FROM pragma_table_info(?)", (name,))
            live = {row["name"] for row in rows}
            wanted = {column._meta.db_column_name for column in table._meta.columns}
            if not live:
                problems.append(f"{name}: the table is missing")
            elif wanted - live:
                problems.append(f"{name}: missing columns {', '.join(sorted(wanted - live))}")
    return problems
