"""Where widgets take part in the frame. Each does little and calls what does it."""

from collections.abc import Iterable
from typing import Any

from core.contract.admin import AdminMenuItem
from core.contract.markers import hookimpl
from core.contract.pages import Page
from plugins.widgets.first import fill, place_first
from plugins.widgets.operations import EDIT
from plugins.widgets.rendering import region_html


@hookimpl
async def filter_region(html: str | None, region: str, page: Page, level: int) -> str | None:
    """Put the site's widgets into a region, after what is there already."""
    return (html or "") + await region_html(region, page, level)


@hookimpl
async def on_plugin_enabling(plugin: str) -> None:
    """Begin with what the sidebar shows without this plugin."""
    if plugin == "widgets":
        await place_first()


@hookimpl
async def on_site_filling(plugin: str, values: dict[str, Any]) -> None:
    """Place what a new site's file names."""
    if plugin == "widgets":
        await fill(values)


@hookimpl
def register_menu_items() -> Iterable[AdminMenuItem]:
    """Bring the screen of widgets."""
    return [
        AdminMenuItem(
            key="widgets",
            title="Widgets",
            url="/admin/widgets",
            capability=EDIT,
            section="look",
            icon="panes",
            position=64,
        )
    ]
