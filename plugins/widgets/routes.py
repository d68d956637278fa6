"""The screen of widgets: the board, the form of one, and what moves them."""

from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Meta

from core.admin import (
    Crumb,
    FormProblem,
    confirm_first,
    filled,
    flash,
    go,
    part,
    problem_of,
    screen,
    status_of,
    submitted,
    version_of,
)
from core.errors import BadRequest, Conflict, Invalid, NotFound, Refused
from core.http import FormState, form_of, page_or_part, read_request_form
from core.i18n import gettext as _
from plugins.widgets.api import api_handlers
from plugins.widgets.board import Board, build_board, kinds, label_of, place_of
from plugins.widgets.forms import data_of, form_of_type, groups_of, shown_as
from plugins.widgets.operations import (
    ASIDE,
    EDIT,
    change_widget,
    delete_widget,
    get_widget,
    list_widgets,
    move_widget,
    place_widget,
    regions,
)
from plugins.widgets.types import KnownType, known_types, type_of
from plugins.widgets.views import WidgetView

__all__ = ["handlers"]

AnyRequest = Request[Any, Any, Any]

_PATH: Final = "/admin/widgets"
_OPT: Final = {"capability": EDIT}
_BODY: Final = {"capability": EDIT, "body_limit": 600_000}


class MoveForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a widget is to go: a step, or a place."""

    to: Annotated[str, Meta(max_length=80)]
    """"up", "down", "aside", "region:<name>" for its end, or "place" for what stands below."""
    region: Annotated[str, Meta(max_length=60)] = ""
    before: Annotated[int, Meta(ge=0, le=2**53)] = 0


@get(_PATH, opt=_OPT, include_in_schema=False)
async def show_board(request: AnyRequest) -> Response[str]:
    """Show the regions of the theme with their widgets."""
    return await _board_screen(request, await build_board())


async def _board_screen(request: AnyRequest, board: Board) -> Response[str]:
    return await screen(request, "widgets/admin/board.html", key="widgets", title=_("Widgets"), board=board)


def _region(name: str) -> str:
    if name != ASIDE and name not in regions():
        raise NotFound(_("The theme of this site has no such region."))
    return name


@get(f"{_PATH}/new", opt=_OPT, include_in_schema=False)
async def new_widget(request: AnyRequest) -> Response[str]:
    """Show the kinds of widgets to choose from, or the form of the one that was chosen."""
    region = _region(request.query_params.get("region", ASIDE))
    name = request.query_params.get("type", "")
    if not name:
        return await screen(
            request,
            "widgets/admin/choose.html",
            key="widgets",
            title=_("Add a widget"),
            crumbs=(Crumb(_("Widgets"), _PATH),),
            region=region,
            region_title=regions().get(region, "") if region else _("Kept aside"),
            kinds=kinds(),
        )
    known = type_of(name)
    return await _form(request, known, filled(_first_values(known)), region=region)


def _first_values(known: KnownType) -> Any:
    return form_of_type(known.type.settings)(show_title=known.type.heading)


async def _form(
    request: AnyRequest,
    known: KnownType,
    state: FormState[Any],
    *,
    region: str = ASIDE,
    widget: WidgetView | None = None,
    problem: FormProblem | None = None,
    version: int | None = None,
) -> Response[str]:
    """Answer with the form of a widget, as a panel for htmx."""
    context: dict[str, Any] = {
        "kind": _(known.type.title),
        "about": _(known.type.description) if known.type.description else "",
        "groups": await groups_of(known),
        "state": state,
        "problem": problem,
        "widget": widget,
        "type_name": known.type.name,
        "region": region,
        "action": f"{_PATH}/{widget.number}" if widget is not None else f"{_PATH}/new",
        "version": version if version is not None else (widget.version if widget is not None else None),
    }
    status = status_of(state, problem)
    title = label_of(widget) if widget is not None else _("New: %(what)s") % {"what": _(known.type.title)}
    if page_or_part(request) == "part":
        return await part(
            request, "widgets/admin/panel.html", status=status, title=title, panel=True, **context
        )
    return await screen(
        request,
        "widgets/admin/form.html",
        key="widgets",
        title=title,
        crumbs=(Crumb(_("Widgets"), _PATH),),
        status=status,
        panel=False,
        **context,
    )


@post(f"{_PATH}/new", opt=_BODY, include_in_schema=False, before_request=confirm_first)
async def create_widget(request: AnyRequest) -> Response[Any]:
    """Place a widget, or show its form again with everything that is wrong."""
    form = form_of(request)
    known, region = type_of(form.get("type")), _region(form.get("region"))
    state = submitted(request, form_of_type(known.type.settings), also=("type", "region"))
    if state.data is None:
        return await _form(request, known, state, region=region)
    try:
        made = await place_widget(known.type.name, region, await data_of(state.data))
    except Invalid as error:
        return await _form(request, known, state.failed(error.errors), region=region)
    except Refused as error:
        return await _form(request, known, state, region=region, problem=problem_of(error))
    flash(request, _("“%(what)s” was added.") % {"what": label_of(made)})
    return go(request, _PATH)


@get(f"{_PATH}/{{number:int}}", opt=_OPT, include_in_schema=False)
async def edit_widget(request: AnyRequest, number: FromPath[int]) -> Response[str]:
    """Show the form of a widget."""
    widget = await get_widget(number)
    known = _known(widget)
    return await _form(request, known, filled(await shown_as(known, widget)), widget=widget)


def _known(widget: WidgetView) -> KnownType:
    known = known_types().get(widget.type)
    if known is None:
        raise NotFound(
            _("The plugin that this widget belongs to is off."),
            hint=_("It keeps its settings. Enable the plugin to change it."),
        )
    return known


@post(f"{_PATH}/{{number:int}}", opt=_BODY, include_in_schema=False, before_request=confirm_first)
async def save_widget(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Save a widget, or show its form again with everything that is wrong."""
    widget = await get_widget(number)
    known = _known(widget)
    state = submitted(request, form_of_type(known.type.settings), also=("type", "region"))
    version = version_of(request, needed=True) or 0
    if state.data is None:
        return await _form(request, known, state, widget=widget, version=version)
    try:
        changed = await change_widget(number, await data_of(state.data), version=version)
    except Invalid as error:
        return await _form(request, known, state.failed(error.errors), widget=widget, version=version)
    except Conflict as error:
        fresh = await get_widget(number)  # saving again then replaces what is there now, knowingly
        return await _form(request, known, state, widget=fresh, problem=_conflict(error))
    flash(request, _("“%(what)s” was saved.") % {"what": label_of(changed)})
    return go(request, _PATH)


def _conflict(error: Conflict) -> FormProblem:
    return FormProblem(
        status=error.status,
        text=error.message,
        hint=_("What you typed is below. Saving again replaces what is there."),
    )


@post(f"{_PATH}/{{number:int}}/move", opt=_OPT, include_in_schema=False)
async def move(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Move a widget; for htmx the board comes back, and a sentence that says where it is now."""
    asked = read_request_form(request, MoveForm).require()
    version = version_of(request, needed=True) or 0
    status, said = 200, ""
    try:
        await _move(await get_widget(number), asked, version)
    except Conflict as error:
        status, said = error.status, f"{error.message} {_('This is how it is now.')}"
    board = await build_board()
    said = said or place_of(board, number)
    if page_or_part(request) == "part":
        return await part(
            request, "widgets/admin/moved.html", status=status, board=board, said=said, failed=status != 200
        )
    flash(request, said, "success" if status == 200 else "error")
    return go(request, _PATH)


async def _move(widget: WidgetView, asked: MoveForm, version: int) -> None:
    verb, _colon, name = asked.to.partition(":")
    match verb:
        case "up" | "down":
            region, before = widget.region, await _step(widget, verb)
        case "region":
            region, before = name, 0
        case "aside":
            region, before = ASIDE, 0
        case "place":
            region, before = asked.region, asked.before
        case _:
            raise BadRequest(_("There is nothing of this name to do here."))
    await move_widget(widget.number, region, before=before, version=version)


async def _step(widget: WidgetView, way: Literal["up", "down"]) -> int:
    """Return the number of what a widget stands before after a step, 0 for the end."""
    row = [there.number for there in await list_widgets() if there.region == widget.region]
    at = row.index(widget.number)
    if way == "up":
        return row[at - 1] if at else (row[1] if len(row) > 1 else 0)
    return row[at + 2] if at + 2 < len(row) else 0


@post(f"{_PATH}/{{number:int}}/delete", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def delete(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Delete a widget after a question, which the server asks where there is no script."""
    widget = await get_widget(number)
    version = version_of(request, needed=True) or 0
    label = label_of(widget)
    if not form_of(request).get("_confirmed"):
        return await screen(
            request,
            "widgets/admin/delete.html",
            key="widgets",
            title=_("Delete “%(what)s”?") % {"what": label},
            crumbs=(Crumb(_("Widgets"), _PATH),),
            widget=widget,
            version=version,
        )
    try:
        await delete_widget(number, version=version)
    except Conflict as error:
        flash(request, error.message, "error")
    else:
        flash(request, _("“%(what)s” was deleted.") % {"what": label})
    return go(request, _PATH)


handlers = [show_board, new_widget, create_widget, edit_widget, save_widget, move, delete, *api_handlers]
