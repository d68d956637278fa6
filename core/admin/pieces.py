"""The words in which an `AdminView` says what its screens show and do."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

import msgspec

__all__ = ["Action", "Column", "Empty", "Filter", "Option", "Query", "Rows", "Tab", "Tone"]

R = TypeVar("R")

Tone = Literal["", "good", "warn", "bad", "plan", "info"]
ColumnKind = Literal["text", "chip", "moment", "date", "number", "yes", "code", "person"]


class Option(msgspec.Struct, frozen=True):
    """Something to choose: the value that is sent, and what people read (already translated)."""

    value: str
    label: str
    level: int = 0
    """Depth in a tree; shown as an indent."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a list."""

    name: str
    """The attribute of the row that is shown, and the name to sort by."""
    title: str
    """An English message id."""
    value: Callable[[Any], Any] | None = None
    """Makes what is shown from a row; the attribute `name` unless given."""
    kind: ColumnKind = "text"
    """`moment` says how long ago, `chip` colours by `labels`, `yes` marks what is true."""
    sort: bool = False
    labels: Mapping[str, tuple[str, Tone]] = {}
    """For chips: message id and colour by value."""
    under: Callable[[Any], Iterable[str]] | None = None
    """Short lines below the value, for the first column."""
    template: str = ""
    """A template that shows the cell instead; it gets `row` and `value`."""
    wide: bool = False
    """Left out on small screens."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A choice above a list; what is chosen stands in `Query.filters[name]`."""

    name: str
    title: str
    """An English message id: what it shows while nothing is chosen."""
    options: Callable[[], Awaitable[Sequence[Option]]] | None = None
    capability: str = ""
    """Shown only to those who hold it; "" to everybody."""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do with one row, or with all that are ticked."""

    name: str
    title: str
    """An English message id."""
    run: Callable[[Any], Awaitable[object]]
    """Called with each row; its errors for people are shown, and do not stop the others."""
    done: tuple[str, str]
    """Message ids for one and for several; `%(count)d` stands for how many."""
    capability: str = ""
    """What it takes; "" for what changing takes. Asked again for every row by your operation."""
    icon: str = "check"
    danger: bool = False
    confirm: str = ""
    """A question to be answered first, as a message id without placeholders."""
    undo: str = ""
    """Name of the action that takes it back; the message then offers it."""
    each: bool = True
    """Offered in each row's menu."""
    several: bool = True
    """Offered for ticked rows."""
    shown: Callable[[Any], bool] | None = None
    """Tells whether a row gets it; every row unless given."""
    tabs: frozenset[str] | None = None
    """Only in these tabs; in all unless given."""
    key: str = ""
    """The key that does it to the row in focus, such as "a"; "" for none. `j`, `k`, `x`, `e`, `/` and `?` are the list's own."""


class Tab(msgspec.Struct, frozen=True, kw_only=True):
    """A view of a list, such as a status; the chosen one stands in `Query.tab`."""

    name: str
    """"" for the first one."""
    title: str
    """Already translated."""
    count: int | None = None


class Empty(msgspec.Struct, frozen=True, kw_only=True):
    """What a list says while there is nothing in it. Both are English message ids."""

    title: str = "Nothing here yet"
    text: str = ""


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is asked for. All of it comes from the address: check it before you use it."""

    search: str = ""
    tab: str = ""
    sort: str = ""
    """Name of a column that can be sorted by."""
    descending: bool = False
    page: int = 1
    per_page: int = 20
    filters: Mapping[str, str] = {}


class Rows(Generic[R]):
    """One page of a list.

    Args:
        items: The rows of this page.
        total: How many there are on all pages.
        whole: Everything is on this page, whatever the page's size.
        capped: There are more than `total`; counting on would take long.
    """

    __slots__ = ("capped", "items", "total", "whole")

    def __init__(self, items: Iterable[R], total: int, *, whole: bool = False, capped: bool = False) -> None:
        self.items: tuple[R, ...] = tuple(items)
        self.total = total
        self.whole = whole
        self.capped = capped
