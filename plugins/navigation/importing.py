"""Menus of other sites, from a WordPress export: entries with their order, parents and targets; once, in whatever order they come."""

import html
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from core.context import current_tenant
from core.contract.work import ImportedItem, ImportHandler
from core.db import next_number
from core.ids import new_id
from core.importing import imported_ids
from core.text import plain_text, slugify
from core.themes import current_themes
from plugins.navigation.addresses import checked_classes, checked_url
from plugins.navigation.operations import put_into_place
from plugins.navigation.store import free_slug
from plugins.navigation.tables import MenuItemRow, MenuRow
from plugins.navigation.views import MAX_ITEMS

__all__ = ["HANDLER", "take"]

_MENU: Final = "term:nav_menu"
_ITEM: Final = "nav_menu_item"


async def take(items: Sequence[ImportedItem]) -> Mapping[str, UUID | None]:
    """Write menus and entries that are not here yet, inside the unit in progress.

    An entry of an unknown menu makes the menu; one whose parent is not here yet stands at the top until it
    comes. Exports don't say in which place a menu stood: one that is named like a free place of the theme
    ("primary", "footer") gets it, the others wait for somebody to say.
    """
    taken: dict[str, UUID | None] = {}
    menus: dict[str, UUID] = {}
    for item in items:
        if item.kind == _MENU:
            slug = _text(item.raw.get("slug"), 200)
            taken[item.identity] = await _menu(item.source, slug, _text(item.raw.get("name"), 100), menus)
    entries = [item for item in items if item.kind == _ITEM]
    found = await _targets(entries)
    for item in entries:
        if (made := await _entry(item, found, menus)) is not None:
            taken[item.identity] = made
    return taken


def _text(value: Any, most: int) -> str:
    return " ".join(plain_text(str(value or "").replace("\x00", "")).split())[:most]


def _first(item: ImportedItem, key: str) -> Any:
    meta = item.raw.get("meta")
    values = meta.get(f"_menu_item_{key}") if isinstance(meta, Mapping) else None
    return values[0] if isinstance(values, list) and values else ""


def _word(item: ImportedItem, key: str) -> str:
    value = _first(item, key)
    return value.strip() if isinstance(value, str) else ""


async def _menu(source: str, slug: str, name: str, known: dict[str, UUID]) -> UUID:
    """Return the menu of a slug of the source; it is made if it is not here."""
    if slug in known:
        return known[slug]
    key = f"{source}#{slug}"[:700]
    rows = await MenuRow.select(MenuRow.id).where(MenuRow.import_key == key)
    if rows:
        known[slug] = rows[0]["id"]
        return known[slug]
    taken = {row["name"].casefold() for row in await MenuRow.select(MenuRow.name)}
    title, count = name or slug or "Menu", 1
    while title.casefold() in taken:
        count += 1
        title = f"{name[:90] or slug[:90]} ({count})"
    row = MenuRow(
        id=new_id(),
        number=await next_number("navigation"),
        name=title,
        slug=await free_slug(slug or name),
        import_key=key,
    )
    await MenuRow.insert(row)
    known[slug] = row.id
    place = slugify(slug)
    if place in current_themes().menus(current_tenant().theme):
        await put_into_place(row.id, place)
    return known[slug]


def _of_menu(item: ImportedItem) -> tuple[str, str] | None:
    """Return slug and name of the menu that an entry is in."""
    for term in item.raw.get("terms") or ():
        if isinstance(term, list | tuple) and len(term) == 3 and term[0] == "nav_menu":
            return _text(term[1], 200), _text(term[2], 100)
    return None


def _key(item: ImportedItem, slug: str, number: str) -> str:
    return f"{item.source}#{slug}#{number[:40]}"[:700] if number not in ("", "0") else ""


async def _targets(items: Sequence[ImportedItem]) -> dict[tuple[str, str], UUID]:
    """Return our ids of what entries lead to, by kind ("page", "term:category") and old id."""
    wanted: dict[str, set[str]] = {}
    for item in items:
        if (kind := _kind(item)) is not None:
            wanted.setdefault(kind, set()).add(_word(item, "object_id"))
    found: dict[tuple[str, str], UUID] = {}
    for kind, numbers in wanted.items():
        ids = await imported_ids(items[0].source, kind, sorted(numbers))
        found.update(((kind, number), ours) for number, ours in ids.items())
    return found


def _kind(item: ImportedItem) -> str | None:
    name = _word(item, "object")
    match _word(item, "type"):
        case "post_type":
            return name
        case "taxonomy":
            return f"term:{name}"
        case _:
            return None


async def _entry(
    item: ImportedItem, targets: Mapping[tuple[str, str], UUID], menus: dict[str, UUID]
) -> UUID | None:
    """Write an entry; None for one that is no entry of a menu, was not published, or leads nowhere that is here."""
    menu = _of_menu(item)
    number = str(item.raw.get("post_id") or "").strip()
    if menu is None or not menu[0] or item.raw.get("status") != "publish":
        return None
    slug = menu[0]
    key = _key(item, slug, number)
    if key and (rows := await MenuItemRow.select(MenuItemRow.id).where(MenuItemRow.import_key == key)):
        known: UUID = rows[0]["id"]
        return known
    leads = _leads(item, targets)
    menu_id = await _menu(item.source, slug, menu[1], menus)
    if leads is None or await MenuItemRow.count().where(MenuItemRow.menu_id == menu_id) >= MAX_ITEMS:
        return None
    parent_key = _key(item, slug, _word(item, "menu_item_parent"))
    above = (
        await MenuItemRow.select(MenuItemRow.id).where(MenuItemRow.import_key == parent_key)
        if parent_key
        else []
    )
    order = item.raw.get("menu_order")
    row = MenuItemRow(
        id=new_id(),
        menu_id=menu_id,
        parent_id=above[0]["id"] if above else None,
        position=max(0, min(order, 2**31 - 1)) if isinstance(order, int) else 0,
        label=_text(item.raw.get("title"), 255),
        hint=_text(item.raw.get("excerpt"), 255),
        description=_text(item.raw.get("content"), 500),
        css=_classes(_first(item, "classes")),
        new_tab=_word(item, "target") == "_blank",
        import_key=key,
        import_parent="" if above else parent_key,
        **leads,
    )
    await MenuItemRow.insert(row)
    if key:
        await MenuItemRow.update({MenuItemRow.parent_id: row.id, MenuItemRow.import_parent: ""}).where(
            MenuItemRow.import_parent == key, MenuItemRow.id != row.id
        )
    return row.id


def _leads(item: ImportedItem, targets: Mapping[tuple[str, str], UUID]) -> dict[str, Any] | None:
    """Return the columns that say where an entry leads."""
    kind, name = _word(item, "type"), _word(item, "object")[:60]
    if kind == "post_type_archive":
        return {"kind": "archive", "target": name}
    if (wanted := _kind(item)) is not None:
        ours = targets.get((wanted, _word(item, "object_id")))
        return (
            {"kind": "post" if kind == "post_type" else "term", "target": name, "target_id": ours}
            if ours
            else None
        )
    address = html.unescape(_word(item, "url"))
    url = _at_home(address, item.source)
    if url in ("/", ""):
        return {"kind": "front" if url else "heading"}
    checked, wrong = checked_url(url)
    # "#" stands for "leads nowhere" in WordPress; what no page may hold leads nowhere, too
    return {"kind": "heading"} if wrong or checked == "#" else {"kind": "custom", "url": checked}


def _at_home(url: str, source: str) -> str:
    """Return an address of the source site as a path of this one, others as they are."""
    try:
        parts, home = urlsplit(url), urlsplit(source if "//" in source else f"//{source}")
        same = (
            parts.scheme in ("http", "https") and parts.hostname == home.hostname and parts.port == home.port
        )
    except ValueError:
        return url
    if not same:
        return url
    path = parts.path.removeprefix(home.path.rstrip("/")) or "/"
    return (
        path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    )


def _classes(value: Any) -> str:
    names = (
        value.values()
        if isinstance(value, Mapping)
        else value
        if isinstance(value, list | tuple)
        else [value]
    )
    found = " ".join(str(name) for name in names if isinstance(name, str))
    checked, wrong = checked_classes(found)
    return "" if wrong else checked


HANDLER: Final = ImportHandler(kinds=frozenset({_MENU, _ITEM}), take=take)
