"""How often posts were read to the end, by day."""

from core.db import Migration


def up(m: Migration) -> None:
    m.tenant_table(
        "reading_time_finished",
        """
        post_id UUID NOT NULL,
        day DATE NOT NULL,
        times INTEGER NOT NULL DEFAULT 0,
        FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("reading_time_finished_uq", "reading_time_finished", "tenant_id, post_id, day", unique=True)
