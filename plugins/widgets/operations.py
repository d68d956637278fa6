"""The verbs: place a widget, change it, move it, put it aside, delete it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from core.accounts import record, require
from core.clock import now
from core.context import current_tenant
from core.db import next_number, tenant_work
from core.errors import Conflict, Invalid, NotFound, Refused
from core.http import line_of
from core.i18n import gettext as _
from core.i18n import language, use_language
from core.ids import new_id
from core.plugins import check_values
from core.themes import current_themes
from plugins.widgets.tables import PlacedWidget
from plugins.widgets.types import KnownType, known_types, type_of
from plugins.widgets.views import WidgetView, view_of
from plugins.widgets.visibility import Visibility

__all__ = [
    "ASIDE",
    "EDIT",
    "MOST",
    "WidgetData",
    "change_widget",
    "delete_widget",
    "get_widget",
    "insert_widget",
    "list_widgets",
    "move_widget",
    "place_widget",
    "regions",
]

EDIT: Final = "edit_theme_options"
ASIDE: Final = ""
"""The region of what is kept without being shown."""
MOST: Final = 200
"""Widgets of a site: a page reads all of them at once."""


class WidgetData(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a widget: set fields change, unset ones stay."""

    title: Annotated[str, line_of(200)] | UnsetType = UNSET
    show_title: bool | UnsetType = UNSET
    settings: Mapping[str, Any] | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET


def regions() -> Mapping[str, str]:
    """Return the regions of the site's theme with their titles in the reader's language, in the theme's order."""
    themes, tenant = current_themes(), current_tenant()
    with use_language(language(), themes.locale_folders(tenant)):
        return {name: _(title) for name, title in themes.regions(tenant.theme).items()}


async def list_widgets() -> tuple[WidgetView, ...]:
    """Return every widget of the site, by region and order: one query."""
    rows = (
        await PlacedWidget.select()
        .order_by(PlacedWidget.region)
        .order_by(PlacedWidget.position)
        .order_by(PlacedWidget.number)
    )
    return tuple(view_of(row) for row in rows)


async def get_widget(number: int) -> WidgetView:
    """Return a widget.

    Raises:
        NotFound: There is none of this number on the site.
    """
    rows = await PlacedWidget.select().where(PlacedWidget.number == number) if 0 < number < 2**63 else []
    if not rows:
        raise NotFound(_("There is no such widget here."))
    return view_of(rows[0])


async def place_widget(type_name: str, region: str, data: WidgetData | None = None) -> WidgetView:
    """Place a widget at the end of a region.

    Raises:
        Forbidden: The actor may not change widgets.
        NotFound: There is no such kind of widget here.
        Invalid: Everything that has to be corrected, by field; the region, too.
        Refused: The site has as many as it can have.
    """
    await require(EDIT)
    known, data = type_of(type_name), data or WidgetData()
    _check_region(region)
    columns = _columns(known, data)
    async with tenant_work():
        number = await next_number("widgets")  # locks the counter: whoever places another one waits
        there = await list_widgets()
        if len(there) >= MOST:
            raise Refused(_("A site can have %(most)d widgets at most.") % {"most": MOST})
        last = max((widget.position for widget in there if widget.region == region), default=-1)
        made = await insert_widget(number, type_name, region, last + 1, columns, heading=known.type.heading)
        await record(
            "widgets.place",
            resource_type="widget",
            resource_id=made.id,
            after={"type": type_name, "region": region},
        )
    return made


async def insert_widget(
    number: int, type_name: str, region: str, position: int, columns: Mapping[str, Any], *, heading: bool
) -> WidgetView:
    """Insert a row, in the unit in progress. No rights are asked here.

    Args:
        number: Its number, taken from the counter "widgets".
        type_name: Its kind.
        region: Its region.
        position: Its place there.
        columns: What else is said of it; the rest is as its kind has it.
        heading: Whether its title is shown unless `columns` say otherwise.
    """
    at = now()
    row = {
        "id": new_id(),
        "number": number,
        "region": region,
        "position": position,
        "type": type_name,
        "title": "",
        "show_title": heading,
        "settings": "{}",
        "visibility": "{}",
        "created_at": at,
        "updated_at": at,
        "version": 1,
        **columns,
    }
    await PlacedWidget.insert(PlacedWidget(**row))
    return view_of(row)


def _check_region(region: str) -> None:
    if region != ASIDE and region not in current_themes().regions(current_tenant().theme):
        raise Invalid({"region": _("The theme of this site has no such region.")})


def _columns(known: KnownType | None, data: WidgetData) -> dict[str, Any]:
    """Return the columns that are to be written.

    Raises:
        Invalid: Settings that can't be taken, by name under "settings.".
    """
    columns: dict[str, Any] = {}
    if data.title is not UNSET:
        columns["title"] = data.title.strip()
    if data.show_title is not UNSET:
        columns["show_title"] = data.show_title
    if data.settings is not UNSET:
        if known is None:
            raise Refused(_("The plugin that this widget belongs to is off. Enable it to change the widget."))
        columns["settings"] = _text_of(_checked(known, data.settings))
    if data.visibility is not UNSET:
        columns["visibility"] = _text_of(_rule(data.visibility))
    return columns


def _checked(known: KnownType, values: Mapping[str, Any]) -> msgspec.Struct:
    try:
        return check_values(known.type.settings, values)
    except Invalid as error:
        raise Invalid({f"settings.{name}": text for name, text in error.errors.items()}) from None


def _rule(rule: Visibility) -> Visibility:
    chosen = rule.places or rule.types or rule.terms or rule.content
    errors = {}
    if rule.where != "everywhere" and not chosen:
        errors["visibility.where"] = _("Choose at least one place below.")
    if rule.who == "roles" and not rule.roles:
        errors["visibility.roles"] = _("Choose at least one role.")
    if errors:
        raise Invalid(errors)
    return rule


def _text_of(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode()


async def change_widget(number: int, data: WidgetData, *, version: int) -> WidgetView:
    """Change what is said of a widget.

    Raises:
        Forbidden: The actor may not change widgets.
        NotFound: There is no such widget here.
        Invalid: Everything that has to be corrected, by field.
        Refused: Its plugin is off, and its settings were to change.
        Conflict: Somebody else changed it first.
    """
    await require(EDIT)
    widget = await get_widget(number)
    columns = _columns(known_types().get(widget.type), data)
    async with tenant_work():
        changed = await _update(widget, columns, version, yours=columns)
        await record(
            "widgets.change",
            resource_type="widget",
            resource_id=widget.id,
            before=_said(widget),
            after=_said(changed),
        )
    return changed


def _said(widget: WidgetView) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(widget)
    return {name: said[name] for name in ("title", "show_title", "settings", "visibility")}


async def _update(
    widget: WidgetView, columns: Mapping[str, Any], version: int, *, yours: Mapping[str, Any]
) -> WidgetView:
    """Write columns of a widget if it still has this version.

    Raises:
        Conflict: It has another one.
    """
    written: dict[Any, Any] = {getattr(PlacedWidget, name): value for name, value in columns.items()}
    rows = (
        await PlacedWidget.update(
            {**written, PlacedWidget.updated_at: now(), PlacedWidget.version: PlacedWidget.version + 1}
        )
        .where(PlacedWidget.id == widget.id, PlacedWidget.version == version)
        .returning(PlacedWidget.id)
    )
    there = await get_widget(widget.number)
    if not rows:
        raise Conflict(
            _("Somebody else changed this widget first."),
            hint=_("Look at what is there now, and do it again."),
            current=msgspec.to_builtins(there),
            yours=dict(yours),
        )
    return there


async def move_widget(number: int, region: str, *, before: int = 0, version: int) -> WidgetView:
    """Move a widget to another place, or put it aside.

    Args:
        number: The widget.
        region: Where to; `ASIDE` keeps it without showing it.
        before: Number of the widget it is to stand before; 0, or one that is not there, for the end.
        version: The version that was seen.

    Raises:
        Forbidden: The actor may not change widgets.
        NotFound: There is no such widget here.
        Invalid: The theme has no such region.
        Conflict: Somebody else changed or moved it first.
    """
    await require(EDIT)
    _check_region(region)
    async with tenant_work():
        await next_number("widgets.moves")  # locks the counter: two who move wait for each other
        widget = await get_widget(number)
        others = [
            there for there in await list_widgets() if there.region == region and there.number != number
        ]
        at = next((index for index, there in enumerate(others) if there.number == before), len(others))
        moved = await _update(
            widget, {"region": region, "position": at}, version, yours={"region": region, "position": at}
        )
        await _renumber([*others[:at], moved, *others[at:]])
        await record(
            "widgets.move",
            resource_type="widget",
            resource_id=widget.id,
            before={"region": widget.region, "position": widget.position},
            after={"region": region, "position": at},
        )
    return moved


async def _renumber(row: Sequence[WidgetView]) -> None:
    for position, widget in enumerate(row):
        if widget.position != position:
            await PlacedWidget.update({PlacedWidget.position: position}).where(PlacedWidget.id == widget.id)


async def delete_widget(number: int, *, version: int | None = None) -> None:
    """Delete a widget with its settings.

    Args:
        number: The widget.
        version: The version that was seen; None deletes whatever is there.

    Raises:
        Forbidden: The actor may not change widgets.
        NotFound: There is no such widget here.
        Conflict: Somebody else changed it first.
    """
    await require(EDIT)
    async with tenant_work():
        widget = await get_widget(number)
        if version is not None:
            widget = await _update(widget, {}, version, yours={})
        await PlacedWidget.delete().where(PlacedWidget.id == widget.id)
        await record(
            "widgets.delete",
            resource_type="widget",
            resource_id=widget.id,
            before={"type": widget.type, "region": widget.region, **_said(widget)},
        )
