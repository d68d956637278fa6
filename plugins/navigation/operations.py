"""What is done with menus: make one, save it whole, copy it, delete it."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts import record, require
from core.clock import now
from core.db import next_number, tenant_work
from core.errors import Conflict, Invalid
from core.http import check_text
from core.i18n import gettext as _
from core.ids import new_id
from plugins.navigation.store import free_slug, items_of, menu_by_id, places, rows_of
from plugins.navigation.tables import MenuItemRow, MenuPlace, MenuRow
from plugins.navigation.views import MAX_ITEMS, MAX_LEVELS, Item, MenuView

__all__ = ["EDIT", "copy_menu", "create_menu", "delete_menu", "put_into_place", "save_menu"]

EDIT: Final = "edit_theme_options"
"""The right that WordPress asks for."""


def _name(name: str, *, others: Collection[str]) -> str:
    found = " ".join(name.split())
    wrong = check_text(found, "name")
    if not found:
        wrong = _("Give the menu a name.")
    elif len(found) > 100:
        wrong = _("Use at most 100 characters.")
    elif found.casefold() in {other.casefold() for other in others}:
        wrong = _("There is another menu of this name.")
    if wrong:
        raise Invalid({"name": wrong})
    return found


async def _names(but: UUID | None = None) -> list[str]:
    return [row["name"] for row in await MenuRow.select(MenuRow.id, MenuRow.name) if row["id"] != but]


async def create_menu(name: str) -> MenuView:
    """Make a menu without entries.

    Raises:
        Invalid: The name is missing, too long, or another menu's; under "name".
        Forbidden: The actor may not change menus.
    """
    await require(EDIT)
    async with tenant_work():
        number = await next_number(
            "navigation"
        )  # held from here on: of two of one name, the second sees the first
        name = _name(name, others=await _names())
        row = MenuRow(id=new_id(), number=number, name=name, slug=await free_slug(name))
        await MenuRow.insert(row)
        await record("navigation.create", resource_type="menu", resource_id=row.id, detail={"name": name})
        return await menu_by_id(row.id)


async def save_menu(
    menu_id: UUID, name: str, items: Sequence[Item], where: Collection[str] | None, *, version: int
) -> MenuView:
    """Replace a menu: its name, all of its entries, and the places that it stands in.

    Args:
        menu_id: The menu.
        name: Its name.
        items: Its entries from top to bottom; those whose id the menu does not have yet are new and get one.
        where: Names of the places that it is to stand in, whatever stood there; None leaves them alone.
        version: The version that was edited.

    Raises:
        NotFound: There is no such menu here.
        Invalid: The name can't be taken, or there are too many entries, or they are nested too deep.
        Conflict: Somebody else changed it first.
        Forbidden: The actor may not change menus.
    """
    await require(EDIT)
    _check_shape(items)
    async with tenant_work():
        before = await menu_by_id(menu_id)
        changed = (
            await MenuRow.update(
                {
                    MenuRow.name: _name(name, others=await _names(menu_id)),
                    MenuRow.updated_at: now(),
                    MenuRow.version: MenuRow.version + 1,
                }
            )
            .where(MenuRow.id == menu_id, MenuRow.version == version)
            .returning(MenuRow.id)
        )
        if not changed:
            raise Conflict(
                _("Somebody else changed this menu first."),
                hint=_("What you did is still here. Save again to replace theirs, or reload to see it."),
                current={"version": before.version},
            )
        await _write(menu_id, items)
        if where is not None:
            await _place(menu_id, where)
        view = await menu_by_id(menu_id)
        await record(
            "navigation.save",
            resource_type="menu",
            resource_id=menu_id,
            before={"name": before.name, "count": before.count, "places": before.places},
            after={"name": view.name, "count": view.count, "places": view.places},
        )
    return view


def _check_shape(items: Sequence[Item]) -> None:
    if len(items) > MAX_ITEMS:
        raise Invalid({"items": _("A menu has at most {most} entries.").format(most=MAX_ITEMS)})
    above = -1
    for item in items:
        if not 0 <= item.level <= above + 1:
            raise Invalid({"items": _("An entry stands below nothing.")})
        if item.level >= MAX_LEVELS:
            raise Invalid(
                {"items": _("Entries are nested {most} levels deep at most.").format(most=MAX_LEVELS)}
            )
        above = item.level


async def _write(menu_id: UUID, items: Sequence[Item]) -> None:
    """Replace the entries of a menu. Ids and notes of imports stay with those that were there."""
    known = {row["id"]: row for row in await rows_of(menu_id)}
    await MenuItemRow.delete().where(MenuItemRow.menu_id == menu_id)
    rows, way, used = [], [], set[UUID]()
    for position, item in enumerate(items):
        own = known.get(item.id) if item.id not in used else None
        used.add(item.id)
        # an id from outside could be one of another menu or site: only this menu's own are kept
        item_id = item.id if own is not None else new_id()
        del way[item.level :]
        values: dict[str, Any] = msgspec.structs.asdict(item)
        del values["level"]
        values |= {
            "id": item_id,
            "menu_id": menu_id,
            "parent_id": way[-1] if way else None,
            "position": position,
            "roles": " ".join(item.roles),
            "import_key": own["import_key"] if own is not None else "",
        }
        rows.append(MenuItemRow(**values))
        way.append(item_id)
    for start in range(0, len(rows), 100):
        await MenuItemRow.insert(*rows[start : start + 100])


async def _place(menu_id: UUID, where: Collection[str]) -> None:
    now_there = await places()
    mine = {place for place, other in now_there.items() if other == menu_id}
    gone = [*(mine - set(where)), *(place for place in where if place in now_there and place not in mine)]
    if gone:
        await MenuPlace.delete().where(MenuPlace.place.is_in(gone))
    new = [MenuPlace(id=new_id(), place=place, menu_id=menu_id) for place in sorted(set(where) - mine)]
    if new:
        await MenuPlace.insert(*new)


async def put_into_place(menu_id: UUID, place: str) -> None:
    """Let a menu stand in a place where none stands, inside the unit in progress. No rights are asked here."""
    if place not in await places():
        await MenuPlace.insert(MenuPlace(id=new_id(), place=place, menu_id=menu_id))


async def copy_menu(menu_id: UUID) -> MenuView:
    """Make a menu with the same entries, which stands nowhere yet.

    Raises:
        NotFound: There is no such menu here.
        Forbidden: The actor may not change menus.
    """
    await require(EDIT)
    async with tenant_work():
        menu = await menu_by_id(menu_id)
        taken = {name.casefold() for name in await _names()}
        number, name = 2, ""
        while not name or name.casefold() in taken:
            name = f"{menu.name[:90]} ({number})"
            number += 1
        made = await create_menu(name)
        await _write(made.id, await items_of(menu_id))
        return await menu_by_id(made.id)


async def delete_menu(menu_id: UUID) -> None:
    """Delete a menu. The places where it stood are free again.

    Raises:
        NotFound: There is no such menu here.
        Forbidden: The actor may not change menus.
    """
    await require(EDIT)
    async with tenant_work():
        menu = await menu_by_id(menu_id)
        await MenuPlace.delete().where(MenuPlace.menu_id == menu_id)
        await MenuItemRow.delete().where(MenuItemRow.menu_id == menu_id)
        await MenuRow.delete().where(MenuRow.id == menu_id)
        await record(
            "navigation.delete",
            resource_type="menu",
            resource_id=menu_id,
            before={"name": menu.name, "count": menu.count, "places": menu.places},
        )
