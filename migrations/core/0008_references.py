"""What posts show of elsewhere, and what providers of embeds said."""

from core.db import Migration


def up(m: Migration) -> None:
    m.tenant_table(
        "post_references",
        """
        post_id UUID NOT NULL,
        kind VARCHAR(20) NOT NULL CHECK (kind IN ('media', 'pattern', 'embed', 'shortcode')),
        ref_key VARCHAR(64) NOT NULL,
        FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("post_references_uq", "post_references", "tenant_id, post_id, kind, ref_key", unique=True)
    m.index("post_references_key", "post_references", "tenant_id, kind, ref_key")
    m.tenant_table(
        "embeds",
        """
        digest VARCHAR(64) NOT NULL,
        url VARCHAR(2000) NOT NULL,
        provider VARCHAR(50) NOT NULL,
        title VARCHAR(300) NOT NULL DEFAULT '',
        author VARCHAR(300) NOT NULL DEFAULT '',
        frame_url VARCHAR(2000) NOT NULL,
        thumbnail_url VARCHAR(2000) NOT NULL DEFAULT '',
        width INTEGER NOT NULL DEFAULT 0,
        height INTEGER NOT NULL DEFAULT 0,
        fetched_at TIMESTAMPTZ NOT NULL
        """,
    )
    m.index("embeds_uq", "embeds", "tenant_id, digest", unique=True)
