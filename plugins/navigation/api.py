"""Menus over the API: `/api/v1/navigation`. Read with the right to change menus, as in WordPress."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response, Router, get

from core.api import (
    PARAMETERS,
    READS,
    ListParameters,
    NoParameters,
    Number,
    answer,
    base_url,
    may_answer,
    page_answer,
    read_cursor,
    read_parameters,
    write_cursor,
)
from core.contract.content import ListingPosition
from plugins.navigation.operations import EDIT
from plugins.navigation.store import all_menus, get_menu, items_of
from plugins.navigation.targets import Target, TargetState, targets_of
from plugins.navigation.views import Audience, Item, ItemKind, MenuView

__all__ = ["api_handlers"]

AnyRequest = Request[Any, Any, Any]
_LISTING, _ORDER = "menus", "number:asc"


class MenuOut(msgspec.Struct, kw_only=True, frozen=True, rename="camel"):
    """A menu."""

    number: int
    name: str
    slug: str
    places: list[str]
    """Names of the theme's places that it stands in."""
    count: int
    """Entries."""
    updated_at: datetime
    version: int


class MenuEntryOut(msgspec.Struct, kw_only=True, frozen=True, rename="camel"):
    """An entry of a menu, whoever sees it."""

    kind: ItemKind
    title: str
    """Its label, or the title of what it leads to."""
    label: str
    """"" where it follows what it leads to."""
    url: str
    """"" for a heading, and for what is gone."""
    state: TargetState
    """"hidden" while what it leads to is not published, "gone" when it is not here any more."""
    hint: str
    description: str
    classes: list[str]
    new_tab: bool
    audience: Audience
    roles: list[str]
    children: list["MenuEntryOut"]


class MenuWithItemsOut(MenuOut, kw_only=True, frozen=True, rename="camel"):
    """A menu with its entries."""

    items: list[MenuEntryOut]


class MenuPage(msgspec.Struct, kw_only=True, frozen=True):
    """A page of menus."""

    items: list[MenuOut]
    next: str | None = None
    """Address of the next page."""
    cursor: str | None = None


def _common(menu: MenuView) -> dict[str, Any]:
    return {
        "number": menu.number,
        "name": menu.name,
        "slug": menu.slug,
        "places": list(menu.places),
        "count": menu.count,
        "updated_at": menu.updated_at,
        "version": menu.version,
    }


@get(
    "/",
    opt={"capability": EDIT, PARAMETERS: ListParameters},
    responses=may_answer(*READS),
    summary="List menus",
)
async def list_items(request: AnyRequest) -> Response[MenuPage]:
    """List the site's menus in the order in which they were made."""
    asked = read_parameters(request, ListParameters)
    position = read_cursor(asked.cursor, _LISTING, _ORDER)
    after = position.value if position is not None and isinstance(position.value, int) else 0
    menus = sorted((menu for menu in await all_menus() if menu.number > after), key=lambda menu: menu.number)
    items = [MenuOut(**_common(menu)) for menu in menus[: asked.limit]]
    if len(menus) <= asked.limit:
        return answer(request, MenuPage(items=items))
    last = menus[asked.limit - 1]
    return page_answer(request, items, write_cursor(_LISTING, _ORDER, ListingPosition(last.number, last.id)))


@get(
    "/{number:int}",
    opt={"capability": EDIT},
    responses=may_answer(*READS),
    summary="One menu with its entries",
)
async def get_item(request: AnyRequest, number: Number) -> Response[MenuWithItemsOut]:
    """Return one menu with its entries, each with those below it."""
    read_parameters(request, NoParameters)
    menu = await get_menu(number)
    items = await items_of(menu.id)
    targets = await targets_of(items, everything=True)
    return answer(request, MenuWithItemsOut(**_common(menu), items=_tree(items, targets, base_url(request))))


def _tree(items: list[Item], targets: dict[Any, Target], base: str) -> list[MenuEntryOut]:
    top: list[MenuEntryOut] = []
    way: list[list[MenuEntryOut]] = [top]
    for item in items:
        target = targets.get(item.id)
        url = target.url if target is not None else ""
        made = MenuEntryOut(
            kind=item.kind,
            title=item.label or (target.title if target is not None else ""),
            label=item.label,
            url=base + url if url.startswith("/") else url,
            state=target.state if target is not None else "shown",
            hint=item.hint,
            description=item.description,
            classes=item.css.split(),
            new_tab=item.new_tab,
            audience=item.audience,
            roles=list(item.roles),
            children=[],
        )
        del way[item.level + 1 :]
        way[-1].append(made)
        way.append(made.children)
    return top


api_handlers = [Router("/api/v1/navigation", route_handlers=[list_items, get_item], tags=["navigation"])]
