"""What is found by words, and what the index was made by."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from core.db import TenantTable

__all__ = ["Document", "Index"]


class Document(TenantTable, tablename="search_documents"):
    """A published post as the index knows it. Public things only: whoever searches may read what is here."""

    post_id = UUID()
    published_at = Timestamptz()
    body = Text(default="")
    """Plain text, to show what fits."""
    title_words = Text(default="")
    """Stems, as `words.stems_of` makes them; so are the next two."""
    topic_words = Text(default="")
    """Of its terms and its summary."""
    body_words = Text(default="")
    keys = Text()
    """What it is narrowed by: site, type, author and terms, one token each; see `words.key`."""


class Index(TenantTable, tablename="search_indexes"):
    """What a site's index was made by; one row, none while it is being made."""

    language = Varchar(20)
    """Whose stems it is made of."""
    edition = Integer()
    """`documents.EDITION` that it was made by."""
    finished_at = Timestamptz()
    """When every post was in it."""
