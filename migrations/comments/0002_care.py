"""What spam was told by, what was agreed to, an address that is sealed, and who wants to hear of answers."""

from core.db import Migration


def up(m: Migration) -> None:
    for column in (
        "spam_score INTEGER NOT NULL DEFAULT 0",
        "spam_signs TEXT NOT NULL DEFAULT ''",
        "consented_at TIMESTAMPTZ",
        "consent_id UUID",
        "address_sealed BYTEA",
    ):
        m.sql(f"ALTER TABLE comments ADD COLUMN {column}")
    m.index("comments_address", "comments", "tenant_id, created_at", where="address_sealed IS NOT NULL")
    m.index("comments_url", "comments", "tenant_id, author_url", where="status = 'spam' AND author_url <> ''")
    m.tenant_table(
        "comments_consents",
        """
        digest VARCHAR(64) NOT NULL,
        wording TEXT NOT NULL,
        created_at TIMESTAMPTZ NOT NULL
        """,
    )
    m.index("comments_consents_uq", "comments_consents", "tenant_id, digest", unique=True)
    m.tenant_table(
        "comments_followers",
        """
        comment_id UUID NOT NULL,
        email VARCHAR(255) NOT NULL,
        language VARCHAR(20) NOT NULL DEFAULT '',
        asked_at TIMESTAMPTZ,
        confirmed_at TIMESTAMPTZ,
        created_at TIMESTAMPTZ NOT NULL,
        FOREIGN KEY (tenant_id, comment_id) REFERENCES comments (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("comments_followers_uq", "comments_followers", "tenant_id, comment_id", unique=True)
    m.index("comments_followers_email", "comments_followers", "tenant_id, email")
