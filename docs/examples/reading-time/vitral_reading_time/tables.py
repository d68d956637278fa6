"""What the plugin keeps."""

from piccolo.columns import UUID, Date, Integer

from core.db import TenantTable


class FinishedReading(TenantTable, tablename="reading_time_finished"):
    """How often a post was read to the end on a day. Who read it is nobody's business, so it is not here."""

    post_id = UUID()
    day = Date()
    times = Integer(default=0)
