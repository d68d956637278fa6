"""Tenants' rows as a whole: which tables hold them, in what order, and removing all of a tenant's."""

from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from core.db.engine import current_database
from core.db.helpers import is_foreign_key_violation
from core.db.tables import PlatformTable, all_tables, execute
from core.db.work import run, savepoint
from core.errors import VitralError

__all__ = ["TableColumn", "delete_tenant_rows", "tenant_columns", "tenant_table_names"]


async def tenant_table_names() -> list[str]:
    """Return the names of the tables that hold tenants' rows, as the live schema has them.

    Runs in the unit of work in progress.
    """
    if current_database().kind == "postgres":
        sql = (
            "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relrowsecurity ORDER BY 1"
        )
        return [row["name"] for row in await run(sql, ())]
    platform = {table._meta.tablename for table in all_tables(PlatformTable)}
    sql = (
        "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'tenant_id'"
        " WHERE m.type = 'table' ORDER BY 1"
    )
    return [row["name"] for row in await run(sql, ()) if row["name"] not in platform]


class TableColumn(NamedTuple):
    """A column of a tenant table, as the live schema has it."""

    name: str
    type: str
    """In lower case without length: "uuid", "varchar", "text", "bigint", "timestamptz", "bytea", "jsonb" ..."""
    points_at: str = ""
    """The table that a foreign key leads to by this column, beside the tenant."""


_COLUMNS = {
    "postgres": """
SELECT c.relname AS name, a.attname AS column_name, lower(t.typname) AS type, NULL AS points_at
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
UNION ALL
SELECT c.relname, a.attname, '', f.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_class f ON f.oid = k.confrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND a.attname <> 'tenant_id'
ORDER BY 1, 2, 4 NULLS FIRST""",
    "sqlite": """
SELECT m.name AS name, c.name AS column_name, lower(c.type) AS type, NULL AS points_at
FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
UNION ALL
SELECT m.name, f."from", '', f."table" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
WHERE m.type = 'table' AND f."from" <> 'tenant_id'
ORDER BY 1, 2, 4 NULLS FIRST""",
}
_SAME = {"bool": "boolean", "int8": "bigint", "int4": "integer", "int2": "smallint", "json": "jsonb"}


async def tenant_columns() -> dict[str, dict[str, TableColumn]]:
    """Return the columns of the tables that hold tenants' rows, each table after those it points at.

    Generated columns are left out: nobody writes them.

    Runs in the unit of work in progress.

    Raises:
        VitralError: Tables point at each other in a circle, so no order is right.
    """
    wanted = await tenant_table_names()
    found: dict[str, dict[str, TableColumn]] = {name: {} for name in wanted}
    for row in await run(_COLUMNS[current_database().kind], ()):
        columns = found.get(row["name"])
        if columns is None:
            continue
        name = row["column_name"]
        if row["points_at"]:
            columns[name] = columns[name]._replace(points_at=row["points_at"])
        else:
            kind = str(row["type"]).partition("(")[0]
            columns[name] = TableColumn(name, _SAME.get(kind, kind))
    graph = {
        name: {c.points_at for c in columns.values() if c.points_at in found and c.points_at != name}
        for name, columns in found.items()
    }
    try:
        return {name: found[name] for name in TopologicalSorter(graph).static_order()}
    except CycleError as error:
        raise VitralError(f"Tables point at each other in a circle: {', '.join(error.args[1])}.") from error


async def delete_tenant_rows() -> None:
    """Delete every row of the unit's tenant, table by table, in whatever order the foreign keys allow."""
    remaining = await tenant_table_names()
    while remaining:
        blocked = []
        for name in remaining:
            try:
                async with savepoint():
                    # a name of the catalogue
                    await execute(f"DELETE FROM {name} WHERE tenant_id = {{tenant}}")
            except Exception as error:
                if not is_foreign_key_violation(error):
                    raise
                blocked.append(name)
        if len(blocked) == len(remaining):
            raise VitralError(f"Rows of {', '.join(blocked)} hold each other; none of them could be deleted.")
        remaining = blocked
