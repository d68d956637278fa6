"""Engines, units of work, table bases and migrations. Traps T5 to T9 are closed here."""

from core.db.catalogue import check_catalogue, check_tables
from core.db.columns import LegalBasis, Personal, SealedText, personal, personal_columns
from core.db.ddl import Migration
from core.db.engine import Database, EngineKind, Row, current_database, use_database
from core.db.helpers import (
    contains,
    is_foreign_key_violation,
    is_rejected,
    is_unique_violation,
    matches,
    next_number,
)
from core.db.later import at_commit, tally
from core.db.migrate import MigrationFile, Source, migrate, pending
from core.db.postgres import PostgresDatabase
from core.db.roles import initialise_server
from core.db.rows import TableColumn, delete_tenant_rows, tenant_columns, tenant_table_names
from core.db.sqlite import SqliteDatabase
from core.db.tables import PlatformTable, TenantTable, all_tables, execute, platform_execute
from core.db.work import (
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
