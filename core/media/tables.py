"""Files of the library. Their bytes lie below the installation's `var/media`, named at random."""

from piccolo.columns import UUID, BigInt, Boolean, Integer, Text, Timestamptz, Varchar

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
    decorative = Boolean(default=False)
    """It says nothing that the text beside it does not: readers of screens pass over it."""
    focal_x = Integer(default=50)
    """What must stay in sight when a picture is cropped: percent from the left, and below from the top."""
    focal_y = Integer(default=50)
    whole_path = Varchar(500, default="")
    """The picture before it was cropped; "" if it was not."""
    whole_bytes = BigInt(default=0)
    preview_path = Varchar(500, default="")
    """A picture that stands for it, which an intake made; its renditions are this one's."""
    crop = Varchar(100, default="")
    """JSON: left, top, width and height of what is shown, in pixels of the whole; "" for all of it."""
    renditions = Text(default="")
    """JSON of `core.media.renditions.Renditions`; "" while there are none."""
    processing = Varchar(20, default="done")
    """waiting, done or failed: whether its renditions are made."""
    stored_bytes = BigInt(default=0)
    """What all its files take, renditions and what it was before cropping included."""
    intake = Varchar(60, default="")
    """Name of the plugin's intake that took it; "" for the core's own kinds."""
    encryption_status = Varchar(20, default="none")
    """none, or sealed: the site's cipher opens it."""
    search_text = Text(default="")
    caption = Text(default="")
    description = Text(default="")
    attachment_type = Varchar(20, default="document")
    access_level = Varchar(20, default="public")
    post_id = UUID(null=True, default=None)
    uploaded_by_id = UUID()
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)
    version = Integer(default=1)
