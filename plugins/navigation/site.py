"""Menus as readers get them: kept for each kind of visitor, so that a page asks nothing."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from core.content import TERM_COLUMNS, joined_term
from core.context import current_actor, current_tenant
from core.contract.pages import MenuEntry, Page
from core.db import execute
from core.mail import site_origin
from core.site import MenuTree, kept, mark_current, menu_tree
from plugins.navigation.store import get_menu, items_of
from plugins.navigation.targets import Target, targets_of
from plugins.navigation.views import Item, in_order

__all__ = ["Viewer", "menu_in_place", "menu_of_number", "shown_to"]

Viewer = frozenset[str] | None
"""Who looks: None for visitors, else the roles of who is signed in. All there is to tell people apart here."""


_OF_PLACES: Final = (
    f"SELECT p.place, p.menu_id AS of_menu, i.*, {TERM_COLUMNS} FROM navigation_places p"  # noqa: S608  # names of columns
    " LEFT JOIN navigation_items i ON i.tenant_id = p.tenant_id AND i.menu_id = p.menu_id"
    " LEFT JOIN terms term ON term.tenant_id = i.tenant_id AND i.kind = 'term' AND term.id = i.target_id"
    " WHERE p.tenant_id = {tenant}"
)


def _viewer() -> Viewer:
    actor = current_actor()
    return None if actor.kind == "visitor" else actor.roles


async def menu_in_place(place: str, page: Page | None) -> tuple[MenuEntry, ...] | None:
    """Return the menu of a place, marked for the page; None where none stands there."""
    trees = await kept("navigation.places", _trees, _viewer(), for_everybody=True)
    tree = trees.get(place)
    return mark_current(tree, page) if tree is not None else None


async def menu_of_number(number: int, page: Page | None) -> tuple[MenuEntry, ...]:
    """Return a menu wherever it stands, marked for the page.

    Raises:
        NotFound: There is none of this number.
    """
    return mark_current(await kept("navigation.menu", _tree, number, _viewer(), for_everybody=True), page)


async def _trees(viewer: Viewer) -> dict[str, MenuTree]:
    """Return the menus of all places: a query for them with their terms, and one for posts."""
    rows = await execute(_OF_PLACES)
    menus = {row["place"]: row["of_menu"] for row in rows}
    by_menu: dict[UUID, dict[UUID, dict[str, Any]]] = {menu_id: {} for menu_id in menus.values()}
    for row in rows:
        if row["id"] is not None:
            by_menu[row["of_menu"]][row["id"]] = row  # once, in however many places the menu stands
    items = {menu_id: shown_to(viewer, in_order(found.values())) for menu_id, found in by_menu.items()}
    terms = {term.id: term for row in rows if (term := joined_term(row)) is not None}
    targets = await targets_of([item for found in items.values() for item in found], terms=terms)
    made = {menu_id: _entries(found, targets) for menu_id, found in items.items()}
    return {place: made[menu_id] for place, menu_id in menus.items()}


async def _tree(number: int, viewer: Viewer) -> MenuTree:
    items = shown_to(viewer, await items_of((await get_menu(number)).id))
    return _entries(items, await targets_of(items))


def shown_to(viewer: Viewer, items: Sequence[Item]) -> list[Item]:
    """Return the entries that somebody sees. What stands below one that he does not see is not for him either."""
    found: list[Item] = []
    hidden = -1
    for item in items:
        if hidden >= 0 and item.level > hidden:
            continue
        hidden = -1 if _sees(viewer, item) else item.level
        if hidden < 0:
            found.append(item)
    return found


def _sees(viewer: Viewer, item: Item) -> bool:
    match item.audience:
        case "in":
            return viewer is not None
        case "out":
            return viewer is None
        case "roles":
            return viewer is not None and not viewer.isdisjoint(item.roles)
        case _:
            return True


def _entries(items: Sequence[Item], targets: dict[UUID, Target]) -> MenuTree:
    """Return entries as a tree. What readers do not get to is left out, and what stood below it takes its place."""
    origin = site_origin(current_tenant())
    top: list[MenuEntry] = []
    # entries of the levels that are open, from the top; children are known when the level closes
    open_levels: list[tuple[int, Item | None, list[MenuEntry]]] = [(-1, None, top)]

    def close(level: int) -> None:
        while open_levels[-1][0] >= level:
            _level, item, children = open_levels.pop()
            below = open_levels[-1][2]
            entry = _entry(item, targets, children, origin) if item is not None else None
            below.extend([entry] if entry is not None else children)

    for item in items:
        close(item.level)
        open_levels.append((item.level, item, []))
    close(0)
    return menu_tree(top)


def _entry(
    item: Item, targets: dict[UUID, Target], children: Sequence[MenuEntry], origin: str
) -> MenuEntry | None:
    target = targets.get(item.id)
    if target is None and item.kind != "heading":
        return None
    url = target.url if target is not None else ""
    own = url[len(origin) :] if url.startswith(f"{origin}/") else url
    classes = ["menu-item", *(["menu-item-has-children"] if children else []), *item.css.split()]
    return MenuEntry(
        title=item.label or (target.title if target is not None else ""),
        url=own,
        children=tuple(children),
        css=" ".join(classes),
        hint=item.hint,
        description=item.description,
        new_tab=item.new_tab,
    )
