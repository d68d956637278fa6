"""Earlier texts of a post: what changed, who changed it, and bringing one back."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from core.admin.block_names import block_names
from core.admin.confirm import confirm_first
from core.admin.content_lists import list_path, menu_key_of
from core.admin.flash import flash
from core.admin.shell import AnyRequest, Crumb, go, screen
from core.admin.view_routes import problem_of
from core.admin.writing import kind_of
from core.content import (
    Revision,
    compare_revisions,
    get_post_by_number,
    get_revision,
    require_free,
    restore_revision,
)
from core.content import revisions as revisions_of
from core.contract.views import PostView
from core.errors import Conflict, Refused
from core.i18n import gettext as _
from core.text import whole_number

__all__ = ["handlers"]


def _wanted(request: AnyRequest, found: Sequence[Revision]) -> int | None:
    number = whole_number(request.query_params.get("show", ""))
    if any(revision.number == number for revision in found):
        return number
    return found[0].number if found else None


def _other(request: AnyRequest, found: Sequence[Revision], shown: int) -> int | None:
    """Return the version to compare with: the one that was asked for, or what was saved before."""
    asked = whole_number(request.query_params.get("with", ""))
    if asked != shown and any(revision.number == asked for revision in found):
        return asked
    return next((old.number for old in found if old.kind != "autosave" and old.number < shown), None)


async def _screen(
    request: AnyRequest, post: PostView, *, status: int = 200, problem: Any = None
) -> Response[str]:
    kind = kind_of(post)
    found = await revisions_of(post.id)
    number = _wanted(request, found)
    shown = await get_revision(post.id, number) if number is not None else None
    before = None
    if shown is not None:
        other = _other(request, found, shown.number)
        before = await get_revision(post.id, other) if other is not None else None
    view = "inline" if request.query_params.get("view") == "inline" else "side"
    return await screen(
        request,
        "admin/writing/revisions.html",
        key=menu_key_of(kind.name),
        title=_("Earlier texts"),
        crumbs=(
            Crumb(_(kind.title), list_path(kind.name)),
            Crumb(post.title or _("Untitled"), f"/admin/posts/{post.number}"),
        ),
        status=status,
        post=post,
        revisions=found,
        shown=shown,
        before=before,
        diffs=compare_revisions(before, shown) if before is not None and shown is not None else (),
        view=view,
        names=block_names(),
        here=f"/admin/posts/{post.number}/revisions?show={number}"
        + (f"&with={before.number}" if before is not None else ""),
        labels={"title": _("Title"), "excerpt": _("Summary"), "content": _("Text")},
        kinds={"autosave": _("Not saved"), "restore": _("Brought back"), "import": _("Imported"), "save": ""},
        problem=problem,
    )


@get("/admin/posts/{number:int}/revisions", opt={"capability": "read"}, include_in_schema=False)
async def show(request: AnyRequest, number: FromPath[int]) -> Response[str]:
    """Show the revisions of a post, and what one of them changed."""
    return await _screen(request, await get_post_by_number(number, edit=True))


@post(
    "/admin/posts/{number:int}/revisions/{revision:int}",
    opt={"capability": "read"},
    include_in_schema=False,
    before_request=confirm_first,
)
async def restore(request: AnyRequest, number: FromPath[int], revision: FromPath[int]) -> Response[Any]:
    """Bring a revision back. The text that it replaces stays a revision, too."""
    found = await get_post_by_number(number, edit=True)
    try:
        await require_free(found.id)
        await restore_revision(found.id, revision, version=found.version)
    except (Conflict, Refused) as error:
        return await _screen(request, found, status=error.status, problem=problem_of(error))
    flash(request, _("Version %(number)d is back.") % {"number": revision})
    return go(request, f"/admin/posts/{number}")


handlers = [show, restore]
