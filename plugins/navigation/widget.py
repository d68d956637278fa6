"""A menu as a widget, for the regions of a theme."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from core.contract.pages import Page
from core.contract.widgets import WidgetChoice, WidgetType
from core.errors import NotFound
from core.i18n import gettext as _
from core.themes import render_part
from plugins.navigation.site import menu_of_number
from plugins.navigation.store import all_menus, get_menu

__all__ = ["WIDGET"]


class MenuWidget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of the widget."""

    menu: Annotated[int, Meta(title="Menu", ge=0, le=2**63 - 1)] = 0
    """Number of the menu; 0 for none yet."""


async def _render(settings: MenuWidget, page: Page) -> str:
    try:
        entries = await menu_of_number(settings.menu, page)
    except NotFound:
        return ""
    return str(await render_part("navigation/widget.html", items=entries)) if entries else ""


async def _choices(field: str) -> Sequence[WidgetChoice] | None:
    if field != "menu":
        return None
    return [
        WidgetChoice("0", _("Choose a menu")),
        *(WidgetChoice(str(m.number), m.name) for m in await all_menus()),
    ]


async def _problem(settings: MenuWidget) -> str:
    if not settings.menu:
        return _("Choose a menu. Until then it shows nothing.")
    try:
        await get_menu(settings.menu)
    except NotFound:
        return _("The menu was deleted. It shows nothing until you choose another one.")
    return ""


WIDGET: Final = WidgetType(
    name="navigation.menu",
    title="Menu",
    description="The entries of a menu, one below the other.",
    icon="menu",
    position=15,
    settings=MenuWidget,
    render=_render,
    choices=_choices,
    problem=_problem,
)
