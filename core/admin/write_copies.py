"""Copies of what is being written: what of the form is kept, and what is offered when it is opened again."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import UNSET, Struct

from core.admin.write_form import WriteState, read_post, show_post
from core.content import Copy, CopyData, drop_copy, new_copies, own_copy, stored_content
from core.contract.content import ContentType
from core.contract.views import PostView
from core.errors import Invalid
from core.http import Form, FormState

__all__ = ["Offer", "copy_data", "offered", "restored", "window_of"]

_KEPT_MARKS: Final = frozenset({"_tax", "_ext", "_shows"})
_NEVER: Final = frozenset({"post_password"})
"""What must not lie about in clear."""
_FOLLOWS: Final = frozenset({"at", "slug", "content", "title", "excerpt", "content_format"})
"""What is compared in another way, or made by the save itself."""


class Offer(Struct, frozen=True, kw_only=True):
    """Something that was written and never saved, to be brought back or thrown away."""

    copy: Copy
    url: str
    """The writing screen with it."""
    outdated: bool = False
    """Somebody saved the post since it was begun."""


def window_of(form: Form) -> str:
    """Return the key of the window that a form was sent from, "" without a script."""
    return form.get("_window")


def copy_data(form: Form, post: PostView | None) -> CopyData:
    """Return what is kept of a form: all of it, whether it could be saved as it is or not."""
    fields = tuple(
        (name, value)
        for name, value in form.fields
        if (not name.startswith("_") or name in _KEPT_MARKS) and name not in _NEVER
    )
    kept = Form(fields)

    def text(name: str, default: str) -> str:
        return kept.get(name).replace("\r\n", "\n") if name in kept else default

    return CopyData(
        title=text("title", post.title if post is not None else "").replace("\n", " "),
        content=text("content", post.content if post is not None else ""),
        content_format=text("content_format", post.content_format if post is not None else "html"),
        excerpt=text("excerpt", post.excerpt if post is not None else ""),
        fields=fields,
        choices=_choices(kept),
    )


def _choices(form: Form) -> dict[str, Any]:
    """Return what a preview shows beside the text, as far as the form can be read."""
    written = read_post(form)
    given = written.form
    if given is None:
        return {}
    found: dict[str, Any] = {
        "terms": {name: [str(term) for term in ids] for name, ids in given.terms.items()},
        "tags": {
            name: [word.strip() for word in words.split(",") if word.strip()]
            for name, words in given.tags.items()
        },
        "ext": {name: msgspec.to_builtins(value) for name, value in written.ext.items()},
    }
    shown = set(form.all("_tax"))
    for name in shown - found["tags"].keys():
        found["terms"].setdefault(name, [])
    if given.template is not UNSET:
        found["template"] = given.template
    if given.featured is not UNSET:
        found["featured"] = given.featured
    if given.format is not UNSET:
        found["format"] = given.format
    if "comments" in form.all("_shows"):
        found["comment_status"] = "open" if given.comments_open else "closed"
    return found


def restored(copy: Copy) -> WriteState:
    """Return the form as it was when a copy was kept."""
    written = read_post(Form(copy.fields))
    return WriteState(state=FormState(written.state.values), form=written.form, ext=written.ext)


async def offered(kind: ContentType, post: PostView | None, but: str = "") -> tuple[Offer, ...]:
    """Return what the current person wrote and never saved: of a post, or new texts of a type.

    Args:
        kind: The type.
        post: The post, None for new ones.
        but: The key of the form of a new text that is shown already.
    """
    if post is None:
        path = {"post": "/admin/posts", "page": "/admin/pages"}.get(kind.name, f"/admin/content/{kind.name}")
        return tuple(
            Offer(copy=copy, url=f"{path}/new?copy={copy.key}")
            for copy in await new_copies(kind.name)
            if copy.key != but
        )
    copy = await own_copy(post.id)
    if copy is None or post.status == "trash":
        return ()
    if _same(copy, post, kind):
        await drop_copy(post.id)
        return ()
    outdated = copy.base_version is not None and copy.base_version != post.version
    return (Offer(copy=copy, url=f"/admin/posts/{post.number}?copy=1", outdated=outdated),)


def _same(copy: Copy, post: PostView, kind: ContentType) -> bool:
    """Tell whether a copy holds what is saved: nothing of it would be lost."""
    if (copy.title.strip(), _lines(copy.excerpt)) != (post.title, _lines(post.excerpt)):
        return False
    try:
        content = stored_content(copy.content, copy.content_format)
    except Invalid:
        return False
    if (content, copy.content_format) != (post.content, post.content_format):
        return False
    saved, kept = show_post(post, kind).state.values, read_post(Form(copy.fields)).state.values
    return all(
        _plain(kept, name) == _plain(saved, name) for name in kept if name[:1] != "_" and name not in _FOLLOWS
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _plain(values: Mapping[str, Any], name: str) -> list[str]:
    found = values.get(name, "")
    texts = found if isinstance(found, list) else [found]
    return sorted(_lines(str(text)) for text in texts if str(text))
