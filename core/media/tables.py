"""Files of the library. Their bytes lie below the installation's `var/media`, named at random."""

from piccolo.columns import UUID, BigInt, Integer, Text, Timestamptz, Varchar

from core.clock import now
from core.db import TenantTable

__all__ = ["Media"]


class Media(TenantTable, tablename="media"):
    """A file, or the address of one that lies elsewhere."""

    number = BigInt()
    title = Varchar(255, default="")
    slug = Varchar(255, default="")
    filename = Varchar(255, default="")
    """The last part of its address."""
    original_filename = Varchar(255, default="")
    """What it was called where it came from. Shown to editors only."""
    mime_type = Varchar(100, default="")
    file_size = BigInt(default=0)
    file_path = Varchar(500, default="")
    """Below the site's folder; "" for a file that lies elsewhere."""
    source_url = Varchar(1000, default="")
    digest = Varchar(64, default="")
    """SHA-256 of the bytes."""
    width = Integer(null=True, default=None)
    height = Integer(null=True, default=None)
    alt_text = Varchar(500, default="")
    caption = Text(default="")
    description = Text(default="")
    attachment_type = Varchar(20, default="document")
    access_level = Varchar(20, default="public")
    post_id = UUID(null=True, default=None)
    uploaded_by_id = UUID()
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)
    version = Integer(default=1)
