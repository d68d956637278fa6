"""Two people, one post: both texts side by side, and a third that takes from both."""

from typing import Any, Final

from litestar import Response

from core.admin.block_names import block_names
from core.admin.confirm import carried_fields
from core.admin.content_lists import list_path, menu_key_of
from core.admin.editor import BLOCKS, editor_of, readable
from core.admin.shell import AnyRequest, Crumb, screen
from core.content import compare_texts, get_post
from core.contract.content import ContentType
from core.contract.views import PostView
from core.errors import Conflict
from core.http import form_of, is_htmx
from core.i18n import gettext as _

__all__ = ["conflict_screen"]

_TEXTS: Final = ("title", "excerpt", "content")
_REPLACED: Final = frozenset({*_TEXTS, "_version", "_action"})


async def conflict_screen(
    request: AnyRequest, kind: ContentType, post: PostView, error: Conflict
) -> Response[str]:
    """Answer with the screen that shows what somebody else saved meanwhile, and lets the two be merged.

    Everything else that was sent travels along in hidden fields; what was written is also kept as a
    revision, so that closing the window loses nothing either.

    Args:
        request: The save that came too late.
        kind: The post's type.
        post: The post as it was when the save was begun.
        error: Holds both states.
    """
    form = form_of(request)
    current = await get_post(post.id, edit=True)
    yours = {name: form.get(name) if name in form else str(getattr(current, name)) for name in _TEXTS}
    theirs = {name: str(getattr(current, name)) for name in _TEXTS}
    formats = (current.content_format, form.get("content_format") or current.content_format)
    response = await screen(
        request,
        "admin/writing/conflict.html",
        key=menu_key_of(kind.name),
        title=_("Two versions of “%(title)s”") % {"title": current.title},
        crumbs=(
            Crumb(_(kind.title), list_path(kind.name)),
            Crumb(current.title, f"/admin/posts/{post.number}"),
        ),
        status=409,
        post=current,
        yours=yours,
        theirs=theirs,
        diffs=[
            compare_texts(name, theirs[name], yours[name], formats=formats if name == "content" else None)
            for name in _TEXTS
        ],
        names=block_names(),
        view="side",
        editor=await editor_of(form.get("content_format") or current.content_format, yours["content"]),
        theirs_html=await readable(BLOCKS, theirs["content"]) if current.content_format == BLOCKS else "",
        labels={"title": _("Title"), "excerpt": _("Summary"), "content": _("Text")},
        revision=error.yours.get("revision"),
        fields=[pair for pair in carried_fields(request) if pair[0] not in _REPLACED],
        deed=form.get("_action") or "save",
    )
    if is_htmx(request):
        headers: dict[str, Any] = {"hx-retarget": "body", "hx-reswap": "innerHTML", "hx-push-url": "false"}
        response.headers.update(headers)
    return response
