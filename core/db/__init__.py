"""Engines, units of work, table bases and migrations. Traps T5 to T9 are closed here."""

from core.db.engine import install_piccolo

install_piccolo()

from core.db.catalogue import check_catalogue, check_tables  # noqa: E402  # after Piccolo knows its engine
from core.db.columns import LegalBasis, Personal, SealedText, personal, personal_columns  # noqa: E402  # as above
from core.db.ddl import Migration  # noqa: E402  # as above
from core.db.engine import Database, EngineKind, Row, current_database, use_database  # noqa: E402  # as above
from core.db.helpers import (  # noqa: E402  # as above
    contains,
    is_foreign_key_violation,
    is_rejected,
    is_unique_violation,
    matches,
    next_number,
)
from core.db.later import at_commit, tally  # noqa: E402  # as above
from core.db.migrate import MigrationFile, Source, migrate, pending  # noqa: E402  # as above
from core.db.postgres import PostgresDatabase  # noqa: E402  # as above
from core.db.roles import initialise_server  # noqa: E402  # as above
from core.db.rows import TableColumn, delete_tenant_rows, tenant_columns, tenant_table_names  # noqa: E402  # as above
from core.db.sqlite import SqliteDatabase  # noqa: E402  # as above
from core.db.tables import PlatformTable, TenantTable, all_tables, execute, platform_execute  # noqa: E402  # as above
from core.db.work import (  # noqa: E402  # as above
    OutsideUnit,
    ReadScope,
    Work,
    current_work,
    maybe_work,
    platform_read,
    platform_work,
    savepoint,
    tenant_read,
    tenant_work,
    unit_tenant,
)

__all__ = [
    "Database",
    "EngineKind",
    "LegalBasis",
    "Migration",
    "MigrationFile",
    "OutsideUnit",
    "Personal",
    "PlatformTable",
    "PostgresDatabase",
    "ReadScope",
    "Row",
    "SealedText",
    "Source",
    "SqliteDatabase",
    "TableColumn",
    "TenantTable",
    "Work",
    "all_tables",
    "at_commit",
    "check_catalogue",
    "check_tables",
    "contains",
    "current_database",
    "current_work",
    "delete_tenant_rows",
    "execute",
    "initialise_server",
    "is_foreign_key_violation",
    "is_rejected",
    "is_unique_violation",
    "matches",
    "maybe_work",
    "migrate",
    "next_number",
    "pending",
    "personal",
    "personal_columns",
    "platform_execute",
    "platform_read",
    "platform_work",
    "savepoint",
    "tally",
    "tenant_columns",
    "tenant_read",
    "tenant_table_names",
    "tenant_work",
    "unit_tenant",
    "use_database",
]
