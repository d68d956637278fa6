"""What a migration can say. One text serves both engines wherever they agree.

SQLite takes any type name, so columns are written in PostgreSQL's words (`UUID`, `TIMESTAMPTZ`,
`VARCHAR(n)`, `BOOLEAN`, `JSONB`, `BYTEA`, `BIGINT`); Piccolo's converters go by those names.
"""

import textwrap
from typing import Any

from core.db.engine import Connection, EngineKind

__all__ = ["Migration"]

_POLICY = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"


class Migration:
    """Collects the statements of one step and runs them in order."""

    def __init__(self, kind: EngineKind, connection: Connection, owner: str) -> None:
        self.kind = kind
        self.owner = owner
        self._connection = connection
        self._statements: list[str] = []

    def sql(self, both: str = "", *, postgres: str = "", sqlite: str = "") -> None:
        """Add a statement for both engines, or one for each; an empty text adds nothing."""
        text = (postgres if self.kind == "postgres" else sqlite) or both
        if text:
            self._statements.append(textwrap.dedent(text).strip())

    def platform_table(self, name: str, columns: str) -> None:
        """Create a table of the installation. `id UUID PRIMARY KEY` is added in front.

        The runtime role may read and write rows; it owns nothing.
        """
        self.sql(f"CREATE TABLE {name} (id UUID PRIMARY KEY, {columns.strip().rstrip(',')})")
        self._grant(name)

    def tenant_table(self, name: str, columns: str, *, key: str = "id UUID PRIMARY KEY") -> None:
        """Create a tenant's table, with `id` and `tenant_id` in front and both walls up.

        `UNIQUE (tenant_id, id)` is what other tables' foreign keys refer to, so that no row can
        point at another tenant's. On PostgreSQL row-level security is enabled, not forced: the
        owner migrates, the runtime role is bound.
        """
        self.sql(
            f"CREATE TABLE {name} ({key + ',' if key else ''}"
            " tenant_id UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,"
            f" {columns.strip().rstrip(',')}{', UNIQUE (tenant_id, id)' if key else ''})"
        )
        self.sql(postgres=f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        self.sql(
            postgres=f"CREATE POLICY tenant_isolation ON {name} FOR ALL TO vitral_app"
            f" USING ({_POLICY}) WITH CHECK ({_POLICY})"
        )
        self._grant(name)

    def index(self, name: str, table: str, columns: str, *, unique: bool = False, where: str = "") -> None:
        """Create an index; `columns` as SQL, `where` makes it partial."""
        kind = "UNIQUE INDEX" if unique else "INDEX"
        self.sql(f"CREATE {kind} {name} ON {table} ({columns})" + (f" WHERE {where}" if where else ""))

    def full_text(self, table: str) -> None:
        """Index the table's `search_text`: a tsvector with GIN, or an FTS5 companion kept by triggers."""
        self.sql(
            postgres=f"ALTER TABLE {table} ADD COLUMN search tsvector"
            " GENERATED ALWAYS AS (to_tsvector('simple', search_text)) STORED"
        )
        self.sql(postgres=f"CREATE INDEX {table}_search ON {table} USING gin (search)")
        self.sql(sqlite=f"CREATE VIRTUAL TABLE {table}_fts USING fts5(search_text, content='{table}')")
        insert = f"INSERT INTO {table}_fts (rowid, search_text) VALUES (new.rowid, new.search_text)"
        remove = f"INSERT INTO {table}_fts ({table}_fts, rowid, search_text) VALUES ('delete', old.rowid, old.search_text)"
        for event, body in (
            ("INSERT", insert),
            ("DELETE", remove),
            ("UPDATE OF search_text", f"{remove}; {insert}"),
        ):
            name = f"{table}_fts_{event.split()[0].lower()}"
            self.sql(sqlite=f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body}; END")

    def _grant(self, name: str) -> None:
        self.sql(postgres=f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO vitral_app")
        self.sql(postgres=f"GRANT SELECT ON {name} TO vitral_backup")

    async def fetch(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        """Run a query now, in the step's transaction; for `async def up`."""
        await self.run()
        return await self._connection.fetch(sql, args)

    async def run(self) -> None:
        """Run what was collected."""
        statements, self._statements = self._statements, []
        for statement in statements:
            await self._connection.script(statement)
