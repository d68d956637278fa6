"""Routes around a text that is being written: copies, the lock, another one made of it, links to look at it."""

from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from core.accounts import require, type_capabilities
from core.admin.block_names import block_names
from core.admin.confirm import confirm_first
from core.admin.content_lists import known_kind, list_path, menu_key_of
from core.admin.flash import flash
from core.admin.shell import AnyRequest, Crumb, go, part, screen
from core.admin.view_routes import FormProblem, problem_of, version_of
from core.admin.write_copies import copy_data, offered, window_of
from core.admin.writing import kind_of
from core.content import (
    PREVIEW_HOURS,
    Copy,
    EditLock,
    compare_post,
    drop_copy,
    duplicate_post,
    empty_trash,
    get_post_by_number,
    hold_lock,
    keep_copy,
    make_preview_link,
    own_copy,
    preview_links,
    release_lock,
    revoke_preview_link,
    take_lock,
)
from core.context import current_tenant
from core.contract.content import ContentType
from core.contract.views import PostView
from core.errors import Conflict, Invalid, NotFound, Refused
from core.http import form_of, is_htmx
from core.i18n import gettext as _
from core.i18n import ngettext
from core.mail import site_origin

__all__ = ["handlers"]

_LONG: Final = {"body_limit": 4_200_000}
_OPT: Final = {"capability": "read"}


async def _news(
    request: AnyRequest, copy: Copy | None, lock: EditLock | None, found: PostView | None, kind: ContentType
) -> Response[dict[str, Any]]:
    """Answer what the script of the writing screen wants to know, with the words to show."""
    other = lock is not None and not lock.own
    texts: dict[str, Any] = {"locked": other, "kept": copy is not None}
    if copy is not None:
        texts["said"] = (await part(request, "admin/writing/kept.html", kept=copy)).content
    if other:
        texts["notice"] = (await part(request, "admin/writing/locked.html", lock=lock, post=found)).content
    if form_of(request).get("_recovered"):
        offers = await offered(kind, found, but=form_of(request).get("_shown"))
        texts["offers"] = (
            await part(request, "admin/writing/offers.html", offers=offers, post=found, kind=kind)
        ).content
    return Response(texts, media_type="application/json", status_code=200)


@post("/admin/posts/{number:int}/autosave", opt={**_OPT, **_LONG}, include_in_schema=False)
async def keep(request: AnyRequest, number: FromPath[int]) -> Response[dict[str, Any]]:
    """Keep what is being written beside the post, without changing it; it is a sign of life, too."""
    found = await get_post_by_number(number, edit=True)
    form, window = form_of(request), window_of(form_of(request))
    copy = await keep_copy(
        copy_data(form, found),
        post_id=found.id,
        writer=window,
        base_version=version_of(request, needed=False),
    )
    recovered = bool(form.get("_recovered"))
    lock = await hold_lock(found.id, window) if window and not recovered else None
    return await _news(request, copy, lock, found, kind_of(found))


@post("/admin/posts/new/{name:str}/autosave", opt={**_OPT, **_LONG}, include_in_schema=False)
async def keep_new(request: AnyRequest, name: FromPath[str]) -> Response[dict[str, Any]]:
    """Keep a text that was never saved."""
    kind, form = known_kind(name), form_of(request)
    new = (kind.name, form.get("_draft"))
    copy = await keep_copy(copy_data(form, None), new=new, writer=window_of(form))
    return await _news(request, copy, None, None, kind)


@post("/admin/posts/{number:int}/lock", opt=_OPT, include_in_schema=False)
async def beat(request: AnyRequest, number: FromPath[int]) -> Response[dict[str, Any]]:
    """Say that somebody begins to write, or still does."""
    found = await get_post_by_number(number, edit=True)
    lock = await hold_lock(found.id, window_of(form_of(request)))
    return await _news(request, None, lock, found, kind_of(found))


@post("/admin/posts/{number:int}/lock/release", opt=_OPT, include_in_schema=False)
async def release(request: AnyRequest, number: FromPath[int]) -> Response[None]:
    """Say that a window is closed."""
    found = await get_post_by_number(number, edit=True)
    await release_lock(found.id, window_of(form_of(request)))
    return Response(None, status_code=204)


@post("/admin/posts/{number:int}/lock/take", opt={**_OPT, **_LONG}, include_in_schema=False)
async def take(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Take a post over from whoever is writing at it."""
    found = await get_post_by_number(number, edit=True)
    # without a script nobody beats: the lock is then held for as long as one that lost its window
    await take_lock(found.id, window_of(form_of(request)) or "00000000")
    flash(request, _("It is yours to write now. The person before was told."))
    return go(request, f"/admin/posts/{number}")


@get("/admin/posts/{number:int}/copy", opt=_OPT, include_in_schema=False)
async def compare(request: AnyRequest, number: FromPath[int]) -> Response[str]:
    """Show how what was written and never saved differs from what is saved."""
    found = await get_post_by_number(number, edit=True)
    kind, copy = kind_of(found), await own_copy(found.id)
    if copy is None:
        raise NotFound(_("Nothing unsaved is kept of this."))
    return await screen(
        request,
        "admin/writing/copy.html",
        key=menu_key_of(kind.name),
        title=_("What you did not save"),
        crumbs=_crumbs(found, kind),
        post=found,
        kind=kind,
        copy=copy,
        offers=await offered(kind, found),
        diffs=compare_post(found, copy),
        labels={"title": _("Title"), "excerpt": _("Summary"), "content": _("Text")},
        names=block_names(),
        view="side" if request.query_params.get("view") != "inline" else "inline",
        here=f"/admin/posts/{number}/copy",
    )


def _crumbs(found: PostView, kind: ContentType) -> tuple[Crumb, ...]:
    return (
        Crumb(_(kind.title), list_path(kind.name)),
        Crumb(found.title or _("Untitled"), f"/admin/posts/{found.number}"),
    )


@post("/admin/posts/{number:int}/copy/discard", opt={**_OPT, **_LONG}, include_in_schema=False)
async def discard(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Throw away what was not saved."""
    found = await get_post_by_number(number, edit=True)
    await drop_copy(found.id)
    if is_htmx(request):
        return await part(request, "admin/writing/offers.html", offers=(), post=found)
    return go(request, f"/admin/posts/{number}")


@post("/admin/posts/new/{name:str}/discard/{key:str}", opt={**_OPT, **_LONG}, include_in_schema=False)
async def discard_new(request: AnyRequest, name: FromPath[str], key: FromPath[str]) -> Response[Any]:
    """Throw a new text away that was never saved."""
    kind = known_kind(name)
    await require(type_capabilities(kind.capability_type).edit)
    await drop_copy(new=(kind.name, key))
    if is_htmx(request):
        offers = await offered(kind, None, but=form_of(request).get("_draft"))
        return await part(request, "admin/writing/offers.html", offers=offers, post=None, kind=kind)
    return go(request, f"{list_path(kind.name)}/new")


@post("/admin/posts/{number:int}/duplicate", opt={**_OPT, **_LONG}, include_in_schema=False)
async def duplicate(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Make a draft of one's own of what is saved of a post, and go there."""
    found = await get_post_by_number(number, edit=True)
    made = await duplicate_post(found.id)
    flash(request, _("This is a copy of “%(what)s”, a draft.") % {"what": found.title or _("Untitled")})
    return go(request, f"/admin/posts/{made.number}")


@post("/admin/trash/{name:str}/empty", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def empty(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Delete everything of a type that is in the trash."""
    kind, back = known_kind(name), f"{list_path(name)}?tab=trash"
    if not form_of(request).get("_confirmed"):
        await require(type_capabilities(kind.capability_type).delete_others)
        return await screen(
            request,
            "admin/content/empty.html",
            key=menu_key_of(kind.name),
            title=_("Empty the trash"),
            crumbs=(Crumb(_(kind.title), list_path(kind.name)),),
            kind=kind,
            kind_title=_(kind.title),
            back=back,
        )
    emptied = await empty_trash(kind.name)
    if emptied.deleted:
        text = ngettext("%(count)d deleted for good.", "%(count)d deleted for good.", emptied.deleted)
        flash(request, text % {"count": emptied.deleted})
    if emptied.later:
        flash(request, _("The rest follows in the background."))
    if emptied.kept:
        flash(request, " ".join(emptied.kept[:3]), "error")
    return go(request, back if emptied.later or emptied.kept else list_path(kind.name))


async def _links_screen(
    request: AnyRequest, number: int, *, problem: FormProblem | None = None, **more: Any
) -> Response[str]:
    found = await get_post_by_number(number, edit=True)
    kind = kind_of(found)
    context: dict[str, Any] = {"made": "", "note": "", "hours": 72, "errors": {}, **more}
    return await screen(
        request,
        "admin/writing/links.html",
        key=menu_key_of(kind.name),
        title=_("Links to look at it"),
        crumbs=_crumbs(found, kind),
        status=problem.status if problem is not None else 422 if context["errors"] else 200,
        post=found,
        links=await preview_links(found.id),
        choices=PREVIEW_HOURS,
        problem=problem,
        **context,
    )


@get("/admin/posts/{number:int}/links", opt=_OPT, include_in_schema=False)
async def links(request: AnyRequest, number: FromPath[int]) -> Response[str]:
    """Show the links with which others look at a post."""
    return await _links_screen(request, number)


@post("/admin/posts/{number:int}/links", opt=_OPT, include_in_schema=False, status_code=200)
async def make_link(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Make a link and show it, this once: what is stored of it does not tell it."""
    found, form = await get_post_by_number(number, edit=True), form_of(request)
    hours, note = form.get("hours"), form.get("note")
    try:
        token, _link = await make_preview_link(found.id, int(hours) if hours.isdecimal() else 0, note)
    except Invalid as error:
        return await _links_screen(request, number, errors=error.errors, note=note)
    except (Conflict, Refused) as error:
        return await _links_screen(request, number, problem=problem_of(error), note=note)
    return await _links_screen(request, number, made=f"{site_origin(current_tenant())}/-/preview/{token}")


@post("/admin/posts/{number:int}/links/{link:uuid}/revoke", opt=_OPT, include_in_schema=False)
async def revoke(request: AnyRequest, number: FromPath[int], link: FromPath[UUID]) -> Response[Any]:
    """Take a link back."""
    found = await get_post_by_number(number, edit=True)
    await revoke_preview_link(found.id, link)
    flash(request, _("The link shows nothing any more."))
    return go(request, f"/admin/posts/{number}/links")


handlers: list[Any] = [
    keep,
    keep_new,
    beat,
    release,
    take,
    compare,
    discard,
    discard_new,
    duplicate,
    empty,
    links,
    make_link,
    revoke,
]
"""What a text needs around it while it is written."""
