"""The table classes and the migration say the same, and personal columns are marked."""

from core.accounts import tables
from core.db import TenantTable, check_catalogue, check_tables, personal_columns
from core.mail.tables import OutboxMessage

OURS = [
    value for value in vars(tables).values() if isinstance(value, type) and issubclass(value, TenantTable)
]


async def test_classes_and_schema_agree(database):
    names = {table._meta.tablename for table in (*OURS, OutboxMessage) if table is not TenantTable}
    wrong = [problem for problem in await check_tables(database, {"core"}) if problem.split(":")[0] in names]
    assert wrong == []
    assert all(table.owner == "core" for table in OURS)


async def test_both_walls_stand(database):
    assert await check_catalogue(database) == []


def test_what_is_personal_is_marked():
    marked = {
        (table._meta.tablename, column._meta.name): mark
        for table in (*OURS, OutboxMessage)
        for column, mark in personal_columns(table._meta.columns)
    }
    for wanted in (
        ("users", "email"),
        ("users", "username"),
        ("users", "display_name"),
        ("users", "first_name"),
        ("users", "last_name"),
        ("users", "bio"),
        ("users", "url"),
        ("users", "last_login_at"),
        ("user_meta", "meta_value"),
        ("sessions", "network"),
        ("sessions", "agent"),
        ("one_time_tokens", "email"),
        ("outbox", "recipient"),
    ):
        assert wanted in marked
    assert all(mark.purpose and mark.retention for mark in marked.values())
