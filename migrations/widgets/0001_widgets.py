"""Widgets of each site, in the regions of its theme."""

from core.db import Migration


def up(m: Migration) -> None:
    m.tenant_table(
        "widgets_placed",
        """
        number BIGINT NOT NULL,
        region VARCHAR(60) NOT NULL DEFAULT '',
        position INTEGER NOT NULL DEFAULT 0,
        type VARCHAR(60) NOT NULL,
        title VARCHAR(200) NOT NULL DEFAULT '',
        show_title BOOLEAN NOT NULL DEFAULT TRUE,
        settings TEXT NOT NULL DEFAULT '{}',
        visibility TEXT NOT NULL DEFAULT '{}',
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL DEFAULT 1
        """,
    )
    m.index("widgets_placed_number_uq", "widgets_placed", "tenant_id, number", unique=True)
    m.index("widgets_placed_order", "widgets_placed", "tenant_id, region, position, number")
