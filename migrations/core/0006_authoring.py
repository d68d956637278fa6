"""While a text is written: unsaved copies, who is at it, links to look at it, and when it goes off the site."""

from core.db import Migration

_POST = "FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id) ON DELETE CASCADE"
_USER = "FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT"


def up(m: Migration) -> None:
    m.sql("ALTER TABLE posts ADD COLUMN unpublish_at TIMESTAMPTZ")
    m.sql(
        "ALTER TABLE posts ADD COLUMN unpublish_to VARCHAR(20) NOT NULL DEFAULT 'draft'"
        " CHECK (unpublish_to IN ('draft', 'private'))"
    )
    m.index("posts_unpublish", "posts", "tenant_id, unpublish_at", where="unpublish_at IS NOT NULL")
    m.tenant_table(
        "post_autosaves",
        f"""
        user_id UUID NOT NULL,
        place VARCHAR(80) NOT NULL,
        post_id UUID,
        post_type VARCHAR(30) NOT NULL,
        writer VARCHAR(40) NOT NULL DEFAULT '',
        base_version INTEGER,
        title TEXT NOT NULL,
        content TEXT NOT NULL,
        content_format VARCHAR(20) NOT NULL,
        excerpt TEXT NOT NULL,
        fields TEXT NOT NULL,
        choices TEXT NOT NULL,
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        {_POST},
        {_USER}
        """,
    )
    m.index("post_autosaves_uq", "post_autosaves", "tenant_id, user_id, place", unique=True)
    m.index("post_autosaves_post", "post_autosaves", "tenant_id, post_id")
    m.index("post_autosaves_old", "post_autosaves", "tenant_id, updated_at")
    m.tenant_table(
        "post_locks",
        f"""
        post_id UUID NOT NULL,
        user_id UUID NOT NULL,
        holder VARCHAR(40) NOT NULL,
        taken_at TIMESTAMPTZ NOT NULL,
        beat_at TIMESTAMPTZ NOT NULL,
        {_POST},
        {_USER}
        """,
    )
    m.index("post_locks_uq", "post_locks", "tenant_id, post_id", unique=True)
    m.index("post_locks_user", "post_locks", "tenant_id, user_id")
    m.tenant_table(
        "preview_links",
        f"""
        post_id UUID NOT NULL,
        token_hash BYTEA NOT NULL,
        note VARCHAR(200) NOT NULL DEFAULT '',
        user_id UUID,
        created_at TIMESTAMPTZ NOT NULL,
        expires_at TIMESTAMPTZ NOT NULL,
        revoked_at TIMESTAMPTZ,
        seen_at TIMESTAMPTZ,
        views INTEGER NOT NULL DEFAULT 0,
        {_POST},
        {_USER}
        """,
    )
    m.index("preview_links_uq", "preview_links", "tenant_id, token_hash", unique=True)
    m.index("preview_links_post", "preview_links", "tenant_id, post_id, created_at")
