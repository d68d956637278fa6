"""Every table with its columns and indexes, from a database that was really migrated."""

import re
import sqlite3
from contextlib import closing

from core.db import PlatformTable, all_tables, personal_columns
from generators.installation import Installation
from generators.markdown import code, page_of, table

__all__ = ["page"]

_INTRO = """Types are those of the migrations; SQLite keeps them as declared and PostgreSQL has exactly these. A table
**of sites** has `tenant_id`: every query carries it, and on PostgreSQL a row-level policy holds as well
([tenancy](../explanation/tenancy.md)). A table **of the platform** lies outside of all sites. Full-text search and
policies differ between the engines and are not listed here."""


def page(installation: Installation) -> str:
    """Return the page of all tables."""
    platform = {found._meta.tablename for found in all_tables(PlatformTable)} | {"migrations"}
    personal = {
        (found._meta.tablename, column._meta.name): mark
        for found in all_tables()
        for column, mark in personal_columns(found._meta.columns)
    }
    owners = {
        found._meta.tablename: name
        for name, plugin in installation.registry.plugins.items()
        for found in plugin.tables
    }
    with closing(sqlite3.connect(installation.database)) as connection:
        connection.row_factory = sqlite3.Row
        made = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        virtual = [row["name"] for row in made if row["sql"].upper().startswith("CREATE VIRTUAL")]
        blocks = [_INTRO]
        for row in made:
            name = row["name"]
            if any(name == search or name.startswith(f"{search}_") for search in virtual):
                continue  # the full-text index of SQLite and its shadow tables
            level = "of the platform" if name in platform else "of sites"
            whose = f", plugin `{owners[name]}`" if name in owners else ""
            blocks += [
                f"## `{name}`",
                f"A table {level}{whose}.",
                *_described(connection, name, row["sql"], personal),
            ]
    return page_of("Tables", *blocks)


def _described(connection: sqlite3.Connection, name: str, sql: str, personal: dict) -> list[str]:
    foreign = _foreign(connection, name)
    rows = []
    for column in connection.execute("SELECT * FROM pragma_table_info(?)", (name,)):
        notes = []
        if column["pk"]:
            notes.append("primary key")
        if column["name"] in foreign:
            notes.append(foreign[column["name"]])
        if found := re.search(rf"CHECK \({column['name']} IN \(([^)]*)\)\)", sql):
            notes.append("one of " + ", ".join(code(value.strip(" '")) for value in found[1].split(",")))
        if (name, column["name"]) in personal:
            notes.append("personal data")
        empty = "no" if column["notnull"] or column["pk"] else "yes"
        default = code(column["dflt_value"] or "")
        rows.append((code(column["name"]), column["type"], empty, default, "; ".join(notes)))
    blocks = [table(("column", "type", "may be null", "default", "notes"), rows)]
    if indexes := _indexes(connection, name):
        blocks.append("Indexes:\n\n" + "\n".join(indexes))
    return blocks


def _foreign(connection: sqlite3.Connection, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in connection.execute("SELECT * FROM pragma_foreign_key_list(?)", (name,)):
        if key["from"] != "tenant_id" or key["table"] == "tenants":
            action = "" if key["on_delete"] == "NO ACTION" else f", {key['on_delete'].lower()} on delete"
            found[key["from"]] = f"→ `{key['table']}`{action}"
    return found


def _indexes(connection: sqlite3.Connection, name: str) -> list[str]:
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY name",
        (name,),
    )
    lines = []
    for row in found:
        shape = re.search(r"\sON\s+\S+\s*(\(.*)$", " ".join(row["sql"].split()), re.I)
        unique = "unique " if row["sql"].upper().startswith("CREATE UNIQUE") else ""
        lines.append(f"- `{row['name']}`: {unique}`{shape[1] if shape else row['sql']}`")
    return lines
