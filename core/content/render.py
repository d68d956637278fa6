"""From a view to what a reader sees: the HTML of a part, and titles and summaries after their filters."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from core.content.formats import LARGE, split_parts
from core.content.types import content_format
from core.contract.content import ContentFormat, Reading, RenderedContent
from core.contract.views import PostView
from core.errors import NotFound
from core.hooks import apply_filters
from core.i18n import gettext as _
from core.text import excerpt_of, plain_text, search_text
from hookspecs import content as hooks

__all__ = [
    "HtmlWanted",
    "Rendered",
    "content_text",
    "digest_text",
    "outline",
    "present",
    "render",
    "render_parts",
    "stored_content",
]

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
    frames: tuple[str, ...] = ()
    """Hosts that it may load frames from, once a reader asks for them."""


_READER: Final = Reading()
_NOTHING: Final = RenderedContent(html="")


async def _contents(posts: Sequence[PostView], reading: Reading) -> list[RenderedContent]:
    """Return the content of posts as HTML, all those of one format together."""
    made = [_NOTHING] * len(posts)
    places: dict[str, list[int]] = {}
    for place, post in enumerate(posts):
        if post.unlocked and post.content:
            places.setdefault(post.content_format, []).append(place)
    for name, alike in places.items():
        found = _format(name, posts[alike[0]].id)
        if found is not None:
            results = await found.render([posts[place].content for place in alike], reading)
            for place, result in zip(alike, results, strict=True):
                made[place] = result
    return made


def _format(name: str, post_id: object) -> ContentFormat | None:
    found = content_format(name)
    if found is None:
        log.warning("The post %s is in the format %s, which nobody here can show.", post_id, name)
    return found


def outline(content: str, name: str) -> str:
    """Return HTML of the words that stand in content itself, "" for a format that nobody here knows.

    Args:
        content: As stored.
        name: Its format.
    """
    found = content_format(name) if content else None
    return found.outline(content) if found is not None else ""


def content_text(post: PostView) -> str:
    """Return the words of a post's content as plain text, whatever its format: what spans of findings count in."""
    return plain_text(outline(post.content, post.content_format))


async def render(
    post: PostView, part: int = 1, *, teaser: bool = False, reading: Reading = _READER
) -> Rendered:
    """Return the HTML of a part of a post, after `filter_post_content`.

    Args:
        post: With its content; a locked one comes out empty.
        part: Which part of a paged post, from 1.
        teaser: Stop at the "more" mark.
        reading: For whom.

    Raises:
        NotFound: The post has no such part.
    """
    (content,) = await _contents([post], reading)
    return await _part(post, content, part, teaser=teaser)


async def render_parts(post: PostView) -> tuple[Rendered, ...]:
    """Return the HTML of all parts of a post, after `filter_post_content`."""
    (content,) = await _contents([post], _READER)
    first = await _part(post, content, 1, teaser=False)
    rest = [await _part(post, content, part, teaser=False) for part in range(2, first.pages + 1)]
    return (first, *rest)


async def _part(post: PostView, content: RenderedContent, part: int, *, teaser: bool) -> Rendered:
    parts = split_parts(content.html)
    if not 1 <= part <= len(parts):
        raise NotFound(_("This page has no such part."))
    before, after = parts[part - 1]
    goes_on = after is not None
    if after is not None and not teaser:
        before = f'{before}<span id="more-{post.number}"></span>{after}'
    html = await apply_filters(hooks.filter_post_content, before, post) if before else before
    return Rendered(
        html=html, page=part, pages=len(parts), has_more=teaser and goes_on, frames=content.frames
    )


async def present(
    posts: Iterable[PostView], *, html: HtmlWanted = "", part: int = 1, reading: Reading = _READER
) -> tuple[PostView, ...]:
    """Return views as readers get them: titles and summaries after their filters, and HTML if it is wanted.

    Args:
        posts: Views; with their content if `html` is wanted.
        html: Nothing, the whole part, or what comes before its "more" mark.
        part: Which part of paged posts, from 1.
        reading: For whom.

    Raises:
        NotFound: A post has no such part.
    """
    shown = []
    posts = tuple(posts)
    contents = await _contents(posts, reading) if html else [_NOTHING] * len(posts)
    for post, content in zip(posts, contents, strict=True):
        changes: dict[str, object] = {
            "title": await apply_filters(hooks.filter_post_title, post.title, post),
            "summary": await apply_filters(hooks.filter_post_excerpt, post.summary, post),
        }
        if html:
            made = await _part(post, content, part, teaser=html == "teaser")
            changes |= {"html": made.html, "page": made.page, "pages": made.pages, "frames": made.frames}
            if html == "teaser":
                changes["has_more"] = made.has_more
        shown.append(msgspec.structs.replace(post, **changes))
    return tuple(shown)


def stored_content(content: str, name: str) -> str:
    """Return content as it would be stored: cleaned by its format. For what is shown before it is saved.

    Raises:
        Invalid: The format can't take it.
    """
    found = content_format(name)
    return found.clean(content) if found is not None else content


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
    parts = split_parts(outline(content, content_format))
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
