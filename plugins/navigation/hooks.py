"""Where menus take part in the frame. Each does little and calls what does it."""

from collections.abc import Iterable

from core.contract.markers import hookimpl
from core.contract.pages import MenuEntry, Page
from core.contract.widgets import WidgetType
from core.contract.work import ImportHandler
from plugins.navigation.importing import HANDLER
from plugins.navigation.site import menu_in_place
from plugins.navigation.widget import WIDGET


@hookimpl
async def filter_menu(
    entries: tuple[MenuEntry, ...] | None, place: str, page: Page | None
) -> tuple[MenuEntry, ...] | None:
    """Bring the menu that stands in a place of the theme."""
    found = await menu_in_place(place, page)
    return found if found is not None else entries


@hookimpl
def register_widget_types() -> Iterable[WidgetType]:
    """Bring the widget that shows a menu."""
    return [WIDGET]


@hookimpl
def register_import_handlers() -> Iterable[ImportHandler]:
    """Claim menus of WordPress exports."""
    return [HANDLER]
