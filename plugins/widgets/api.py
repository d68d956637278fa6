"""Widgets over the API: `/api/v1/widgets`, for whoever may change the look of the site."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, delete, get, patch, post
from litestar.params import JSONBody
from msgspec import UNSET, Meta, UnsetType

from core.api import (
    READS,
    WRITES,
    NoParameters,
    Number,
    NumberIn,
    answer,
    base_url,
    begin_change,
    created,
    may_answer,
    read_parameters,
)
from core.content import TermQuery, get_post_by_number, list_posts, list_terms, taxonomies
from core.contract.content import ListingQuery
from core.errors import Invalid, NotFound
from core.http import line_of
from core.i18n import gettext as _
from plugins.widgets.forms import ANY, public_types
from plugins.widgets.operations import (
    EDIT,
    WidgetData,
    change_widget,
    delete_widget,
    get_widget,
    list_widgets,
    move_widget,
    place_widget,
)
from plugins.widgets.types import known_types
from plugins.widgets.views import WidgetView
from plugins.widgets.visibility import Place, Visibility

__all__ = ["api_handlers"]

AnyRequest = Request[Any, Any, Any]
_OPT: Final = {"capability": EDIT}
_BODY: Final = {"capability": EDIT, "body_limit": 600_000}
_MOST: Final = 50

_Numbers = Annotated[tuple[NumberIn, ...], Meta(max_length=_MOST)]


class WidgetRule(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where and to whom a widget is shown."""

    where: Literal["everywhere", "only", "except"] = "everywhere"
    places: tuple[Place, ...] = ()
    types: tuple[Annotated[str, Meta(max_length=30)], ...] = ()
    terms: dict[Annotated[str, Meta(max_length=60)], _Numbers] = {}
    """Numbers of terms, by taxonomy."""
    content: _Numbers = ()
    """Numbers of posts, pages and items."""
    who: Literal["everybody", "visitors", "people", "roles"] = "everybody"
    roles: tuple[Annotated[str, Meta(max_length=50)], ...] = ()


class WidgetOut(msgspec.Struct, kw_only=True, frozen=True, rename="camel"):
    """A widget."""

    number: int
    type: str
    region: str
    """"" while it is kept aside."""
    position: int
    title: str
    """"" for that of its type."""
    show_title: bool
    settings: dict[str, Any]
    visibility: WidgetRule
    available: bool
    """The plugin that brings its type is on."""
    version: int


class WidgetList(msgspec.Struct, kw_only=True, frozen=True):
    """All widgets of a site, by region and order."""

    items: list[WidgetOut]


class WidgetIn(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A widget to place at the end of a region."""

    type: Annotated[str, Meta(max_length=60)]
    region: Annotated[str, Meta(max_length=60)] = ""
    title: Annotated[str, line_of(200)] | UnsetType = UNSET
    show_title: bool | UnsetType = UNSET
    settings: dict[str, Any] | UnsetType = UNSET
    visibility: WidgetRule | UnsetType = UNSET


class WidgetChangesIn(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A change to a widget. Fields that are left out stay as they are; settings are replaced whole."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    """The version that it is a change of."""
    title: Annotated[str, line_of(200)] | UnsetType = UNSET
    show_title: bool | UnsetType = UNSET
    settings: dict[str, Any] | UnsetType = UNSET
    visibility: WidgetRule | UnsetType = UNSET


class WidgetPlaceIn(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where a widget is to stand."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    """The version that is moved."""
    region: Annotated[str, Meta(max_length=60)]
    """"" keeps it aside."""
    before: NumberIn | None = None
    """Number of the widget that it is to stand before; the end unless given."""


async def _items(widgets: tuple[WidgetView, ...]) -> list[WidgetOut]:
    terms, content, types = await _term_numbers(widgets), await _post_numbers(widgets), known_types()
    return [
        WidgetOut(
            number=widget.number,
            type=widget.type,
            region=widget.region,
            position=widget.position,
            title=widget.title,
            show_title=widget.show_title,
            settings=dict(widget.settings),
            visibility=_rule_out(widget.visibility, terms, content),
            available=widget.type in types,
            version=widget.version,
        )
        for widget in widgets
    ]


def _rule_out(rule: Visibility, terms: dict[UUID, tuple[str, int]], content: dict[UUID, int]) -> WidgetRule:
    by_taxonomy: dict[str, list[int]] = {}
    for term in rule.terms:
        if term in terms:
            by_taxonomy.setdefault(terms[term][0], []).append(terms[term][1])
    return WidgetRule(
        where=rule.where,
        places=rule.places,
        types=rule.types,
        terms={name: tuple(numbers) for name, numbers in by_taxonomy.items()},
        content=tuple(content[post] for post in rule.content if post in content),
        who=rule.who,
        roles=rule.roles,
    )


async def _term_numbers(widgets: tuple[WidgetView, ...]) -> dict[UUID, tuple[str, int]]:
    ids = tuple({term for widget in widgets for term in widget.visibility.terms})
    found: dict[UUID, tuple[str, int]] = {}
    for taxonomy in taxonomies() if ids else ():
        query = TermQuery(taxonomy=taxonomy.name, ids=ids, per_page=1000)
        found |= {term.id: (term.taxonomy, term.number) for term in (await list_terms(query)).items}
    return found


async def _post_numbers(widgets: tuple[WidgetView, ...]) -> dict[UUID, int]:
    ids = sorted({post for widget in widgets for post in widget.visibility.content})
    found: dict[UUID, int] = {}
    for start in range(0, len(ids), 100):
        query = ListingQuery(
            types=public_types(), statuses=ANY, ids=tuple(ids[start : start + 100]), per_page=100, count=False
        )
        found |= {
            post.id: post.number for post in (await list_posts(query, "api", ext=False, parts=False)).items
        }
    return found


async def _data(given: WidgetIn | WidgetChangesIn) -> WidgetData:
    rule = given.visibility
    return WidgetData(
        title=given.title,
        show_title=given.show_title,
        settings=given.settings,
        visibility=UNSET if rule is UNSET else await _rule_in(rule),
    )


async def _rule_in(rule: WidgetRule) -> Visibility:
    errors: dict[str, str] = {}
    nothing = _("There is nothing with this number here.")
    terms: list[UUID] = []
    for name, numbers in rule.terms.items():
        for number in numbers:
            query = TermQuery(taxonomy=name, order="number", above=number - 1, per_page=1)
            found = (await list_terms(query)).items
            if found and found[0].number == number:
                terms.append(found[0].id)
            else:
                errors[f"visibility.terms.{name}"] = nothing
    content: list[UUID] = []
    for number in rule.content:
        try:
            content.append((await get_post_by_number(number)).id)
        except NotFound:
            errors["visibility.content"] = nothing
    if errors:
        raise Invalid(errors)
    return Visibility(
        where=rule.where,
        places=rule.places,
        types=rule.types,
        terms=tuple(terms),
        content=tuple(content),
        who=rule.who,
        roles=rule.roles,
    )


async def _one(widget: WidgetView) -> WidgetOut:
    return (await _items((widget,)))[0]


@get("/", opt=_OPT, responses=may_answer(*READS), summary="List widgets")
async def list_items(request: AnyRequest) -> Response[WidgetList]:
    """List every widget of the site."""
    read_parameters(request, NoParameters)
    return answer(request, WidgetList(items=await _items(await list_widgets())))


@get("/{number:int}", opt=_OPT, responses=may_answer(*READS), summary="One widget")
async def get_item(request: AnyRequest, number: Number) -> Response[WidgetOut]:
    """Return one widget."""
    read_parameters(request, NoParameters)
    return answer(request, await _one(await get_widget(number)))


@post("/", opt=_BODY, responses=may_answer(*WRITES), summary="Place a widget")
async def post_item(request: AnyRequest, data: JSONBody[WidgetIn]) -> Response[WidgetOut]:
    """Place a widget at the end of a region."""
    await begin_change(request, NoParameters)
    if data.type not in known_types():
        raise Invalid({"type": _("There is no such kind of widget here.")})
    made = await place_widget(data.type, data.region, await _data(data))
    return created(request, await _one(made), f"{base_url(request)}/api/v1/widgets/{made.number}")


@patch("/{number:int}", opt=_BODY, responses=may_answer(*WRITES), summary="Change a widget")
async def patch_item(
    request: AnyRequest, number: Number, data: JSONBody[WidgetChangesIn]
) -> Response[WidgetOut]:
    """Change what is said of a widget. If somebody else changed it since that version, nothing happens."""
    await begin_change(request, NoParameters)
    await get_widget(number)
    changed = await change_widget(number, await _data(data), version=data.version)
    return answer(request, await _one(changed))


@post(
    "/{number:int}/place", status_code=200, opt=_OPT, responses=may_answer(*WRITES), summary="Move a widget"
)
async def post_place(
    request: AnyRequest, number: Number, data: JSONBody[WidgetPlaceIn]
) -> Response[WidgetOut]:
    """Move a widget to another place, or keep it aside."""
    await begin_change(request, NoParameters)
    await move_widget(number, data.region, before=data.before or 0, version=data.version)
    return answer(request, await _one(await get_widget(number)))


@delete("/{number:int}", status_code=204, opt=_OPT, responses=may_answer(*WRITES), summary="Delete a widget")
async def delete_item(request: AnyRequest, number: Number) -> None:
    """Delete a widget with its settings."""
    await begin_change(request, NoParameters)
    await delete_widget(number)


api_handlers = [
    Router(
        "/api/v1/widgets",
        route_handlers=[list_items, get_item, post_item, patch_item, post_place, delete_item],
        tags=["widgets"],
    )
]
