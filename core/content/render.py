"""From a view to what a reader sees: the HTML of a part, and titles and summaries after their filters."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from core.content.formats import LARGE, split_parts
from core.content.types import content_format
from core.contract.views import PostView
from core.errors import NotFound
from core.hooks import apply_filters
from core.i18n import gettext as _
from core.text import excerpt_of, plain_text, search_text
from hookspecs import content as hooks

__all__ = ["HtmlWanted", "Rendered", "digest_text", "present", "render"]

log = logging.getLogger("vitral.content")

HtmlWanted = Literal["", "full", "teaser"]
SUMMARY_WORDS: Final = 55


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """The HTML of one part of a post."""

    html: str
    page: int
    pages: int
    has_more: bool
    """It is a teaser, and the part goes on."""


def _markup(post_id: object, content: str, name: str) -> str:
    found = content_format(name)
    if found is None:
        log.warning("The post %s is in the format %s, which nobody here can show.", post_id, name)
        return ""
    return found.render(content)


async def render(post: PostView, part: int = 1, *, teaser: bool = False) -> Rendered:
    """Return the HTML of a part of a post, after `filter_post_content`.

    Args:
        post: With its content; a locked one comes out empty.
        part: Which part of a paged post, from 1.
        teaser: Stop at the "more" mark.

    Raises:
        NotFound: The post has no such part.
    """
    parts = (
        split_parts(_markup(post.id, post.content, post.content_format)) if post.unlocked else (("", None),)
    )
    if not 1 <= part <= len(parts):
        raise NotFound(_("This page has no such part."))
    before, after = parts[part - 1]
    goes_on = after is not None
    if after is not None and not teaser:
        before = f'{before}<span id="more-{post.number}"></span>{after}'
    html = await apply_filters(hooks.filter_post_content, before, post) if before else before
    return Rendered(html=html, page=part, pages=len(parts), has_more=teaser and goes_on)


async def present(posts: Iterable[PostView], *, html: HtmlWanted = "", part: int = 1) -> tuple[PostView, ...]:
    """Return views as readers get them: titles and summaries after their filters, and HTML if it is wanted.

    Args:
        posts: Views; with their content if `html` is wanted.
        html: Nothing, the whole part, or what comes before its "more" mark.
        part: Which part of paged posts, from 1.

    Raises:
        NotFound: A post has no such part.
    """
    shown = []
    for post in posts:
        changes: dict[str, object] = {
            "title": await apply_filters(hooks.filter_post_title, post.title, post),
            "summary": await apply_filters(hooks.filter_post_excerpt, post.summary, post),
        }
        if html:
            made = await render(post, part, teaser=html == "teaser")
            changes |= {"html": made.html, "page": made.page, "pages": made.pages}
            if html == "teaser":
                changes["has_more"] = made.has_more
        shown.append(msgspec.structs.replace(post, **changes))
    return tuple(shown)


class DigestText(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept beside a post's content, so that lists and searches need not read it."""

    summary: str
    has_more: bool
    search_text: str


async def digest_text(
    title: str, content: str, content_format: str, excerpt: str, *, protected: bool
) -> DigestText:
    """Return the summary and the search text of a post's text.

    Of what a password protects only the title can be found.
    """
    if len(content) > LARGE:
        return await asyncio.to_thread(_digest, title, content, content_format, excerpt, protected)
    return _digest(title, content, content_format, excerpt, protected)


def _digest(title: str, content: str, content_format: str, excerpt: str, protected: bool) -> DigestText:
    parts = split_parts(_markup("", content, content_format))
    before, after = parts[0]
    beginning = excerpt_of(before, SUMMARY_WORDS)
    markup = " ".join(f"{first} {rest or ''}" for first, rest in parts)
    return DigestText(
        summary=plain_text(excerpt) if excerpt else beginning,
        has_more=after is not None
        or len(parts) > 1
        or beginning.endswith(" …")
        or bool(excerpt and markup.strip()),
        search_text=search_text(title) if protected else search_text(title, excerpt, markup),
    )
