"""Looking at what is not out yet: a draft, or the text that somebody is still writing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from core.accounts import decide, extensions_of, user_views
from core.clock import now
from core.content import (
    Copy,
    Revision,
    capabilities_of,
    content_type,
    digest_text,
    get_post,
    get_revision,
    get_term,
    own_copy,
    stored_content,
    taxonomy,
)
from core.context import current_actor
from core.contract.views import PostView, TermView
from core.errors import Invalid, NotFound
from core.media import media_views_by_number
from core.text import slugify, whole_number

__all__ = ["previewed", "previewed_new"]


async def previewed(post: PostView, revision: int = 0) -> PostView | None:
    """Return a post with the text that is to be looked at, None if the actor may not edit it.

    Args:
        post: The post as it was found.
        revision: Number of a revision; 0 for what the actor is writing and has not saved, if there is
            such a copy, with the choices that were made beside the text.

    Raises:
        NotFound: It has no such revision.
        Invalid: What is being written can't be shown as it is.
    """
    if current_actor().kind != "user" or not (await decide(current_actor(), "edit_post", post)).allowed:
        return None
    post = await get_post(post.id, edit=True)
    if revision:
        return await _with_text(post, await get_revision(post.id, revision))
    copy = await own_copy(post.id)
    return post if copy is None else await _with_copy(post, copy)


async def previewed_new(post_type: str, key: str) -> PostView | None:
    """Return a text of the current person that was never saved, as the post that it would be; None if there is none.

    Args:
        post_type: Its type.
        key: The key of its form.

    Raises:
        Invalid: What is being written can't be shown as it is.
    """
    actor, kind = current_actor(), content_type(post_type)
    if actor.kind != "user" or actor.id is None or kind is None:
        return None
    if not (await decide(actor, capabilities_of(kind.name).edit)).allowed:
        return None
    try:
        copy = await own_copy(new=(kind.name, key))
    except Invalid:  # no form has such a key
        return None
    author = (await user_views((actor.id,))).get(actor.id)
    if copy is None or author is None:
        return None
    post = PostView(
        id=copy.id,
        number=0,
        type=kind.name,
        status="draft",
        title="",
        slug="",
        content="",
        author=author,
        created_at=now(),
        updated_at=copy.updated_at,
        url=f"/?preview=true&draft={kind.name}:{key}",
    )
    return await _with_copy(post, copy)


async def _with_text(post: PostView, text: Revision | Copy) -> PostView:
    content = stored_content(text.content, text.content_format)
    made = await digest_text(text.title, content, text.content_format, text.excerpt, protected=False)
    return msgspec.structs.replace(
        post,
        title=text.title,
        content=content,
        content_format=text.content_format,
        excerpt=text.excerpt,
        summary=made.summary,
    )


async def _with_copy(post: PostView, copy: Copy) -> PostView:
    chosen = copy.choices
    changes: dict[str, Any] = {
        name: chosen[name] for name in ("template", "format", "comment_status") if name in chosen
    }
    if "featured" in chosen:
        number = whole_number(str(chosen["featured"]), digits=18)
        changes["featured"] = (await media_views_by_number([number])).get(number)
    terms = {**post.terms, **await _terms(chosen.get("terms", {}), chosen.get("tags", {}))}
    ext = {**post.ext, **_extended(post, chosen.get("ext", {}))}
    return msgspec.structs.replace(await _with_text(post, copy), terms=terms, ext=ext, **changes)


async def _terms(
    ids: Mapping[str, list[str]], names: Mapping[str, list[str]]
) -> dict[str, tuple[TermView, ...]]:
    found: dict[str, tuple[TermView, ...]] = {}
    for name, chosen in ids.items():
        known = []
        for term_id in chosen:
            try:
                known.append(await get_term(UUID(term_id)))
            except (NotFound, ValueError):
                continue
        found[name] = tuple(known)
    for name, words in names.items():  # a new tag is made when the text is saved, and shown before
        if taxonomy(name) is not None:
            found[name] = tuple(
                TermView(id=UUID(int=index), number=0, taxonomy=name, name=word, slug=slugify(word), url="#")
                for index, word in enumerate(words, 1)
            )
    return found


def _extended(post: PostView, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was written in plugins' panels, of those whose pages show it as it is written."""
    found: dict[str, Any] = {}
    for extension in extensions_of("post"):
        if extension.key not in given or extension.complete is not None:
            continue
        if isinstance(post.ext.get(extension.key), extension.input | None):
            found[extension.key] = msgspec.convert(given[extension.key], extension.input, strict=False)
    return found
