"""What is found by words: one document for each published post, and what the index was made by."""

from core.db import Migration

_COLUMNS = ("title_words", "topic_words", "body_words", "keys")


def up(m: Migration) -> None:
    m.tenant_table(
        "search_documents",
        """
        post_id UUID NOT NULL,
        published_at TIMESTAMPTZ NOT NULL,
        body TEXT NOT NULL DEFAULT '',
        title_words TEXT NOT NULL DEFAULT '',
        topic_words TEXT NOT NULL DEFAULT '',
        body_words TEXT NOT NULL DEFAULT '',
        keys TEXT NOT NULL,
        FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("search_documents_uq", "search_documents", "tenant_id, post_id", unique=True)
    m.index("search_documents_newest", "search_documents", "tenant_id, published_at DESC, post_id DESC")
    m.sql(
        postgres="ALTER TABLE search_documents ADD COLUMN vector tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('simple', title_words), 'A') || setweight(to_tsvector('simple', topic_words), 'B')"
        " || to_tsvector('simple', body_words) || array_to_tsvector(string_to_array(keys, ' '))) STORED"
    )
    m.sql(postgres="CREATE INDEX search_documents_vector ON search_documents USING gin (vector)")
    _companion(m)
    m.tenant_table(
        "search_indexes",
        """
        language VARCHAR(20) NOT NULL,
        edition INTEGER NOT NULL,
        finished_at TIMESTAMPTZ NOT NULL
        """,
    )
    m.index("search_indexes_uq", "search_indexes", "tenant_id", unique=True)


def _companion(m: Migration) -> None:
    """Keep an FTS5 table beside the documents on SQLite."""
    names = ", ".join(_COLUMNS)
    m.sql(
        sqlite=f"CREATE VIRTUAL TABLE search_documents_fts USING fts5({names}, content='search_documents',"
        " tokenize='unicode61 remove_diacritics 0')"
    )
    new, old = (", ".join(f"{row}.{name}" for name in _COLUMNS) for row in ("new", "old"))
    insert = f"INSERT INTO search_documents_fts (rowid, {names}) VALUES (new.rowid, {new})"  # noqa: S608  # names of ours
    remove = f"INSERT INTO search_documents_fts (search_documents_fts, rowid, {names}) VALUES ('delete', old.rowid, {old})"  # noqa: S608  # names of ours
    for event, body in (("INSERT", insert), ("DELETE", remove), ("UPDATE", f"{remove}; {insert}")):
        m.sql(
            sqlite=f"CREATE TRIGGER search_documents_fts_{event.lower()} AFTER {event} ON search_documents"
            f" BEGIN {body}; END"
        )
