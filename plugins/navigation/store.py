"""Menus read: one, all of them, their entries and the places they stand in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from core.db import execute
from core.errors import NotFound
from core.i18n import gettext as _
from core.text import slugify
from plugins.navigation.tables import MenuItemRow, MenuPlace, MenuRow
from plugins.navigation.views import Item, MenuView, in_order

__all__ = ["all_menus", "free_slug", "get_menu", "items_of", "menu_by_id", "places", "rows_of"]


async def all_menus(*, search: str = "") -> tuple[MenuView, ...]:
    """Return the site's menus by name, with their counts and places: three queries."""
    rows = await MenuRow.select().order_by(MenuRow.name).order_by(MenuRow.number)
    counts = await execute(
        "SELECT menu_id, count(*) AS n FROM navigation_items WHERE tenant_id = {tenant} GROUP BY menu_id"
    )
    by_menu = {row["menu_id"]: int(row["n"]) for row in counts}
    where = await places()
    wanted = search.strip().casefold()
    return tuple(
        _view(row, by_menu.get(row["id"], 0), where) for row in rows if wanted in row["name"].casefold()
    )


def _view(row: Mapping[str, Any], count: int, where: Mapping[str, UUID]) -> MenuView:
    return MenuView(
        id=row["id"],
        number=row["number"],
        name=row["name"],
        slug=row["slug"],
        count=count,
        places=tuple(sorted(place for place, menu_id in where.items() if menu_id == row["id"])),
        updated_at=row["updated_at"],
        version=row["version"],
    )


async def _one(condition: Any) -> MenuView:
    rows = await MenuRow.select().where(condition).limit(1)
    if not rows:
        raise NotFound(_("There is no such menu here."))
    count = await MenuItemRow.count().where(MenuItemRow.menu_id == rows[0]["id"])
    return _view(rows[0], count, await places())


async def get_menu(number: int) -> MenuView:
    """Return a menu by its number.

    Raises:
        NotFound: There is none of this number on the site.
    """
    if not 0 < number < 2**63:
        raise NotFound(_("There is no such menu here."))
    return await _one(MenuRow.number == number)


async def menu_by_id(menu_id: UUID) -> MenuView:
    """Return a menu.

    Raises:
        NotFound: There is none of this id on the site.
    """
    return await _one(MenuRow.id == menu_id)


async def rows_of(menu_id: UUID) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a menu's entries."""
    found: Sequence[Mapping[str, Any]] = await MenuItemRow.select().where(MenuItemRow.menu_id == menu_id)
    return found


async def items_of(menu_id: UUID) -> list[Item]:
    """Return the entries of a menu from top to bottom."""
    return in_order(await rows_of(menu_id))


async def places() -> dict[str, UUID]:
    """Return the menus by the name of the place that they stand in."""
    return {row["place"]: row["menu_id"] for row in await MenuPlace.select()}


async def free_slug(name: str, taken: Iterable[str] = ()) -> str:
    """Return a slug for a menu that no other one has."""
    base = slugify(name, limit=80) or "menu"
    used = {row["slug"] for row in await MenuRow.select(MenuRow.slug)} | set(taken)
    number, slug = 1, base
    while slug in used:
        number += 1
        slug = f"{base}-{number}"
    return slug
