"""What a site has before anybody placed anything."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec

from core.db import next_number
from core.errors import Invalid
from core.http import line_of
from core.plugins import check_values
from plugins.widgets.operations import insert_widget, list_widgets
from plugins.widgets.tables import PlacedWidget
from plugins.widgets.types import type_of

__all__ = ["fill", "place_first"]


class FirstWidget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A widget as `[first.widgets]` of a `site.toml` names it."""

    type: str
    title: Annotated[str, line_of(200)] = ""
    show_title: bool | None = None
    """As its type has it unless said."""
    settings: dict[str, Any] = {}


_FIRST: Final = (
    FirstWidget(type="search"),
    FirstWidget(type="terms", settings={"taxonomy": "category", "count": 8}),
    FirstWidget(type="recent_posts"),
)


async def place_first() -> None:
    """Place what the sidebar shows without this plugin, in the unit in progress, if there is nothing yet.

    So enabling the plugin changes nothing that readers see.
    """
    if not await list_widgets():
        await _place("sidebar", _FIRST)


async def fill(values: dict[str, Any]) -> None:
    """Place the widgets that a site's file names, in the unit in progress: instead of those that are there.

    Args:
        values: Widgets by region: `{"footer": [{"type": "archives"}]}`.

    Raises:
        Invalid: They can't be read, or have settings that their type does not take.
        NotFound: There is no such type.
    """
    try:
        regions = msgspec.convert(values, dict[str, tuple[FirstWidget, ...]])
    except msgspec.ValidationError as error:
        raise Invalid({"first.widgets": str(error)}) from error
    for region, widgets in regions.items():
        await PlacedWidget.delete().where(PlacedWidget.region == region)
        await _place(region, widgets)


async def _place(region: str, widgets: Sequence[FirstWidget]) -> None:
    for position, first in enumerate(widgets):
        kind = type_of(first.type).type
        settings = check_values(kind.settings, first.settings)
        shown = first.show_title
        columns = {"title": first.title, "settings": msgspec.json.encode(settings).decode()}
        await insert_widget(
            await next_number("widgets"),
            first.type,
            region,
            position,
            columns,
            heading=kind.heading if shown is None else shown,
        )
