"""The two formats of the core, `html` and `blocks/1`: cleaned, outlined, rendered, and what they refer to."""

import asyncio
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from core.content import core_shortcodes as _core_shortcodes  # noqa: F401  # makes the core's shortcodes known
from core.content.blocks.clean import clean_blocks, decode
from core.content.blocks.compile import compile_document
from core.content.formats import LARGE, clean_html, shown_html
from core.content.pieces import Template, fill, outline_of, references_of
from core.content.shortcodes import html_template
from core.contract.content import ContentFormat, Reading, Reference, RenderedContent
from core.errors import Invalid

__all__ = ["BLOCKS", "BLOCKS_NAME", "HTML", "as_html", "template_of"]

BLOCKS_NAME: Final = "blocks/1"
_OURS: Final = re.compile(r'(?:src|href|poster)="/media/(\d{1,15})/')


def _html(content: str) -> Template:
    return html_template(shown_html(content))


@lru_cache(maxsize=128)
def _compiled(content: str) -> Template:
    if not content:
        return ()
    try:
        return compile_document(decode(content).doc)
    except Invalid:  # nothing of what is written comes here without having been checked
        return ()


def template_of(content: str, name: str) -> Template:
    """Return the template of stored content; an empty one for a format that is not the core's."""
    if name == BLOCKS_NAME:
        return _compiled(content)
    return _html(content) if name == "html" else ()


async def _fill(contents: Sequence[str], name: str, reading: Reading) -> Sequence[RenderedContent]:
    if sum(len(content) for content in contents) > LARGE:
        templates = await asyncio.to_thread(lambda: [template_of(content, name) for content in contents])
    else:
        templates = [template_of(content, name) for content in contents]
    return await fill(templates, reading, template_of)


async def _render_html(contents: Sequence[str], reading: Reading) -> Sequence[RenderedContent]:
    return await _fill(contents, "html", reading)


async def _render_blocks(contents: Sequence[str], reading: Reading) -> Sequence[RenderedContent]:
    return await _fill(contents, BLOCKS_NAME, reading)


async def as_html(content: str) -> str:
    """Return a document of blocks as HTML that can be stored: what is named in it is written out."""
    (made,) = await fill([_compiled(content)], Reading(), template_of, written=True)
    return made.html


def _html_references(content: str) -> Sequence[Reference]:
    files = (Reference("media", number) for number in _OURS.findall(content))
    return tuple(dict.fromkeys((*files, *references_of(_html(content)))))


HTML: Final = ContentFormat(
    name="html",
    clean=clean_html,
    outline=lambda content: outline_of(_html(content)),
    render=_render_html,
    references=_html_references,
)

BLOCKS: Final = ContentFormat(
    name=BLOCKS_NAME,
    clean=clean_blocks,
    outline=lambda content: outline_of(_compiled(content)),
    render=_render_blocks,
    references=lambda content: references_of(_compiled(content)),
)
