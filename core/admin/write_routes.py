"""Routes of the lists of content and of the writing screen."""

from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from core.accounts import require, type_capabilities
from core.admin.confirm import confirm_first
from core.admin.conflict import conflict_screen
from core.admin.content_filters import options_of
from core.admin.content_lists import content_list, known_kind, list_path
from core.admin.flash import flash
from core.admin.shell import AnyRequest, go, part
from core.admin.view_routes import run_action, show_list, show_more
from core.admin.write_copies import restored
from core.admin.write_form import show_post
from core.admin.writing import kind_of, new_state, save_written, write_screen
from core.content import (
    TermData,
    change_status,
    create_term,
    get_post_by_number,
    own_copy,
    require_free,
    term_tree,
)
from core.content import taxonomy as known_taxonomy
from core.contract.content import ContentType
from core.errors import Conflict, Invalid, NotFound
from core.http import FormState, form_of, is_htmx
from core.i18n import gettext as _

__all__ = ["handlers"]

_LONG: Final = {"body_limit": 4_000_000}
"""A text of the longest size, its accents encoded."""


def _lists(path: str, name: str, right: str) -> list[Any]:
    """Return the routes of the list of a built-in type."""
    opt = {"capability": right}

    @get(path, opt=opt, include_in_schema=False)
    async def listing(request: AnyRequest) -> Response[str]:
        """Show the list, or for htmx its rows."""
        return await show_list(request, content_list(known_kind(name)))

    @get(f"{path}/new", opt=opt, include_in_schema=False)
    async def new(request: AnyRequest) -> Response[str]:
        """Show an empty writing screen."""
        return await _new_screen(request, known_kind(name))

    @post(f"{path}/new", opt={**opt, **_LONG}, include_in_schema=False, before_request=confirm_first)
    async def create(request: AnyRequest) -> Response[Any]:
        """Make a post of what was written."""
        return await save_written(request, known_kind(name), None)

    @post(f"{path}/do", opt=opt, include_in_schema=False, before_request=confirm_first)
    async def act(request: AnyRequest) -> Response[Any]:
        """Do something with one post, or with all that are ticked."""
        return await run_action(request, content_list(known_kind(name)))

    @get(f"{path}/{{number:int}}/more", opt=opt, include_in_schema=False)
    async def more(request: AnyRequest, number: FromPath[int]) -> Response[str]:
        """Show details of a post in the list."""
        return await show_more(request, content_list(known_kind(name)), str(number))

    return [listing, new, create, act, more]


async def _new_screen(request: AnyRequest, kind: ContentType) -> Response[str]:
    """Show an empty writing screen, or one with a text that was never saved."""
    key = request.query_params.get("copy", "")
    copy = await own_copy(new=(kind.name, key)) if key else None
    if copy is None:
        return await write_screen(
            request, kind, None, new_state(kind, request.query_params.get("editor", ""))
        )
    written = restored(copy)
    written.state.values["_draft"] = key
    return await write_screen(request, kind, None, written, restores=True)


async def _allowed(name: str) -> Any:
    kind = known_kind(name)
    if name in ("post", "page"):
        raise NotFound(_("There is nothing at this address."))
    await require(type_capabilities(kind.capability_type).edit)
    return kind


@get("/admin/content/{name:str}", opt={"capability": "read"}, include_in_schema=False)
async def listing(request: AnyRequest, name: FromPath[str]) -> Response[str]:
    """Show the list of a type that a plugin brings."""
    return await show_list(request, content_list(await _allowed(name)))


@get("/admin/content/{name:str}/new", opt={"capability": "read"}, include_in_schema=False)
async def new(request: AnyRequest, name: FromPath[str]) -> Response[str]:
    """Show an empty writing screen."""
    return await _new_screen(request, await _allowed(name))


@post("/admin/content/{name:str}/new", opt={"capability": "read", **_LONG}, include_in_schema=False)
async def create(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Make an item of what was written."""
    return await save_written(request, await _allowed(name), None)


@post("/admin/content/{name:str}/do", opt={"capability": "read"}, include_in_schema=False)
async def act(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Do something with one item, or with all that are ticked."""
    return await run_action(request, content_list(await _allowed(name)))


@get("/admin/content/{name:str}/{number:str}/more", opt={"capability": "read"}, include_in_schema=False)
async def more(request: AnyRequest, name: FromPath[str], number: FromPath[str]) -> Response[str]:
    """Show details of an item in the list."""
    return await show_more(request, content_list(await _allowed(name)), number)


@get("/admin/posts/{number:int}", opt={"capability": "read"}, include_in_schema=False)
async def edit(request: AnyRequest, number: FromPath[int]) -> Response[str]:
    """Show the writing screen of a post of any type."""
    found = await get_post_by_number(number, edit=True)
    kind = kind_of(found)
    copy = await own_copy(found.id) if "copy" in request.query_params else None
    if copy is not None and found.status != "trash":
        return await write_screen(request, kind, found, restored(copy), restores=True)
    return await write_screen(request, kind, found, show_post(found, kind))


@post(
    "/admin/posts/{number:int}",
    opt={"capability": "read", **_LONG},
    include_in_schema=False,
    before_request=confirm_first,
)
async def save(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Save a post; if somebody else was faster, show both texts."""
    found = await get_post_by_number(number, edit=True)
    if form_of(request).get("_action") == "trash":
        await require_free(found.id)
        await change_status(found.id, "trash")
        path = list_path(found.type)
        undo = {"do": "restore", "ids": str(found.number)}
        flash(request, _("Moved to the trash."), undo_url=f"{path}/do", undo=undo)
        return go(request, path)
    try:
        return await save_written(request, kind_of(found), found)
    except Conflict as error:
        return await conflict_screen(request, kind_of(found), found, error)


@post("/admin/posts/terms/{name:str}", opt={"capability": "manage_categories"}, include_in_schema=False)
async def add_term(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Make a category from the writing screen, and show the tree with it ticked."""
    taxonomy = known_taxonomy(name)
    if taxonomy is None or not taxonomy.hierarchical:
        raise NotFound(_("There is nothing at this address."))
    form = form_of(request)
    label, parent = form.get(f"_new_{name}").strip(), form.get(f"_parent_{name}")
    chosen = form.all(f"terms.{name}")
    error = ""
    try:
        data = TermData(name=label, parent_id=_parent(parent))
        made = await create_term(name, data)
        chosen.append(str(made.id))
        label = ""
    except (Invalid, Conflict) as problem:
        error = next(iter(problem.errors.values())) if isinstance(problem, Invalid) else problem.message
    if not is_htmx(request):
        flash(
            request,
            error or _("“%(what)s” was added.") % {"what": form.get(f"_new_{name}").strip()},
            "error" if error else "success",
        )
        return go(request, f"/admin/terms/{name}")
    options = options_of(await term_tree(name))
    state: FormState[Any] = FormState({f"terms.{name}": chosen})
    return await part(
        request,
        "admin/writing/tree.html",
        box={"taxonomy": taxonomy, "options": options},
        state=state,
        error=error,
        typed=label,
        status=422 if error else 200,
    )


def _parent(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


handlers: list[Any] = [
    *_lists("/admin/posts", "post", "edit_posts"),
    *_lists("/admin/pages", "page", "edit_pages"),
    listing,
    new,
    create,
    act,
    more,
    edit,
    save,
    add_term,
]
