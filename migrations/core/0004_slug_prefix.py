"""Slugs by how they begin, for an address that was cut off."""

from core.db import Migration


def up(m: Migration) -> None:
    # byte by byte: most collations of PostgreSQL order text so that a beginning is no range
    slug = 'slug COLLATE "C"' if m.kind == "postgres" else "slug"
    m.index(
        "posts_slug_prefix",
        "posts",
        f"tenant_id, {slug}, post_type",
        where="status = 'publish' AND deleted_at IS NULL",
    )
