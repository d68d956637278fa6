"""Comments, what is kept with them by name, and the threads that were closed by age."""

from core.db import Migration


def up(m: Migration) -> None:
    post_key = "FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id) ON DELETE CASCADE"
    m.tenant_table(
        "comments",
        f"""
        number BIGINT NOT NULL,
        post_id UUID NOT NULL,
        parent_id UUID,
        root_id UUID NOT NULL,
        depth INTEGER NOT NULL DEFAULT 0,
        thread_at TIMESTAMPTZ NOT NULL,
        kind VARCHAR(20) NOT NULL DEFAULT 'comment' CHECK (kind IN ('comment', 'pingback', 'trackback')),
        status VARCHAR(20) NOT NULL CHECK (status IN ('pending', 'approved', 'spam', 'trash')),
        status_before VARCHAR(20) NOT NULL DEFAULT '',
        status_at TIMESTAMPTZ NOT NULL,
        author_name VARCHAR(250) NOT NULL DEFAULT '',
        author_email VARCHAR(255) NOT NULL DEFAULT '',
        author_url VARCHAR(500) NOT NULL DEFAULT '',
        user_id UUID,
        content TEXT NOT NULL,
        search_text TEXT NOT NULL DEFAULT '',
        digest VARCHAR(64) NOT NULL DEFAULT '',
        import_key VARCHAR(700) NOT NULL DEFAULT '',
        import_parent VARCHAR(700) NOT NULL DEFAULT '',
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        {post_key},
        FOREIGN KEY (tenant_id, parent_id) REFERENCES comments (tenant_id, id),
        FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
        """,
    )
    m.index("comments_number_uq", "comments", "tenant_id, number", unique=True)
    m.index("comments_digest_uq", "comments", "tenant_id, post_id, digest", unique=True, where="digest <> ''")
    m.index("comments_import_uq", "comments", "tenant_id, import_key", unique=True, where="import_key <> ''")
    m.index("comments_import_parent", "comments", "tenant_id, import_parent", where="import_parent <> ''")
    # the thread of a post, and its count: answered from the index alone
    m.index("comments_thread", "comments", "tenant_id, post_id, status, thread_at, root_id")
    m.index("comments_root", "comments", "tenant_id, root_id")
    m.index("comments_parent", "comments", "tenant_id, parent_id")
    # the moderation screen's tabs, the feed, and the first comment of an address
    m.index("comments_status", "comments", "tenant_id, status, created_at DESC, id DESC")
    m.index("comments_created", "comments", "tenant_id, created_at DESC, id DESC")
    m.index("comments_email", "comments", "tenant_id, author_email, status")
    m.index("comments_user", "comments", "tenant_id, user_id", where="user_id IS NOT NULL")
    m.full_text("comments")
    m.tenant_table(
        "comments_meta",
        """
        comment_id UUID NOT NULL,
        meta_key VARCHAR(255) NOT NULL,
        meta_value TEXT NOT NULL DEFAULT '',
        FOREIGN KEY (tenant_id, comment_id) REFERENCES comments (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("comments_meta_comment", "comments_meta", "tenant_id, comment_id, meta_key")
    m.tenant_table(
        "comments_closed",
        f"""
        post_id UUID NOT NULL,
        published_at TIMESTAMPTZ NOT NULL,
        closed_at TIMESTAMPTZ NOT NULL,
        {post_key}
        """,
    )
    m.index("comments_closed_uq", "comments_closed", "tenant_id, post_id", unique=True)
    m.index("comments_closed_published", "comments_closed", "tenant_id, published_at")
