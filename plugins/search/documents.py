"""Posts as documents of the index: written with the post, in its unit of work."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from core.content import content_text, content_type
from core.context import current_tenant
from core.contract.views import PostView
from core.db import execute
from core.hooks import apply_filters
from core.ids import new_id
from core.tenancy import site_settings
from plugins.search import hookspecs
from plugins.search.tables import Document
from plugins.search.words import key, key_of_type, stems_of_text

__all__ = ["EDITION", "belongs", "drop", "put"]

EDITION: Final = 1
"""Changes whenever documents are made in another way: every site's index is then made anew."""
_BODY: Final = 200_000
"""Characters of a post that are looked in."""
_COLUMNS: Final = ("published_at", "body", "title_words", "topic_words", "body_words", "keys")


def belongs(post: PostView) -> bool:
    """Tell whether everybody may find a post."""
    kind = content_type(post.type)
    return post.status == "publish" and kind is not None and kind.public


async def put(post: PostView) -> None:
    """Write a post's document, in the unit in progress.

    Args:
        post: One that belongs here, with its content and terms.
    """
    values = [post.published_at, *await _words_of(post)]
    await execute(
        f"INSERT INTO search_documents (id, tenant_id, post_id, {', '.join(_COLUMNS)})"  # noqa: S608  # names of ours
        f" VALUES ({{}}, {{tenant}}, {{}}, {', '.join('{}' for _name in _COLUMNS)})"
        " ON CONFLICT (tenant_id, post_id) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS),
        new_id(),
        post.id,
        *values,
    )


async def _words_of(post: PostView) -> list[str]:
    """Return what is written of a post beside its time, in the order of the columns."""
    language = site_settings().language
    # of what a password hides, only the title can be found; whoever saves it may see all of it
    hidden = post.has_password
    text = "" if hidden else content_text(post)[:_BODY]
    body = (await apply_filters(hookspecs.filter_search_text, text, post))[:_BODY]
    topics = [term.name for terms in post.terms.values() for term in terms]
    if not hidden:
        topics.append(post.excerpt)
    return [
        body,
        stems_of_text(post.title, language),
        stems_of_text(" ".join(topics), language),
        stems_of_text(body, language),
        _keys(post),
    ]


def _keys(post: PostView) -> str:
    terms = [term.id for terms in post.terms.values() for term in terms]
    return " ".join(
        (
            key("t", current_tenant().id),
            key_of_type(post.type),
            key("u", post.author.id),
            *(key("c", term_id) for term_id in terms),
        )
    )


async def drop(post_ids: Sequence[UUID]) -> None:
    """Take posts out of the index, in the unit in progress."""
    if post_ids:
        await Document.delete().where(Document.post_id.is_in(list(post_ids)))
