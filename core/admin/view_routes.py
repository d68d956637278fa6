"""The routes of an `AdminView`: handler, operation, template."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from core.accounts import require
from core.admin.confirm import confirm_first
from core.admin.flash import flash
from core.admin.forms import filled, form_groups, submitted
from core.admin.panels import Panel, panels_of, read_ext, shown_ext, with_ext
from core.admin.pieces import Action
from core.admin.shell import AnyRequest, Crumb, go, part, screen
from core.admin.table import build_table, read_query
from core.admin.view import AdminView
from core.errors import BadRequest, Conflict, Invalid, NotFound, Refused, StepUp, Unauthenticated, VitralError
from core.http import FormState, form_of, page_or_part, safe_next
from core.i18n import gettext as _
from core.i18n import ngettext

__all__ = [
    "FormProblem",
    "change_row",
    "create_row",
    "edit_row",
    "panels_below",
    "problem_of",
    "read_with_ext",
    "run_action",
    "show_form",
    "show_list",
    "show_more",
    "status_of",
    "version_of",
    "view_handlers",
]

View = AdminView[Any, Any]
_MOST: Final = 200


class FormProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a form was not taken, as far as it is not the fault of one field."""

    status: int
    text: str
    hint: str = ""
    current: dict[str, Any] = {}
    """What somebody else wrote meanwhile, by field."""


def problem_of(error: VitralError) -> FormProblem:
    """Return what a form says about an error of its operation."""
    current = error.current if isinstance(error, Conflict) else {}
    return FormProblem(status=error.status, text=error.message, hint=error.hint, current=current)


def view_handlers(view: View) -> list[HTTPRouteHandler]:
    """Return the route handlers of a view, as many as it has screens."""
    handlers = [_listing(view)]
    if view.form is not None and view.overrides("create"):
        handlers += [_new(view), _create(view)]
    if view.form is not None and view.overrides("values"):
        handlers.append(_edit(view))
        if view.overrides("change"):
            handlers.append(_change(view))
    if view.all_actions:
        handlers.append(_act(view))
    if view.more_template:
        handlers.append(_more(view))
    return handlers


def _listing(view: View) -> HTTPRouteHandler:
    @get(view.path, opt={"capability": view.capability}, include_in_schema=False)
    async def listing(request: AnyRequest) -> Response[str]:
        """Show the list, or for htmx its rows."""
        return await show_list(request, view)

    return listing


def status_of(state: FormState[Any], problem: FormProblem | None) -> int:
    """Return the HTTP status of the answer with a form: it may need correcting, or say why nothing was saved."""
    return problem.status if problem is not None else 422 if state.errors else 200


async def show_form(
    request: AnyRequest,
    view: View,
    state: FormState[Any],
    row: Any = None,
    *,
    problem: FormProblem | None = None,
    version: int | None = None,
) -> Response[str]:
    """Answer with the form of a row, or of a new one."""
    title = _("New: %(what)s") % {"what": _(view.singular)} if row is None else view.label(row)
    assert view.form is not None
    return await screen(
        request,
        view.form_template,
        key=view.menu_key,
        title=title,
        crumbs=(Crumb(_(view.title), view.path),),
        status=status_of(state, problem),
        view=view,
        row=row,
        action=f"{view.path}/new" if row is None else view.row_path(row),
        address=view.address(row) if row is not None else "",
        groups=await form_groups(view.form, view.options),
        panels=await panels_below(view, row, state),
        state=state,
        problem=problem,
        version=version if version is not None else (view.version(row) if row is not None else None),
        right=view.right("create" if row is None else "change"),
        deletes=row is not None and view.overrides("delete"),
        **await view.context(row),
    )


async def panels_below(view: View, row: Any, state: FormState[Any]) -> tuple[Panel, ...]:
    """Return the sections of plugins that stand below the form of a row, or of a new one."""
    if view.extends is None:
        return ()
    owner, kind = view.extends
    about = None if row is None else (await view.kept(row))[0]
    return await panels_of(owner, kind, about, state)


def read_with_ext(request: AnyRequest, view: View) -> tuple[FormState[Any], Mapping[str, Any]]:
    """Read the form of a view, and the sections of plugins below it."""
    assert view.form is not None
    if view.extends is None:
        return submitted(request, view.form), {}
    form = form_of(request)
    foreign = [name for name in form if name.startswith("ext.")]
    read = read_ext(form, view.extends[0])
    return with_ext(submitted(request, view.form, also=foreign), read), read.data


def _new(view: View) -> HTTPRouteHandler:
    @get(f"{view.path}/new", opt={"capability": view.right("create")}, include_in_schema=False)
    async def new(request: AnyRequest) -> Response[str]:
        """Show an empty form."""
        return await show_form(request, view, FormState())

    return new


def _create(view: View) -> HTTPRouteHandler:
    @post(
        f"{view.path}/new",
        opt={"capability": view.right("create")},
        include_in_schema=False,
        before_request=confirm_first,
    )
    async def create(request: AnyRequest) -> Response[Any]:
        """Make a row, or show the form again with everything that is wrong."""
        return await create_row(request, view)

    return create


async def create_row(request: AnyRequest, view: View) -> Response[Any]:
    """Make a row of what was sent, or show the form again with everything that is wrong."""
    state, ext = read_with_ext(request, view)
    if state.data is None:
        return await show_form(request, view, state)
    try:
        row = await view.create_extended(state.data, ext)
    except Invalid as error:
        return await show_form(request, view, state.failed(error.errors))
    except (Conflict, Refused) as error:
        return await show_form(request, view, state, problem=problem_of(error))
    flash(request, _("“%(what)s” was added.") % {"what": view.label(row)})
    return go(request, view.made_path(row))


def _edit(view: View) -> HTTPRouteHandler:
    @get(f"{view.path}/{{key:str}}", opt={"capability": view.capability}, include_in_schema=False)
    async def edit(request: AnyRequest, key: FromPath[str]) -> Response[str]:
        """Show the form of a row."""
        return await edit_row(request, view, key)

    return edit


async def edit_row(request: AnyRequest, view: View, key: FromPath[str]) -> Response[str]:
    """Answer with the form of a row."""
    row = await view.get(key)
    state = filled(view.values(row))
    if view.extends is not None:
        kept = (await view.kept(row))[1]
        state = FormState({**state.values, **shown_ext(view.extends[0], kept)}, {}, state.data)
    return await show_form(request, view, state, row)


def _change(view: View) -> HTTPRouteHandler:
    @post(
        f"{view.path}/{{key:str}}",
        opt={"capability": view.right("change")},
        include_in_schema=False,
        before_request=confirm_first,
    )
    async def change(request: AnyRequest, key: FromPath[str]) -> Response[Any]:
        """Change a row, or show the form again with everything that is wrong."""
        return await change_row(request, view, key)

    return change


async def change_row(request: AnyRequest, view: View, key: FromPath[str]) -> Response[Any]:
    """Change a row to what was sent, or show the form again with everything that is wrong."""
    row = await view.get(key)
    state, ext = read_with_ext(request, view)
    version = version_of(request, needed=view.version(row) is not None)
    if state.data is None:
        return await show_form(request, view, state, row, version=version)
    try:
        row = await view.change_extended(row, state.data, ext, version)
    except Invalid as error:
        return await show_form(request, view, state.failed(error.errors), row, version=version)
    except Conflict as error:
        fresh = await view.get(key)  # saving again then replaces what is there now, knowingly
        return await show_form(request, view, state, fresh, problem=problem_of(error))
    except Refused as error:
        return await show_form(request, view, state, row, problem=problem_of(error), version=version)
    flash(request, _("“%(what)s” was saved.") % {"what": view.label(row)})
    return go(request, view.path)


def version_of(request: AnyRequest, *, needed: bool) -> int | None:
    """Return the version that a form was made of, None if it names none.

    Args:
        request: With the form.
        needed: Whether it is the form of something that is there already, and counts its versions.

    Raises:
        BadRequest: It names something else, or none where one is needed: it would overwrite what others
            wrote since.
    """
    text = form_of(request).get("_version")
    if needed and not text:
        raise BadRequest(
            _("The form came without the version that it was made of, so nothing was changed."),
            hint=_("Reload the page and send it again."),
        )
    if text and not (text.isascii() and text.isdigit() and len(text) < 18):
        raise BadRequest(_("“%(value)s” is no version of anything here.") % {"value": text[:40]})
    return int(text) if text else None


def _act(view: View) -> HTTPRouteHandler:
    @post(
        f"{view.path}/do",
        opt={"capability": view.capability},
        include_in_schema=False,
        before_request=confirm_first,
    )
    async def act(request: AnyRequest) -> Response[Any]:
        """Do something with one row, or with all that are ticked."""
        return await run_action(request, view)

    return act


def _more(view: View) -> HTTPRouteHandler:
    @get(f"{view.path}/{{key:str}}/more", opt={"capability": view.capability}, include_in_schema=False)
    async def more(request: AnyRequest, key: FromPath[str]) -> Response[str]:
        """Show details of a row, for htmx as another row of the table."""
        return await show_more(request, view, key)

    return more


async def show_more(request: AnyRequest, view: View, key: FromPath[str]) -> Response[str]:
    """Answer with details of a row."""
    row = await view.get(key)
    more = await view.details(row)
    if page_or_part(request) == "part":
        return await part(request, "admin/list/more_row.html", view=view, row=row, **more)
    return await screen(
        request,
        "admin/list/more.html",
        key=view.menu_key,
        title=view.label(row),
        crumbs=(Crumb(_(view.title), view.path),),
        view=view,
        row=row,
        **more,
    )


async def show_list(request: AnyRequest, view: View) -> Response[str]:
    """Answer with a view's list, or for htmx its rows."""
    query = read_query(request, view)
    table = await build_table(view, query, await view.rows(query))
    more = await view.context(None)
    if page_or_part(request) == "part":
        return await part(request, view.rows_template, view=view, table=table, **more)
    return await screen(
        request, view.list_template, key=view.menu_key, title=_(view.title), view=view, table=table, **more
    )


def _asked(request: AnyRequest, view: View) -> tuple[Action, list[str]]:
    form = form_of(request)
    name, _colon, key = form.get("one").partition(":")
    keys = [key] if key else [k for value in form.all("ids") for k in value.split(",") if k]
    name = name if key else form.get("do")
    action = next((action for action in view.all_actions if action.name == name), None)
    if action is None:
        raise NotFound(_("There is nothing of this name to do here."))
    if len(keys) > _MOST:
        raise BadRequest(_("Choose at most %(most)d entries at a time.") % {"most": _MOST})
    return action, list(dict.fromkeys(keys))


async def run_action(request: AnyRequest, view: View) -> Response[Any]:
    """Do what was asked for with rows of a view, each on its own: what fails doesn't stop the others."""
    action, keys = _asked(request, view)
    await require(action.capability or view.right("change"))
    form = form_of(request)
    back = safe_next(form.get("_next"), view.path)
    if not keys:
        flash(request, _("Nothing was chosen."), "warning")
        return go(request, back)
    if action.confirm and not form.get("_confirmed"):
        return await _ask(request, view, action, keys, back)
    done: list[str] = []
    failed: list[str] = []
    for key in keys:
        label = ""
        try:
            row = await view.get(key)
            label = view.label(row)
            await action.run(row)
            done.append(key)
        except (StepUp, Unauthenticated):
            raise
        except VitralError as error:
            if error.status >= 500:
                raise
            failed.append(f"{label}: {error}" if label else str(error))
    _tell(request, view, action, done, failed)
    return go(request, back)


async def _ask(
    request: AnyRequest, view: View, action: Action, keys: Sequence[str], back: str
) -> Response[str]:
    labels = [view.label(await view.get(key)) for key in keys[:20]]
    return await screen(
        request,
        "admin/list/confirm.html",
        key=view.menu_key,
        title=_(action.title),
        crumbs=(Crumb(_(view.title), view.path),),
        view=view,
        action=action,
        keys=keys,
        labels=labels,
        question=_(action.confirm),
        back=back,
    )


def _tell(
    request: AnyRequest, view: View, action: Action, done: Sequence[str], failed: Sequence[str]
) -> None:
    if done:
        text = ngettext(*action.done, len(done)) % {"count": len(done)}
        undo = {"do": action.undo, "ids": ",".join(done)} if action.undo else {}
        flash(request, text, undo_url=f"{view.path}/do" if undo else "", undo=undo)
    if failed:
        more = len(failed) - 3
        text = " ".join(failed[:3])
        if more > 0:
            text += " " + ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more}
        flash(request, text, "error")
