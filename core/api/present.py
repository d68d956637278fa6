"""From views to what is sent: the fields that this actor may see, and what plugins add."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from core.accounts import decide
from core.api.lookups import numbers_of
from core.api.shapes import AuthorRef, MediaRef, PostOut, TermRef
from core.content import render_parts
from core.context import current_actor
from core.contract.views import MediaView, PostView, TermView
from core.hooks import apply_filters
from hookspecs import content

__all__ = ["post_items", "whole_url"]


def whole_url(base: str, url: str) -> str:
    """Return an address with scheme and host."""
    return base + url if url.startswith("/") else url


async def post_items(
    posts: Iterable[PostView], base: str, *, edit: bool = False, html: bool = True
) -> list[dict[str, Any]]:
    """Return posts as they are sent: one query for the numbers of all parents, however many posts.

    Args:
        posts: From the content, with what is stored if `edit` or `html`; the actor may read them.
        base: Scheme and host that addresses begin with.
        edit: Send the fields that one edits, too, of those posts that the actor may edit.
        html: Send the whole content as HTML.
    """
    listed = list(posts)
    parents = await numbers_of("posts", (post.parent_id for post in listed))
    return [await _item(post, base, parents, edit=edit, html=html) for post in listed]


async def _item(
    post: PostView, base: str, parents: dict[UUID, int], *, edit: bool, html: bool
) -> dict[str, Any]:
    shown = post.unlocked
    item = msgspec.to_builtins(
        PostOut(
            id=post.id,
            number=post.number,
            type=post.type,
            status=post.status,
            title=post.title,
            slug=post.slug,
            url=whole_url(base, post.url),
            summary=post.summary if shown else "",
            html=await _whole_html(post) if shown and html else "",
            author=AuthorRef(
                number=post.author.number,
                name=post.author.name,
                slug=post.author.slug,
                url=whole_url(base, post.author.url),
            ),
            parent=parents.get(post.parent_id) if post.parent_id is not None else None,
            menu_order=post.menu_order,
            template=post.template,
            format=post.format,
            comment_status=post.comment_status,
            is_sticky=post.is_sticky,
            has_password=post.has_password,
            featured=_media(post.featured, base) if post.featured is not None else None,
            terms={name: [_term(term, base) for term in terms] for name, terms in post.terms.items()},
            published_at=post.published_at,
            updated_at=post.updated_at,
            version=post.version,
            ext=dict(post.ext) if shown else {},
            **(_edited(post) if edit and shown and await _may_edit(post) else {}),
        )
    )
    return dict(await apply_filters(content.filter_api_item, item, post))


async def _may_edit(post: PostView) -> bool:
    actor = current_actor()
    return actor.kind != "visitor" and (await decide(actor, "edit_post", post)).allowed


async def _whole_html(post: PostView) -> str:
    """Return all parts of a paged post in one piece."""
    return "\n".join(part.html for part in await render_parts(post))


def _edited(post: PostView) -> dict[str, Any]:
    return {
        "content": post.content,
        "content_format": post.content_format,
        "excerpt": post.excerpt,
        "ping_status": post.ping_status,
        "status_before": post.status_before,
        "scheduled_at": post.scheduled_at,
        "unpublish_at": post.unpublish_at,
        "unpublish_to": post.unpublish_to,
        "created_at": post.created_at,
        "meta": {key: list(values) for key, values in post.meta.items()},
    }


def _term(term: TermView, base: str) -> TermRef:
    return TermRef(number=term.number, name=term.name, slug=term.slug, url=whole_url(base, term.url))


def _media(media: MediaView, base: str) -> MediaRef:
    return MediaRef(
        number=media.number,
        title=media.title,
        url=whole_url(base, media.url),
        mime_type=media.mime_type,
        alt=media.alt,
        caption=media.caption,
        width=media.width,
        height=media.height,
    )
