"""How sites look: every look that was published, the draft of the next, and the pictures of logos and icons."""

from core.db import Migration


def up(m: Migration) -> None:
    m.tenant_table(
        "look_versions",
        """
        number INTEGER NOT NULL,
        state VARCHAR(20) NOT NULL CHECK (state IN ('draft', 'published')),
        values_json TEXT NOT NULL,
        author_id UUID,
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        FOREIGN KEY (tenant_id, author_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
        """,
    )
    m.index(
        "look_versions_number_uq",
        "look_versions",
        "tenant_id, number",
        unique=True,
        where="state = 'published'",
    )
    m.index("look_versions_draft_uq", "look_versions", "tenant_id", unique=True, where="state = 'draft'")
    m.index("look_versions_author", "look_versions", "tenant_id, author_id")
    m.tenant_table(
        "look_files",
        """
        name VARCHAR(80) NOT NULL,
        mime_type VARCHAR(40) NOT NULL,
        data BYTEA NOT NULL,
        created_at TIMESTAMPTZ NOT NULL
        """,
    )
    m.index("look_files_name_uq", "look_files", "tenant_id, name", unique=True)
