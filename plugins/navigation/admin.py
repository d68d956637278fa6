"""The list of menus."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from core.admin import Action, AdminView, Column, Empty, Query, Rows
from core.http import name_of
from core.text import whole_number
from plugins.navigation.operations import EDIT, copy_menu, create_menu, delete_menu
from plugins.navigation.screens import PATH, places_of_theme
from plugins.navigation.store import all_menus, get_menu
from plugins.navigation.views import MenuView

__all__ = ["views"]


class MenuForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of a new menu."""

    name: Annotated[
        str,
        name_of(100),
        Meta(title="Name", description="For yourself: readers don't see it. What is in the menu comes next."),
    ]


def _where(row: MenuView) -> str:
    named = places_of_theme()
    return ", ".join(named[place] for place in row.places if place in named)


async def _copy(row: MenuView) -> None:
    await copy_menu(row.id)


class MenusView(AdminView[MenuView, MenuForm]):
    """The menus of the site."""

    title = "Menus"
    singular = "Menu"
    capability = EDIT
    section = "look"
    icon = "menu"
    position = 61
    searchable = True
    empty = Empty(
        title="No menus yet",
        text="Until one stands in the theme's main place, the top-level pages are shown there.",
    )
    form = MenuForm
    columns = (
        Column(name="name", title="Name"),
        Column(name="count", title="Entries", kind="number"),
        Column(name="places", title="Stands in", value=_where),
        Column(name="updated_at", title="Changed", kind="moment", wide=True),
    )
    actions = (
        Action(
            name="copy",
            title="Duplicate",
            run=_copy,
            done=("A copy was made.", "%(count)d copies were made."),
            icon="copy",
        ),
    )

    async def rows(self, query: Query) -> Rows[MenuView]:
        """Return one page of the menus, by name."""
        found: Sequence[MenuView] = await all_menus(search=query.search)
        first = (query.page - 1) * query.per_page
        return Rows(found[first : first + query.per_page], len(found))

    async def get(self, key: str) -> MenuView:
        """Return a menu by its number."""
        return await get_menu(whole_number(key, digits=18))

    def key(self, row: MenuView) -> str:
        """Return the menu's number."""
        return str(row.number)

    def label(self, row: MenuView) -> str:
        """Return the menu's name."""
        return row.name

    def row_path(self, row: MenuView) -> str:
        """Return the address of the builder."""
        return f"{PATH}/{row.number}"

    async def create(self, data: MenuForm) -> MenuView:
        """Make a menu."""
        return await create_menu(data.name)

    def made_path(self, row: MenuView) -> str:
        """Lead to the builder: a new menu is empty."""
        return self.row_path(row)

    async def delete(self, row: MenuView) -> None:
        """Delete a menu."""
        await delete_menu(row.id)


views = [MenusView]
