"""The writing screen: shown, saved, published; nothing that was typed is ever lost."""

from datetime import datetime
from secrets import token_hex
from typing import Any, Final, Literal, get_args

from litestar import Response
from msgspec import Struct

from core.admin.content_lists import known_kind, list_path, preview_url
from core.admin.editor import editor_of, format_of_new
from core.admin.flash import flash
from core.admin.shell import AnyRequest, Crumb, go, part, screen
from core.admin.view_routes import FormProblem, problem_of, version_of
from core.admin.write_copies import copy_data, offered, window_of
from core.admin.write_form import WriteState, draft_key, post_data, read_post
from core.admin.write_side import side_of
from core.clock import now
from core.content import (
    StatusWanted,
    change_status,
    create_post,
    drop_copy,
    keep_copy,
    lock_of,
    require_free,
    update_post,
)
from core.context import current_actor, current_tenant
from core.contract.content import ContentType, Finding
from core.contract.views import PostView
from core.errors import Conflict, Invalid, NotFound, Refused
from core.http import Form, FormState, form_of, is_htmx
from core.i18n import gettext as _

__all__ = ["kind_of", "new_state", "save_written", "write_screen"]

_PUBLIC: Final = ("publish", "future", "private")
Deed = Literal["save", "publish", "submit", "draft"]


class Outcome(Struct, frozen=True, kw_only=True):
    """How a save went: the post as it is now, and why it was not (wholly) done."""

    post: PostView | None
    problem: FormProblem | None = None
    findings: tuple[Finding, ...] = ()
    written: WriteState


def new_state(kind: ContentType, editor: str = "") -> WriteState:
    """Return the form of a post that does not exist yet.

    Args:
        kind: Its type.
        editor: "blocks" or "html" if somebody chose; else the site's setting counts.
    """
    values: dict[str, str | list[str]] = {
        "visibility": "public",
        "format": "standard",
        "menu_order": "0",
        "content_format": format_of_new(editor),
        "_draft": token_hex(8),
        "comments_open": "on" if "comments" in kind.supports and kind.name != "page" else "",
    }
    return WriteState(state=FormState(values))


async def write_screen(
    request: AnyRequest,
    kind: ContentType,
    post: PostView | None,
    written: WriteState,
    *,
    outcome: Outcome | None = None,
    restores: bool = False,
) -> Response[str]:
    """Answer with the writing screen.

    Args:
        request: The request.
        kind: The post's type.
        post: The post as it is saved, None for a new one.
        written: What the form shows.
        outcome: Of a save that was not wholly done.
        restores: The form shows what was never saved.
    """
    problem = outcome.problem if outcome is not None else None
    lock = await lock_of(post.id) if post is not None else None
    key = draft_key(written)
    status = problem.status if problem is not None else 422 if written.state.errors else 200
    title = post.title if post is not None and post.title else _("New: %(what)s") % {"what": _(kind.singular)}
    return await screen(
        request,
        "admin/writing/writing.html",
        key={"post": "posts", "page": "pages"}.get(kind.name, f"content.{kind.name}"),
        title=title,
        crumbs=(Crumb(_(kind.title), list_path(kind.name)),),
        status=status,
        kind=kind,
        kind_title=_(kind.title),
        list_path=list_path(kind.name),
        post=post,
        action=f"/admin/posts/{post.number}" if post is not None else f"{list_path(kind.name)}/new",
        preview=preview_url(post) if post is not None else f"/?preview=true&draft={kind.name}:{key}",
        state=written.state,
        side=await side_of(kind, post, written),
        problem=problem,
        findings=outcome.findings if outcome is not None else (),
        version=post.version if post is not None else None,
        editor=await editor_of(written.state.value("content_format"), written.state.value("content")),
        lock=lock,
        locked=lock is not None and not lock.own,
        offers=await offered(kind, post, but=key) if outcome is None and not restores else (),
        restores=restores,
        draft_key=key,
        keeper=f"{current_tenant().id}.{current_actor().id}",
    )


async def save_written(request: AnyRequest, kind: ContentType, post: PostView | None) -> Response[Any]:
    """Save what was sent, do what the button said, and answer: the screen again, or for htmx its state."""
    form = form_of(request)
    deed = form.get("_action") or "save"
    if deed not in get_args(Deed):
        raise NotFound(_("There is nothing of this name to do here."))
    outcome = await _save(request, kind, post, deed)  # type: ignore[arg-type]  # one of them, see above
    if outcome.post is not None and outcome.problem is None and not outcome.written.state.errors:
        return await _saved(request, kind, outcome.post, post)
    if is_htmx(request):
        return await part(
            request,
            "admin/writing/not_saved.html",
            status=outcome.problem.status if outcome.problem is not None else 422,
            state=outcome.written.state,
            problem=outcome.problem,
            post=outcome.post,
            preview=preview_url(outcome.post) if outcome.post is not None else "",
            findings=outcome.findings,
        )
    return await write_screen(request, kind, outcome.post or post, outcome.written, outcome=outcome)


async def _saved(
    request: AnyRequest, kind: ContentType, post: PostView, before: PostView | None
) -> Response[Any]:
    moved = before is None or before.status != post.status
    if is_htmx(request) and not moved:
        return await part(request, "admin/writing/saved.html", post=post, preview=preview_url(post))
    if is_htmx(request) and before is None and post.status == "draft":
        return await part(
            request,
            "admin/writing/saved.html",
            headers={"hx-replace-url": f"/admin/posts/{post.number}"},
            post=post,
            preview=preview_url(post),
        )
    flash(request, _said(post, before))
    return go(request, f"/admin/posts/{post.number}")


def _said(post: PostView, before: PostView | None) -> str:
    if before is not None and before.status == post.status:
        return _("Saved.")
    return {
        "publish": _("Published."),
        "future": _("Scheduled."),
        "private": _("Published, for those who may read private posts."),
        "pending": _("Handed in for review."),
        "draft": _("Saved as a draft."),
    }.get(post.status, _("Saved."))


async def _save(request: AnyRequest, kind: ContentType, post: PostView | None, deed: Deed) -> Outcome:
    form = form_of(request)
    written = read_post(form)
    saved: PostView | None = None
    try:
        if post is not None:
            await require_free(post.id)
        data = await post_data(written, form, kind, post)
        if post is None:
            saved = await create_post(data)
        else:
            saved = await update_post(post.id, data, version=version_of(request, needed=True))
        await _drop(form, kind, post)
        saved = await _move(saved, deed, written)
    except Invalid as error:
        return Outcome(post=saved, written=written.failed(error.errors))
    except Refused as error:
        findings = tuple(found for found in error.findings if isinstance(found, Finding))
        return Outcome(post=saved, problem=problem_of(error), findings=findings, written=written)
    except Conflict as error:
        if "revision" not in error.yours:  # not about the text: the state of the post
            if post is not None and saved is None:  # somebody else is writing: it stays this person's copy
                await keep_copy(
                    copy_data(form, post),
                    post_id=post.id,
                    writer=window_of(form),
                    base_version=version_of(request, needed=False),
                )
            return Outcome(post=saved, problem=problem_of(error), written=written)
        raise
    return Outcome(post=saved, written=written)


async def _drop(form: Form, kind: ContentType, before: PostView | None) -> None:
    """Throw the copy away that was kept of what is saved now."""
    if before is not None:
        await drop_copy(before.id)
    elif form.get("_draft"):
        await drop_copy(new=(kind.name, form.get("_draft")))


async def _move(post: PostView, deed: Deed, written: WriteState) -> PostView:
    """Give a saved post the status that was asked for."""
    given = written.form
    assert given is not None
    at = _chosen_time(post, given.at)
    wanted: str = {"save": post.status, "publish": "publish", "submit": "pending", "draft": "draft"}[deed]
    if wanted in _PUBLIC:
        wanted = "private" if given.visibility == "private" else "publish"
        if wanted == "publish" and (at or post.scheduled_at or now()) > now():
            wanted = "future"
            at = at or post.scheduled_at
    if wanted == post.status and at is None:
        return post
    if wanted not in _PUBLIC and wanted == post.status:
        return post
    status: StatusWanted = wanted  # type: ignore[assignment]  # one of the statuses above
    return await change_status(post.id, status, version=post.version, at=at if wanted in _PUBLIC else None)


def _chosen_time(post: PostView, at: datetime | None) -> datetime | None:
    """Return the time that somebody chose; None for the one there is, which inputs show to the minute."""
    there = post.scheduled_at if post.status == "future" else post.published_at
    if at is None or (there is not None and there.replace(second=0, microsecond=0) == at):
        return None
    return at


def kind_of(post: PostView) -> ContentType:
    """Return the type of a post.

    Raises:
        NotFound: The plugin that brought it is off.
    """
    return known_kind(post.type)
