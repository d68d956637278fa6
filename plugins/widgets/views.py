"""A widget as a value."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from plugins.widgets.types import decoded
from plugins.widgets.visibility import ALWAYS, Visibility

__all__ = ["WidgetView", "view_of"]


class WidgetView(msgspec.Struct, frozen=True, kw_only=True):
    """A widget of the site."""

    id: UUID
    number: int
    region: str
    """"" while it is kept aside."""
    position: int
    type: str
    title: str = ""
    """"" for that of its type."""
    show_title: bool = True
    settings: Mapping[str, Any] = {}
    """As stored: its type may be gone, or have other settings by now."""
    visibility: Visibility = ALWAYS
    version: int = 1


def view_of(row: Mapping[str, Any]) -> WidgetView:
    """Return a row of `widgets_placed` as a view."""
    rule = decoded(Visibility, msgspec.json.decode(row["visibility"]))
    return WidgetView(
        id=row["id"],
        number=row["number"],
        region=row["region"],
        position=row["position"],
        type=row["type"],
        title=row["title"],
        show_title=row["show_title"],
        settings=msgspec.json.decode(row["settings"]),
        visibility=ALWAYS if rule == ALWAYS else rule,
        version=row["version"],
    )
