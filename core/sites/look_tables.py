"""How sites look: what was published, what is being tried, and the pictures of logos and icons."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz, Varchar

from core.clock import now
from core.db import TenantTable

__all__ = ["LookFile", "LookVersion"]


class LookVersion(TenantTable, tablename="look_versions"):
    """A look that was published, or the one draft of the next."""

    number = Integer()
    """Counts what was published, from 1; 0 for the draft."""
    state = Varchar(20)
    values_json = Text()
    """A `LookSettings`."""
    author_id = UUID(null=True, default=None)
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)
    version = Integer(default=1)


class LookFile(TenantTable, tablename="look_files"):
    """A picture of a logo or an icon. Its name changes with its content, so browsers keep it for a year."""

    name = Varchar(80)
    mime_type = Varchar(40)
    data = Bytea()
    created_at = Timestamptz(default=now)
