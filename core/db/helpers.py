"""What the engines say differently, said once."""

import sqlite3
from typing import Any

import asyncpg
from piccolo.columns import Column
from piccolo.columns.combination import WhereRaw

from core.db.engine import current_database
from core.db.tables import execute

__all__ = [
    "contains",
    "is_foreign_key_violation",
    "is_rejected",
    "is_unique_violation",
    "matches",
    "next_number",
]


def is_unique_violation(error: BaseException) -> bool:
    """Tell whether `error` is a broken unique constraint, on either engine."""
    if isinstance(error, asyncpg.UniqueViolationError):
        return True
    return isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorname in (
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
    )


def is_foreign_key_violation(error: BaseException) -> bool:
    """Tell whether `error` is a row that others still point at, or one that points nowhere."""
    if isinstance(error, asyncpg.ForeignKeyViolationError | asyncpg.RestrictViolationError):
        return True
    # SQLite enforces ON DELETE RESTRICT by a trigger of its own and reports it as one
    return (
        isinstance(error, sqlite3.IntegrityError)
        and error.sqlite_errorname in ("SQLITE_CONSTRAINT_FOREIGNKEY", "SQLITE_CONSTRAINT_TRIGGER")
        and "FOREIGN KEY" in str(error)
    )


def is_rejected(error: BaseException) -> bool:
    """Tell whether the database refused a row for what is in it: a constraint, a missing or an impossible value."""
    return isinstance(
        error,
        sqlite3.IntegrityError
        | sqlite3.DataError
        | asyncpg.IntegrityConstraintViolationError
        | asyncpg.DataError,
    )


def contains(column: Column, needle: str) -> Any:
    """Return a condition: `column` holds `needle`, without regard to case (ASCII only on SQLite)."""
    escaped = needle.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    name = f'"{column._meta.table._meta.tablename}"."{column._meta.db_column_name}"'
    return WhereRaw(f"lower({name}) LIKE {{}} ESCAPE '\\'", f"%{escaped}%")


def matches(table: str, query: str) -> Any:
    """Return a condition: the row of `table` fits the words of `query` in full-text search.

    The table has a column `search` on PostgreSQL (generated tsvector) and a companion `<table>_fts`
    on SQLite (FTS5), both over its `search_text`. The query is reduced to words, so no engine's
    operator syntax can be typed in.
    """
    words = ["".join(ch for ch in word if ch.isalnum()) for word in query.split()]
    words = [word for word in words if word][:12]
    if current_database().kind == "postgres":
        return WhereRaw(
            f'"{table}"."search" @@ to_tsquery(\'simple\', {{}})', " & ".join(f"{w}:*" for w in words)
        )
    phrase = " ".join(f'"{word}"*' for word in words)
    return WhereRaw(
        f'"{table}"."rowid" IN (SELECT rowid FROM "{table}_fts" WHERE "{table}_fts" MATCH {{}})', phrase
    )


async def next_number(name: str, count: int = 1) -> int:
    """Take `count` numbers of the tenant's counter `name` and return the first.

    The row is locked until the unit ends, so numbers are unique and have no duplicates under
    concurrent writers; a rolled-back unit gives its numbers back.
    """
    rows = await execute(
        "INSERT INTO counters (tenant_id, name, value) VALUES ({tenant}, {}, {})"
        " ON CONFLICT (tenant_id, name) DO UPDATE SET value = counters.value + excluded.value RETURNING value",
        name,
        count,
    )
    return int(rows[0]["value"]) - count + 1
