"""What is published: posts of every type, terms, meta, revisions, media, and what is kept about them."""

from core.db import Migration


def up(m: Migration) -> None:
    _posts(m)
    _post_parts(m)
    _terms(m)
    _media(m)
    _checks(m)
    _imports(m)


def _posts(m: Migration) -> None:
    m.tenant_table(
        "posts",
        """
        number BIGINT NOT NULL,
        post_type VARCHAR(30) NOT NULL DEFAULT 'post',
        status VARCHAR(20) NOT NULL DEFAULT 'draft'
            CHECK (status IN ('draft', 'pending', 'future', 'publish', 'private', 'trash')),
        status_before VARCHAR(20) NOT NULL DEFAULT '',
        title TEXT NOT NULL DEFAULT '',
        slug VARCHAR(255),
        path VARCHAR(1000) NOT NULL DEFAULT '',
        content TEXT NOT NULL DEFAULT '',
        content_format VARCHAR(20) NOT NULL DEFAULT 'html',
        excerpt TEXT NOT NULL DEFAULT '',
        summary TEXT NOT NULL DEFAULT '',
        has_more BOOLEAN NOT NULL DEFAULT FALSE,
        author_id UUID NOT NULL,
        last_editor_id UUID,
        parent_id UUID,
        menu_order INTEGER NOT NULL DEFAULT 0,
        template VARCHAR(100) NOT NULL DEFAULT '',
        post_format VARCHAR(20) NOT NULL DEFAULT 'standard',
        comment_status VARCHAR(10) NOT NULL DEFAULT 'open' CHECK (comment_status IN ('open', 'closed')),
        ping_status VARCHAR(10) NOT NULL DEFAULT 'closed' CHECK (ping_status IN ('open', 'closed')),
        password_sealed BYTEA,
        is_sticky BOOLEAN NOT NULL DEFAULT FALSE,
        featured_media_id UUID,
        guid VARCHAR(500) NOT NULL DEFAULT '',
        published_at TIMESTAMPTZ,
        scheduled_at TIMESTAMPTZ,
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        search_text TEXT NOT NULL DEFAULT '',
        deleted_at TIMESTAMPTZ,
        deleted_by UUID,
        FOREIGN KEY (tenant_id, author_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
        FOREIGN KEY (tenant_id, last_editor_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
        FOREIGN KEY (tenant_id, parent_id) REFERENCES posts (tenant_id, id)
        """,
    )
    m.index("posts_number_uq", "posts", "tenant_id, number", unique=True)
    m.index(
        "posts_slug_uq",
        "posts",
        "tenant_id, post_type, coalesce(CAST(parent_id AS TEXT), ''), slug",
        unique=True,
        where="slug IS NOT NULL AND status <> 'trash'",
    )
    m.index("posts_slug", "posts", "tenant_id, slug, post_type")
    m.index("posts_path", "posts", "tenant_id, path, post_type")
    m.index(
        "posts_published",
        "posts",
        "tenant_id, post_type, published_at DESC, id DESC",
        where="status = 'publish' AND deleted_at IS NULL",
    )
    m.index("posts_tenant_status", "posts", "tenant_id, status, published_at DESC")
    m.index("posts_author", "posts", "tenant_id, author_id, post_type, published_at DESC")
    m.index("posts_parent", "posts", "tenant_id, parent_id, menu_order")
    m.index("posts_updated", "posts", "tenant_id, post_type, updated_at DESC, id DESC")
    m.index(
        "posts_sticky",
        "posts",
        "tenant_id, post_type, published_at DESC",
        where="is_sticky AND status = 'publish'",
    )
    m.index("posts_featured", "posts", "tenant_id, featured_media_id", where="featured_media_id IS NOT NULL")
    m.index("posts_due", "posts", "tenant_id, scheduled_at", where="status = 'future'")
    m.index("posts_purge", "posts", "tenant_id, deleted_at", where="deleted_at IS NOT NULL")
    m.full_text("posts")


def _post_parts(m: Migration) -> None:
    post_key = "FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id) ON DELETE CASCADE"
    m.tenant_table(
        "post_meta",
        f"""
        post_id UUID NOT NULL,
        meta_key VARCHAR(255) NOT NULL,
        meta_value TEXT NOT NULL DEFAULT '',
        {post_key}
        """,
    )
    m.index("post_meta_post", "post_meta", "tenant_id, post_id, meta_key")
    m.index("post_meta_key", "post_meta", "tenant_id, meta_key")
    m.tenant_table(
        "post_revisions",
        f"""
        post_id UUID NOT NULL,
        number INTEGER NOT NULL,
        author_id UUID,
        kind VARCHAR(20) NOT NULL DEFAULT 'save' CHECK (kind IN ('save', 'autosave', 'restore', 'import')),
        title TEXT NOT NULL,
        content TEXT NOT NULL,
        content_format VARCHAR(20) NOT NULL,
        excerpt TEXT NOT NULL,
        ext JSONB NOT NULL DEFAULT '{{}}',
        digest VARCHAR(64) NOT NULL,
        created_at TIMESTAMPTZ NOT NULL,
        {post_key},
        FOREIGN KEY (tenant_id, author_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
        """,
    )
    m.index("post_revisions_uq", "post_revisions", "tenant_id, post_id, number", unique=True)
    m.tenant_table(
        "old_slugs",
        f"""
        post_id UUID NOT NULL,
        post_type VARCHAR(30) NOT NULL,
        slug VARCHAR(255) NOT NULL,
        path VARCHAR(1000) NOT NULL DEFAULT '',
        created_at TIMESTAMPTZ NOT NULL,
        {post_key}
        """,
    )
    m.index("old_slugs_slug", "old_slugs", "tenant_id, slug, post_type")
    m.index("old_slugs_path", "old_slugs", "tenant_id, path")
    m.index("old_slugs_post", "old_slugs", "tenant_id, post_id")


def _terms(m: Migration) -> None:
    m.tenant_table(
        "terms",
        """
        number BIGINT NOT NULL,
        taxonomy VARCHAR(32) NOT NULL,
        name VARCHAR(200) NOT NULL,
        slug VARCHAR(200) NOT NULL,
        path VARCHAR(1000) NOT NULL DEFAULT '',
        description TEXT NOT NULL DEFAULT '',
        parent_id UUID,
        level INTEGER NOT NULL DEFAULT 0,
        count INTEGER NOT NULL DEFAULT 0,
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        FOREIGN KEY (tenant_id, parent_id) REFERENCES terms (tenant_id, id)
        """,
    )
    m.index("terms_slug_uq", "terms", "tenant_id, taxonomy, slug", unique=True)
    m.index("terms_number_uq", "terms", "tenant_id, number", unique=True)
    m.index("terms_parent", "terms", "tenant_id, parent_id")
    m.index("terms_name", "terms", "tenant_id, taxonomy, name")
    m.tenant_table(
        "term_meta",
        """
        term_id UUID NOT NULL,
        meta_key VARCHAR(255) NOT NULL,
        meta_value TEXT NOT NULL DEFAULT '',
        FOREIGN KEY (tenant_id, term_id) REFERENCES terms (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("term_meta_term", "term_meta", "tenant_id, term_id, meta_key")
    m.tenant_table(
        "post_terms",
        """
        post_id UUID NOT NULL,
        term_id UUID NOT NULL,
        position INTEGER NOT NULL DEFAULT 0,
        FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id) ON DELETE CASCADE,
        FOREIGN KEY (tenant_id, term_id) REFERENCES terms (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("post_terms_uq", "post_terms", "tenant_id, post_id, term_id", unique=True)
    m.index("post_terms_term", "post_terms", "tenant_id, term_id, post_id")


def _media(m: Migration) -> None:
    m.tenant_table(
        "media",
        """
        number BIGINT NOT NULL,
        title VARCHAR(255) NOT NULL DEFAULT '',
        slug VARCHAR(255) NOT NULL DEFAULT '',
        filename VARCHAR(255) NOT NULL DEFAULT '',
        original_filename VARCHAR(255) NOT NULL DEFAULT '',
        mime_type VARCHAR(100) NOT NULL DEFAULT '',
        file_size BIGINT NOT NULL DEFAULT 0,
        file_path VARCHAR(500) NOT NULL DEFAULT '',
        source_url VARCHAR(1000) NOT NULL DEFAULT '',
        digest VARCHAR(64) NOT NULL DEFAULT '',
        width INTEGER,
        height INTEGER,
        alt_text VARCHAR(500) NOT NULL DEFAULT '',
        caption TEXT NOT NULL DEFAULT '',
        description TEXT NOT NULL DEFAULT '',
        attachment_type VARCHAR(20) NOT NULL DEFAULT 'document'
            CHECK (attachment_type IN ('image', 'video', 'audio', 'document')),
        access_level VARCHAR(20) NOT NULL DEFAULT 'public',
        post_id UUID,
        uploaded_by_id UUID NOT NULL,
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        FOREIGN KEY (tenant_id, uploaded_by_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
        """,
    )
    m.index("media_number_uq", "media", "tenant_id, number", unique=True)
    m.index("media_created", "media", "tenant_id, created_at DESC, id DESC")
    m.index("media_post", "media", "tenant_id, post_id")
    m.index("media_mime", "media", "tenant_id, mime_type")
    m.index("media_type", "media", "tenant_id, attachment_type")
    m.index("media_uploader", "media", "tenant_id, uploaded_by_id")
    m.index("media_path_uq", "media", "tenant_id, file_path", unique=True, where="file_path <> ''")


def _checks(m: Migration) -> None:
    post_key = "FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id) ON DELETE CASCADE"
    m.tenant_table(
        "post_findings",
        f"""
        post_id UUID NOT NULL,
        digest VARCHAR(64) NOT NULL,
        rules VARCHAR(64) NOT NULL,
        findings JSONB NOT NULL,
        complete BOOLEAN NOT NULL DEFAULT TRUE,
        created_at TIMESTAMPTZ NOT NULL,
        {post_key}
        """,
    )
    m.index("post_findings_uq", "post_findings", "tenant_id, post_id, digest, rules", unique=True)
    m.tenant_table(
        "finding_overrides",
        f"""
        post_id UUID NOT NULL,
        rule VARCHAR(100) NOT NULL,
        digest VARCHAR(64) NOT NULL,
        reason TEXT NOT NULL,
        user_id UUID NOT NULL,
        created_at TIMESTAMPTZ NOT NULL,
        {post_key},
        FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
        """,
    )
    m.index("finding_overrides_uq", "finding_overrides", "tenant_id, post_id, digest, rule", unique=True)
    m.tenant_table(
        "dashboard_stats",
        """
        name VARCHAR(100) NOT NULL,
        value BIGINT NOT NULL DEFAULT 0,
        updated_at TIMESTAMPTZ NOT NULL,
        PRIMARY KEY (tenant_id, name)
        """,
        key="",
    )


def _imports(m: Migration) -> None:
    m.tenant_table(
        "import_items",
        """
        source VARCHAR(255) NOT NULL,
        kind VARCHAR(60) NOT NULL,
        identity VARCHAR(700) NOT NULL,
        state VARCHAR(20) NOT NULL CHECK (state IN ('done', 'kept', 'skipped')),
        object_id UUID,
        handler VARCHAR(60) NOT NULL DEFAULT 'core',
        raw JSONB NOT NULL DEFAULT '{}',
        created_at TIMESTAMPTZ NOT NULL
        """,
    )
    m.index("import_items_uq", "import_items", "tenant_id, source, kind, identity", unique=True)
    m.index("import_items_kept", "import_items", "tenant_id, kind", where="state = 'kept'")
