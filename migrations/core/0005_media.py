"""What the library keeps of a file beside its bytes: how it is shown, its sizes, the words to find it by."""

from typing import Any

from core.db import Migration
from core.text import search_text

_WORDS = ("title", "original_filename", "alt_text", "caption", "description")
_BATCH = 500


async def up(m: Migration) -> None:
    for column in (
        "decorative BOOLEAN NOT NULL DEFAULT FALSE",
        "focal_x INTEGER NOT NULL DEFAULT 50 CHECK (focal_x BETWEEN 0 AND 100)",
        "focal_y INTEGER NOT NULL DEFAULT 50 CHECK (focal_y BETWEEN 0 AND 100)",
        "whole_path VARCHAR(500) NOT NULL DEFAULT ''",
        "whole_bytes BIGINT NOT NULL DEFAULT 0",
        "preview_path VARCHAR(500) NOT NULL DEFAULT ''",
        "crop VARCHAR(100) NOT NULL DEFAULT ''",
        "renditions TEXT NOT NULL DEFAULT ''",
        "processing VARCHAR(20) NOT NULL DEFAULT 'done' CHECK (processing IN ('waiting', 'done', 'failed'))",
        "stored_bytes BIGINT NOT NULL DEFAULT 0",
        "intake VARCHAR(60) NOT NULL DEFAULT ''",
        "encryption_status VARCHAR(20) NOT NULL DEFAULT 'none' CHECK (encryption_status IN ('none', 'sealed'))",
        "search_text TEXT NOT NULL DEFAULT ''",
    ):
        m.sql(f"ALTER TABLE media ADD COLUMN {column}")
    m.sql(
        "UPDATE media SET stored_bytes = file_size, processing = CASE"
        " WHEN attachment_type = 'image' AND file_path <> '' THEN 'waiting' ELSE 'done' END"
    )
    await _words(m)
    m.full_text("media")
    m.sql(sqlite="INSERT INTO media_fts (media_fts) VALUES ('rebuild')")
    m.sql("DROP INDEX media_type")
    m.index("media_type", "media", "tenant_id, attachment_type, created_at DESC, id DESC")
    m.index("media_title", "media", "tenant_id, title, id")
    m.index("media_waiting", "media", "tenant_id, id", where="processing = 'waiting'")
    m.tenant_table(
        "media_uses",
        """
        post_id UUID NOT NULL,
        media_number BIGINT NOT NULL,
        FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("media_uses_uq", "media_uses", "tenant_id, media_number, post_id", unique=True)
    m.index("media_uses_post", "media_uses", "tenant_id, post_id")
    m.sql("ALTER TABLE tenants ADD COLUMN media_quota BIGINT")
    # what is stored, by site, so that a quota never has to be counted
    m.sql(
        "INSERT INTO dashboard_stats (tenant_id, name, value, updated_at)"
        " SELECT tenant_id, 'media.bytes', sum(stored_bytes), max(updated_at) FROM media GROUP BY tenant_id"
    )


async def _words(m: Migration) -> None:
    columns = ", ".join(_WORDS)
    one, two = ("?", "?") if m.kind == "sqlite" else ("$1", "$2")
    last = ""
    while True:
        rows: list[dict[str, Any]] = await m.fetch(
            f"SELECT CAST(id AS TEXT) AS id, {columns} FROM media WHERE CAST(id AS TEXT) > {one}"  # noqa: S608  # names that stand above
            f" ORDER BY CAST(id AS TEXT) LIMIT {_BATCH}",
            last,
        )
        for row in rows:
            await m.fetch(
                f"UPDATE media SET search_text = {one} WHERE CAST(id AS TEXT) = {two}",  # noqa: S608  # placeholders only
                search_text(*(row[name] for name in _WORDS)),
                row["id"],
            )
        if len(rows) < _BATCH:
            return
        last = rows[-1]["id"]
