from core.db import Migration


def up(m: Migration) -> None:
    m.tenant_table("diary_pages", "number BIGINT NOT NULL, words BYTEA")
    m.index("diary_pages_number_uq", "diary_pages", "tenant_id, number", unique=True)
