"""The menu that somebody is building: everything that the form holds, and what its buttons do with it.

The form carries the whole menu, saved or not, so each button works without script, and nothing that was
typed is lost on the way: the answer is the same form with the change made.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from core.http import Form
from core.i18n import gettext as _
from core.ids import new_id
from plugins.navigation.views import MAX_ITEMS, MAX_LEVELS, Item, MenuView

__all__ = ["Draft", "Row", "add_rows", "draft_of", "move", "place_row", "read_draft", "remove_row"]

_PREFIX: Final = "i"
_FIELDS: Final = ("ref", "label", "url", "hint", "description", "css", "audience")


class Row(msgspec.Struct, kw_only=True):
    """An entry as the form holds it: texts as they were typed."""

    key: str
    level: int = 0
    ref: str = "heading"
    """What it leads to; see `targets.Ref`."""
    label: str = ""
    url: str = ""
    hint: str = ""
    description: str = ""
    css: str = ""
    new_tab: bool = False
    audience: str = "all"
    roles: tuple[str, ...] = ()


class Draft(msgspec.Struct, kw_only=True):
    """A menu as the form holds it."""

    name: str
    version: int
    places: tuple[str, ...]
    rows: list[Row]
    find: str = ""
    """Words of the search for content."""
    link_url: str = ""
    link_label: str = ""
    heading: str = ""
    errors: dict[str, str] = msgspec.field(default_factory=dict)
    """By input: "name", "items", "link_url", "<key>.url" ..."""
    said: str = ""
    """What happened, for those who hear it."""
    focus: str = ""
    """Id of what is to have the focus."""

    def error(self, name: str) -> str:
        """Return what is wrong with an input, "" if nothing is."""
        return self.errors.get(name, "")

    def wrong(self, key: str) -> bool:
        """Tell whether something in an entry has to be corrected."""
        return any(name.startswith(f"{key}.") for name in self.errors)

    def index(self, key: str) -> int:
        """Return where an entry stands, -1 for nowhere."""
        return next((index for index, row in enumerate(self.rows) if row.key == key), -1)

    def end(self, index: int) -> int:
        """Return where what stands below an entry ends."""
        after = index + 1
        while after < len(self.rows) and self.rows[after].level > self.rows[index].level:
            after += 1
        return after

    def above(self, index: int) -> int:
        """Return the entry that another one stands below, -1 at the top."""
        return next((i for i in range(index - 1, -1, -1) if self.rows[i].level < self.rows[index].level), -1)

    def siblings(self, index: int) -> list[int]:
        """Return the entries that stand beside one, itself among them."""
        above = self.above(index)
        end = self.end(above) if above >= 0 else len(self.rows)
        return [i for i in range(above + 1, end) if self.rows[i].level == self.rows[index].level]

    def depth(self, index: int) -> int:
        """Return how many levels an entry takes, with what stands below it."""
        return max(row.level for row in self.rows[index : self.end(index)]) - self.rows[index].level + 1


def draft_of(menu: MenuView, items: Sequence[Item]) -> Draft:
    """Return the form of a menu as it is saved."""
    return Draft(
        name=menu.name, version=menu.version, places=menu.places, rows=[_row(item) for item in items]
    )


def _row(item: Item) -> Row:
    name = str(item.target_id) if item.target_id is not None else item.target
    ref = f"{item.kind}:{name}" if item.kind in ("post", "term", "archive") else item.kind
    return Row(
        key=str(item.id),
        level=item.level,
        ref=ref,
        label=item.label,
        url=item.url,
        hint=item.hint,
        description=item.description,
        css=item.css,
        new_tab=item.new_tab,
        audience=item.audience,
        roles=item.roles,
    )


def read_draft(form: Form, menu: MenuView) -> Draft:
    """Return what a form holds. Levels that can't be are mended; texts stay as they are."""
    rows: list[Row] = []
    for key, fields in _groups(form):
        if len(rows) == MAX_ITEMS:
            break
        values = {name: fields.get(name, [""])[-1] for name in _FIELDS}
        level = fields.get("level", ["0"])[-1]
        wanted = int(level) if level.isascii() and level.isdigit() and len(level) < 4 else 0
        highest = min(rows[-1].level + 1, MAX_LEVELS - 1) if rows else 0
        rows.append(
            Row(
                key=key,
                level=min(wanted, highest),
                new_tab=bool(fields.get("new_tab")),
                roles=tuple(fields.get("roles", ())),
                **values,
            )
        )
    version = form.get("_version")
    return Draft(
        name=form.get("name"),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
        places=tuple(form.all("places")),
        rows=rows,
        find=form.get("find"),
        link_url=form.get("link_url"),
        link_label=form.get("link_label"),
        heading=form.get("heading"),
    )


def _groups(form: Form) -> Iterator[tuple[str, Mapping[str, list[str]]]]:
    """Return the fields of each entry, in the form's order."""
    found: dict[str, dict[str, list[str]]] = {}
    for name, value in form.fields:
        prefix, _dot, rest = name.partition(".")
        key, _dot, field = rest.partition(".")
        if prefix == _PREFIX and field:
            try:
                found.setdefault(str(UUID(key)), {}).setdefault(field, []).append(value)
            except ValueError:
                continue
    yield from found.items()


def add_rows(draft: Draft, rows: Sequence[Row]) -> None:
    """Put entries at the end."""
    if len(draft.rows) + len(rows) > MAX_ITEMS:
        draft.errors["items"] = _("A menu has at most {most} entries.").format(most=MAX_ITEMS)
        return
    for row in rows:
        row.key = str(new_id())
    draft.rows += rows
    if rows:
        draft.focus = f"edit-{rows[0].key}"


def remove_row(draft: Draft, key: str) -> bool:
    """Take an entry out; what stood below it takes its place."""
    index = draft.index(key)
    if index < 0:
        return False
    for row in draft.rows[index + 1 : draft.end(index)]:
        row.level -= 1
    del draft.rows[index]
    left = draft.rows[min(index, len(draft.rows) - 1)] if draft.rows else None
    draft.focus = f"edit-{left.key}" if left is not None else "find"
    return True


def move(draft: Draft, key: str, way: str) -> bool:
    """Move an entry with everything below it: "up", "down", "in" or "out". Tells whether it could be."""
    index = draft.index(key)
    step = _STEPS.get(way)
    if index < 0 or step is None:
        return False
    draft.focus = f"{way}-{key}"
    return step(draft, index)


def _up(draft: Draft, index: int) -> bool:
    beside = [i for i in draft.siblings(index) if i < index]
    if not beside:
        return False
    _put(draft, index, beside[-1], draft.rows[index].level)
    return True


def _down(draft: Draft, index: int) -> bool:
    beside = [i for i in draft.siblings(index) if i > index]
    if not beside:
        return False
    _put(draft, index, draft.end(beside[0]), draft.rows[index].level)
    return True


def _in(draft: Draft, index: int) -> bool:
    beside = [i for i in draft.siblings(index) if i < index]
    level = draft.rows[index].level + 1
    if not beside or level + draft.depth(index) > MAX_LEVELS:
        return False
    _put(draft, index, index, level)
    return True


def _out(draft: Draft, index: int) -> bool:
    above = draft.above(index)
    if above < 0:
        return False
    _put(draft, index, draft.end(above), draft.rows[index].level - 1)
    return True


_STEPS: Final[Mapping[str, Callable[[Draft, int], bool]]] = {"up": _up, "down": _down, "in": _in, "out": _out}


def place_row(draft: Draft, key: str, how: str, other: str) -> bool:
    """Move an entry with everything below it: "before" or "after" another one, or to be its "first" or "last" below it."""
    index, to = draft.index(key), draft.index(other)
    if (
        index < 0
        or to < 0
        or index <= to < draft.end(index)
        or how not in ("before", "after", "first", "last")
    ):
        return False
    level = draft.rows[to].level + (how in ("first", "last"))
    if level + draft.depth(index) > MAX_LEVELS:
        return False
    at = {"before": to, "first": to + 1}.get(how, draft.end(to))
    _put(draft, index, at, level)
    draft.focus = f"edit-{key}"
    return True


def _put(draft: Draft, index: int, at: int, level: int) -> None:
    """Move the rows of an entry to where `at` is now."""
    end = draft.end(index)
    rows = draft.rows[index:end]
    shift = level - rows[0].level
    for row in rows:
        row.level += shift
    del draft.rows[index:end]
    at -= len(rows) if at >= end else 0
    draft.rows[at:at] = rows
