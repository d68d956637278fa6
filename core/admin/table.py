"""From a view, a question and its answer to what the list template shows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from core.admin.menu import holds
from core.admin.pieces import Action, Column, Filter, Option, Query, Rows, Tab
from core.admin.shell import AnyRequest
from core.admin.view import AdminView
from core.i18n import gettext as _
from core.i18n import ngettext
from core.text import whole_number

__all__ = ["Table", "build_table", "page_links", "read_query"]

_LONGEST: Final = 200
_MOST_PAGES: Final = 1_000_000
View = AdminView[Any, Any]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in one place of the table."""

    column: Column
    value: Any
    under: tuple[str, ...] = ()
    label: str = ""
    tone: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table."""

    key: str
    label: str
    url: str
    """Address of its form, "" if it has none."""
    address: str
    """Where it is on the site."""
    cells: tuple[Cell, ...]
    actions: tuple[Action, ...]
    more_url: str
    """Where its details are, "" for none."""
    source: Any


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """A column's head: where a click leads, and how the list is sorted by it now."""

    column: Column
    title: str
    url: str = ""
    sorted: str = ""
    """"ascending", "descending" or ""."""


class Chooser(msgspec.Struct, frozen=True, kw_only=True):
    """A filter with its options and what is chosen."""

    filter: Filter
    title: str
    options: tuple[Option, ...]
    chosen: str


class PageNumber(msgspec.Struct, frozen=True):
    """A numbered link; `number` 0 is a gap."""

    number: int
    url: str = ""
    current: bool = False


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A list, ready to be shown."""

    path: str
    query: Query
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    total: int
    count: str
    """How many there are, in words."""
    actions: tuple[Action, ...]
    """For ticked rows."""
    filters: tuple[Chooser, ...] = ()
    tabs: tuple[Tab, ...] = ()
    pages: tuple[PageNumber, ...] = ()
    previous_url: str = ""
    next_url: str = ""
    narrowed: bool = False
    """A search or filter is on, so that an empty list does not mean that there is nothing."""

    def tab_url(self, name: str) -> str:
        """Return the address of a tab: filters go, the search stays."""
        return _url(self.path, {"tab": name, "q": self.query.search})


def _url(path: str, values: Mapping[str, Any]) -> str:
    kept = {name: value for name, value in values.items() if value not in ("", None)}
    return f"{path}?{urlencode(kept)}" if kept else path


def read_query(request: AnyRequest, view: View) -> Query:
    """Read what a list is asked for from the address. What makes no sense is left out, not an error."""
    given = {name: values[-1] for name, values in request.query_params.dict().items() if values}
    sortable = {column.name for column in view.columns if column.sort}
    sort = given.get("sort", view.default_sort)
    if sort.removeprefix("-") not in sortable:
        sort = view.default_sort
    known = {chosen.name for chosen in view.filters}
    return Query(
        search=given.get("q", "").strip()[:_LONGEST] if view.searchable else "",
        tab=given.get("tab", "")[:60],
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        page=min(max(whole_number(given.get("page", "")), 1), _MOST_PAGES),
        per_page=view.per_page,
        filters={name: value[:_LONGEST] for name, value in given.items() if name in known and value},
    )


async def build_table(view: View, query: Query, found: Rows[Any]) -> Table:
    """Return the table of one page of a list."""
    tabs = tuple(await view.tabs())
    actions = tuple(
        action
        for action in view.all_actions
        if holds(action.capability or view.right("change"))
        and (action.tabs is None or query.tab in action.tabs)
    )
    pages = 1 if found.whole else max(1, -(-found.total // query.per_page))
    base = _values(query)
    return Table(
        path=view.path,
        query=query,
        headings=tuple(_heading(view.path, column, query, base) for column in view.columns),
        rows=tuple(_row(view, row, actions) for row in found.items),
        total=found.total,
        count=_count(found.total, capped=found.capped),
        actions=tuple(action for action in actions if action.several),
        filters=tuple([await _chooser(chosen, query) for chosen in view.filters if _visible(chosen)]),
        tabs=tabs,
        pages=page_links(view.path, base, query.page, pages),
        previous_url=_url(view.path, {**base, "page": query.page - 1}) if query.page > 1 else "",
        next_url=_url(view.path, {**base, "page": query.page + 1}) if query.page < pages else "",
        narrowed=bool(query.search or query.filters),
    )


def _count(total: int, *, capped: bool) -> str:
    if capped:
        return _("More than %(count)s entries") % {"count": total}
    return ngettext("%(count)s entry", "%(count)s entries", total) % {"count": total}


def _values(query: Query) -> dict[str, Any]:
    sort = f"-{query.sort}" if query.descending else query.sort
    return {"q": query.search, "tab": query.tab, "sort": sort, **query.filters}


def _visible(chosen: Filter) -> bool:
    return not chosen.capability or holds(chosen.capability)


async def _chooser(chosen: Filter, query: Query) -> Chooser:
    options: Sequence[Option] = await chosen.options() if chosen.options is not None else ()
    return Chooser(
        filter=chosen,
        title=_(chosen.title),
        options=tuple(options),
        chosen=query.filters.get(chosen.name, ""),
    )


def _heading(path: str, column: Column, query: Query, base: Mapping[str, Any]) -> Heading:
    title = _(column.title) if column.title else ""
    if not column.sort:
        return Heading(column=column, title=title)
    sorted_now = "" if query.sort != column.name else "descending" if query.descending else "ascending"
    wanted = f"-{column.name}" if sorted_now == "ascending" else column.name
    return Heading(column=column, title=title, url=_url(path, {**base, "sort": wanted}), sorted=sorted_now)


def _row(view: View, row: Any, actions: Sequence[Action]) -> Row:
    opens = view.form is not None and view.overrides("values")
    return Row(
        key=view.key(row),
        label=view.label(row),
        url=view.row_path(row) if opens or view.overrides("row_path") else "",
        address=view.address(row),
        cells=tuple(_cell(column, row) for column in view.columns),
        actions=tuple(a for a in actions if a.each and (a.shown is None or a.shown(row))),
        more_url=f"{view.path}/{view.key(row)}/more" if view.more_template else "",
        source=row,
    )


def _cell(column: Column, row: Any) -> Cell:
    value = column.value(row) if column.value is not None else getattr(row, column.name)
    label, tone = column.labels.get(str(value), ("", ""))
    under = tuple(line for line in column.under(row) if line) if column.under is not None else ()
    return Cell(column=column, value=value, under=under, label=_(label) if label else "", tone=tone)


def page_links(path: str, base: Mapping[str, Any], page: int, pages: int) -> tuple[PageNumber, ...]:
    """Return numbered links: the first, the last, and those around the page that is shown."""
    if pages < 2:
        return ()
    wanted = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    links: list[PageNumber] = []
    last = 0
    for number in wanted:
        if number - last > 1:
            links.append(PageNumber(0))
        links.append(PageNumber(number, _url(path, {**base, "page": number}), number == page))
        last = number
    return tuple(links)
