"""The block editor on the writing screen: whether it is shown, what it says, what is there without a script."""

import logging
from typing import Final

import msgspec
from msgspec import Struct

from core.admin.editor_words import editor_words
from core.content import content_format
from core.contract.content import Reading
from core.errors import Invalid
from core.tenancy import site_settings

__all__ = ["BLOCKS", "EditorView", "editor_of", "format_of_new", "readable"]

log = logging.getLogger("vitral.admin")

BLOCKS: Final = "blocks/1"
"""The format of texts that are written in blocks."""


class EditorView(Struct, frozen=True, kw_only=True):
    """What the template of the text needs."""

    blocks: bool
    """The text is one of blocks."""
    offered: bool
    """Texts can be blocks here: the format is there."""
    words: str
    """What the script says, as JSON."""
    hosts: str
    """Hosts whose pictures the site shows, by spaces."""
    html: str = ""
    """What the text looks like, to be read where there is no script."""


def format_of_new(wanted: str) -> str:
    """Return the content format that a new text begins with.

    Args:
        wanted: "blocks" or "html" if somebody chose; anything else takes the site's setting.
    """
    chosen = wanted if wanted in ("blocks", "html") else site_settings().editor
    return BLOCKS if chosen == "blocks" and content_format(BLOCKS) is not None else "html"


async def editor_of(name: str, content: str) -> EditorView:
    """Return what the template of the text needs.

    Args:
        name: The format of the text that is shown.
        content: The text as it stands in the form; it may be one that was refused.
    """
    blocks = name == BLOCKS
    return EditorView(
        blocks=blocks,
        offered=content_format(BLOCKS) is not None,
        words=msgspec.json.encode(editor_words()).decode(),
        hosts=" ".join(site_settings().image_hosts),
        html=await readable(name, content) if blocks else "",
    )


async def readable(name: str, content: str) -> str:
    """Return the HTML of a text as readers get it, before filters; "" for one that can't be shown."""
    found = content_format(name)
    if found is None or not content.strip():
        return ""
    try:
        (shown,) = await found.render([content], Reading(notes=True))
    except Invalid:
        log.info("A text in the format %s that was sent can't be shown.", name)
        return ""
    return shown.html
