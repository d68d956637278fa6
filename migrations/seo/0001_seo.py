"""What is said of posts, terms and authors, redirects, and addresses that were asked for in vain."""

from core.db import Migration


def up(m: Migration) -> None:
    owners = {"post": "posts", "term": "terms", "user": "users"}
    keys = ",".join(
        f" FOREIGN KEY (tenant_id, {owner}_id) REFERENCES {table} (tenant_id, id) ON DELETE CASCADE"
        for owner, table in owners.items()
    )
    m.tenant_table(
        "seo_items",
        f"""
        post_id UUID,
        term_id UUID,
        user_id UUID,
        title VARCHAR(160) NOT NULL DEFAULT '',
        description VARCHAR(320) NOT NULL DEFAULT '',
        keywords VARCHAR(255) NOT NULL DEFAULT '',
        canonical VARCHAR(2000) NOT NULL DEFAULT '',
        noindex BOOLEAN NOT NULL DEFAULT FALSE,
        nofollow BOOLEAN NOT NULL DEFAULT FALSE,
        noarchive BOOLEAN NOT NULL DEFAULT FALSE,
        max_snippet INTEGER NOT NULL DEFAULT -1,
        image_preview VARCHAR(10) NOT NULL DEFAULT '' CHECK (image_preview IN ('', 'none', 'standard', 'large')),
        share_title VARCHAR(160) NOT NULL DEFAULT '',
        share_description VARCHAR(320) NOT NULL DEFAULT '',
        share_image BIGINT NOT NULL DEFAULT 0,
        updated_at TIMESTAMPTZ NOT NULL,
        CHECK ((CASE WHEN post_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN term_id IS NULL THEN 0 ELSE 1 END)
             + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) = 1),
        {keys.strip()}
        """,
    )
    for owner in owners:
        m.index(
            f"seo_items_{owner}_uq",
            "seo_items",
            f"tenant_id, {owner}_id",
            unique=True,
            where=f"{owner}_id IS NOT NULL",
        )
    m.tenant_table(
        "seo_redirects",
        """
        source VARCHAR(1000) NOT NULL,
        target VARCHAR(2000) NOT NULL DEFAULT '',
        status INTEGER NOT NULL CHECK (status IN (301, 302, 307, 308, 410)),
        origin VARCHAR(20) NOT NULL DEFAULT 'manual' CHECK (origin IN ('manual', 'import', 'moved', 'trash')),
        active BOOLEAN NOT NULL DEFAULT TRUE,
        hits BIGINT NOT NULL DEFAULT 0,
        last_hit_at TIMESTAMPTZ,
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL DEFAULT 1
        """,
    )
    m.index("seo_redirects_source_uq", "seo_redirects", "tenant_id, source", unique=True)
    m.index("seo_redirects_target", "seo_redirects", "tenant_id, target")
    m.index("seo_redirects_hits", "seo_redirects", "tenant_id, hits DESC, id DESC")
    m.tenant_table(
        "seo_missing",
        """
        path VARCHAR(500) NOT NULL,
        hits BIGINT NOT NULL DEFAULT 0,
        referrer VARCHAR(255) NOT NULL DEFAULT '',
        first_seen_at TIMESTAMPTZ NOT NULL,
        last_seen_at TIMESTAMPTZ NOT NULL
        """,
    )
    m.index("seo_missing_path_uq", "seo_missing", "tenant_id, path", unique=True)
    m.index("seo_missing_seen", "seo_missing", "tenant_id, last_seen_at DESC, id DESC")
    m.index("seo_missing_hits", "seo_missing", "tenant_id, hits DESC, id DESC")
