"""What a site has placed in the regions of its theme."""

from piccolo.columns import BigInt, Boolean, Integer, Text, Timestamptz, Varchar

from core.clock import now
from core.db import TenantTable

__all__ = ["PlacedWidget"]


class PlacedWidget(TenantTable, tablename="widgets_placed"):
    """One widget. It stays where it is whatever theme the site wears, and whether its plugin is on."""

    number = BigInt()
    region = Varchar(60, default="")
    """Name of a region, which other themes may not have; "" while it is kept aside."""
    position = Integer(default=0)
    """Order in the region; of equal ones the lower number comes first."""
    type = Varchar(60)
    """Name of its `WidgetType`, which is gone while the plugin that brings it is off."""
    title = Varchar(200, default="")
    """Above it; "" for that of its type."""
    show_title = Boolean(default=True)
    settings = Text(default="{}")
    """JSON, as the type's Struct has it."""
    visibility = Text(default="{}")
    """JSON of a `Visibility`."""
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)
    version = Integer(default=1)
