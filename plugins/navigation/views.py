"""Menus and their entries as values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

__all__ = ["MAX_ITEMS", "MAX_LEVELS", "Audience", "Item", "ItemKind", "MenuView", "in_order", "item_of"]

MAX_LEVELS: Final = 11
"""Entries are nested this deep at most, as in WordPress's editor; what an import brings deeper stands in the last level."""
MAX_ITEMS: Final = 400
"""As many entries a menu has at most: its form stays within the number of fields that a request may have."""

ItemKind = Literal["post", "term", "archive", "front", "custom", "heading"]
Audience = Literal["all", "in", "out", "roles"]
"""Who sees an entry: everybody, who is signed in, who is not, or some roles."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a menu."""

    id: UUID
    level: int = 0
    """Depth in the tree, 0 at the top."""
    kind: ItemKind
    target_id: UUID | None = None
    target: str = ""
    url: str = ""
    label: str = ""
    hint: str = ""
    description: str = ""
    css: str = ""
    new_tab: bool = False
    audience: Audience = "all"
    roles: tuple[str, ...] = ()


class MenuView(msgspec.Struct, frozen=True, kw_only=True):
    """A menu."""

    id: UUID
    number: int
    name: str
    slug: str
    count: int = 0
    """Entries."""
    places: tuple[str, ...] = ()
    """Names of the places that it stands in."""
    updated_at: datetime
    version: int


def item_of(row: Mapping[str, Any], level: int = 0) -> Item:
    """Return a row of `navigation_items`."""
    return Item(
        id=row["id"],
        level=level,
        kind=row["kind"],
        target_id=row["target_id"],
        target=row["target"],
        url=row["url"],
        label=row["label"],
        hint=row["hint"],
        description=row["description"],
        css=row["css"],
        new_tab=bool(row["new_tab"]),
        audience=row["audience"],
        roles=tuple(row["roles"].split()),
    )


def in_order(rows: Iterable[Mapping[str, Any]]) -> list[Item]:
    """Return the rows of one menu as its entries from top to bottom, each before those below it.

    Whatever the rows say, each entry comes once: one whose parent is not there stands at the top,
    and so does one that would stand below itself; what is too deep stands in the last level.
    """
    found = sorted(rows, key=lambda row: (row["position"], str(row["id"])))
    known = {row["id"] for row in found}
    below: dict[UUID | None, list[Mapping[str, Any]]] = {}
    for row in found:
        below.setdefault(row["parent_id"] if row["parent_id"] in known else None, []).append(row)
    items: list[Item] = []
    seen: set[UUID] = set()
    _walk(below.get(None, ()), below, items, seen)
    for row in found:  # parents in a circle
        if row["id"] not in seen:
            _walk([row], below, items, seen)
    return items


def _walk(
    top: Sequence[Mapping[str, Any]],
    below: Mapping[UUID | None, Sequence[Mapping[str, Any]]],
    items: list[Item],
    seen: set[UUID],
) -> None:
    waiting = [(row, 0) for row in reversed(top)]
    while waiting:  # no recursion: an import may bring any depth
        row, level = waiting.pop()
        if row["id"] in seen:
            continue
        seen.add(row["id"])
        items.append(item_of(row, min(level, MAX_LEVELS - 1)))
        waiting += [(child, level + 1) for child in reversed(below.get(row["id"], ()))]
