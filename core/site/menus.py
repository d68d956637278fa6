"""Menus as trees: built once and kept, marked for each page where they lead to what is shown."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from core.contract.pages import ListPage, MenuEntry, Page, PasswordPage, SinglePage

__all__ = ["MenuTree", "mark_current", "menu_tree"]

_CURRENT: Final = 1
_PARENT: Final = 2
_ABOVE: Final = 4
_NAMES: Final = (
    (_CURRENT, " current-menu-item"),
    (_ABOVE, " current-menu-ancestor"),
    (_PARENT, " current-menu-parent"),
)
_CLASSES: Final = tuple("".join(name for bit, name in _NAMES if flag & bit) for flag in range(8))
"""What WordPress calls it, by flags, so that style sheets can be carried over."""

Place = tuple[int, ...]
"""Where an entry stands: its index on each level, from the top."""


class MenuTree(msgspec.Struct, frozen=True):
    """The entries of a menu, and which of them lead where. Immutable, so it can be kept."""

    entries: tuple[MenuEntry, ...] = ()
    places: dict[str, tuple[Place, ...]] = {}
    """Places of entries, by the path that they lead to."""


def menu_tree(entries: Iterable[MenuEntry]) -> MenuTree:
    """Return entries as a tree that pages can be looked up in."""
    tree = tuple(entries)
    places: dict[str, tuple[Place, ...]] = {}
    for place, entry in _walk(tree, ()):
        if entry.url.startswith("/"):
            path = _bare(entry.url)
            places[path] = (*places.get(path, ()), place)
    return MenuTree(tree, places)


def _walk(entries: Sequence[MenuEntry], above: Place) -> Iterator[tuple[Place, MenuEntry]]:
    for index, entry in enumerate(entries):
        place = (*above, index)
        yield place, entry
        yield from _walk(entry.children, place)


def _bare(path: str) -> str:
    return path.rstrip("/") or "/"


def mark_current(tree: MenuTree, page: Page | None) -> tuple[MenuEntry, ...]:
    """Return a menu's entries as a page shows them: which one leads to it, and which ones stand above it.

    Costs a few look-ups; only the branches that lead to the page are made anew.

    Args:
        tree: The menu.
        page: What is shown; None where that is no page.
    """
    if page is None or not tree.places:
        return tree.entries
    flags: dict[Place, int] = {}
    for path, flag in _paths(page):
        for place in tree.places.get(_bare(path), ()):
            flags[place] = flags.get(place, 0) | flag
            for length in range(1, len(place)):
                higher = place[:length]
                flags[higher] = flags.get(higher, 0) | _ABOVE
            if flag & _CURRENT and len(place) > 1:
                flags[place[:-1]] |= _PARENT
    return _marked(tree.entries, flags, ()) if flags else tree.entries


def _paths(page: Page) -> list[tuple[str, int]]:
    """Return the path of a page and those above it: breadcrumbs, and the archives of a post's terms."""
    found = [(crumb.url, _ABOVE) for crumb in page.breadcrumbs]
    if found:
        found[-1] = (found[-1][0], _ABOVE | _PARENT)
    if isinstance(page, SinglePage | PasswordPage):
        found.append((page.post.url, _CURRENT))
        found += [(term.url, _ABOVE | _PARENT) for terms in page.post.terms.values() for term in terms]
    elif isinstance(page, ListPage) and page.paging.links:
        found.append((page.paging.links[0].url, _CURRENT))  # its first page: the others are the same list
    return found


def _marked(entries: tuple[MenuEntry, ...], flags: dict[Place, int], above: Place) -> tuple[MenuEntry, ...]:
    found = list(entries)
    depth = len(above)
    for place, flag in flags.items():
        if len(place) != depth + 1 or place[:depth] != above:
            continue
        entry = entries[place[depth]]
        # made by hand: a copy with changes takes four times as long, on every page
        found[place[depth]] = MenuEntry(
            entry.title,
            entry.url,
            bool(flag & _CURRENT),
            bool(flag & _ABOVE),
            _marked(entry.children, flags, place) if entry.children else (),
            entry.css + _CLASSES[flag],
            entry.hint,
            entry.description,
            entry.new_tab,
        )
    return tuple(found)
