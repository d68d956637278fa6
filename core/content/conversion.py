"""A text in another format, and one block as a reader would see it. Converting is a save like others, so it can be undone."""

from typing import Final, Literal
from uuid import UUID

import msgspec

from core.accounts import require
from core.content.blocks import model as m
from core.content.blocks.clean import encode
from core.content.blocks.compile import compile_document
from core.content.blocks.from_html import html_to_blocks
from core.content.embed_fetch import fetch_embed
from core.content.embeds import embedded
from core.content.pieces import fill
from core.content.posts import update_post
from core.content.providers import provider_of
from core.content.revisions import add_revision
from core.content.sql import lock_row
from core.content.store import load_post
from core.content.templates import BLOCKS_NAME, as_html, template_of
from core.contract.content import PostData, Reading
from core.contract.views import PostView
from core.db import tenant_work
from core.errors import Invalid
from core.http import OutboundFailed
from core.i18n import gettext as _

__all__ = ["Wanted", "blocks_from_html", "convert_post", "preview_block"]

Wanted = Literal["html", "blocks/1"]
_PREVIEWED: Final = (m.Embed, m.Shortcode, m.Pattern, m.Gallery, m.Html)


async def blocks_from_html(markup: str) -> str:
    """Return HTML that somebody pastes or converts as a document of blocks, "" where nothing is in it.

    Raises:
        Forbidden: The actor writes no posts.
        Invalid: It is too long or too deep, or holds characters that can't be stored; under "content".
    """
    await require("edit_posts")
    return html_to_blocks(markup)


async def convert_post(post_id: UUID, wanted: Wanted, *, version: int | None) -> PostView:
    """Turn the content of a post into another format. What it was is kept as a revision, which brings it back.

    Args:
        post_id: The post.
        wanted: "blocks/1", or "html": pictures and embeds become elements and addresses, shortcodes are
            written out, and patterns are shown as they are now and no longer follow theirs.
        version: The version that was looked at; None whatever it is.

    Raises:
        NotFound: There is no such post here.
        Invalid: Its format is none of the two; under "content_format".
        Conflict: Somebody else changed it first.
        Forbidden: The actor may not.
        Refused: A finding blocks, or a plugin said no.
    """
    post = await load_post(post_id)
    await require("edit_post", post)
    if post.content_format == wanted:
        return post
    if {post.content_format, wanted} != {"html", BLOCKS_NAME}:
        raise Invalid(
            {
                "content_format": _("Content of the format {name} can't be converted.").format(
                    name=post.content_format
                )
            }
        )
    content = html_to_blocks(post.content) if wanted == BLOCKS_NAME else await as_html(post.content)
    async with tenant_work():
        await lock_row("posts", post_id)
        await add_revision(await load_post(post_id), "save")  # nothing if the last one is the same
    data = PostData(content=content, content_format=wanted)
    return await update_post(post_id, data, version=version)


async def preview_block(sent: bytes) -> str:
    """Return the HTML of one block as a reader would see it, with notes on what is missing.

    An embed that nobody asked about yet is asked about now.

    Args:
        sent: The block as JSON, of a type that is filled when it is shown: an embed, a shortcode, a
            pattern, a gallery, HTML.

    Raises:
        Forbidden: The actor writes no posts.
        Invalid: It is no such block; under "content".
    """
    await require("edit_posts")
    document = b'{"version":1,"doc":{"type":"doc","content":[' + sent + b"]}}"
    try:
        whole = msgspec.json.decode(document, type=m.Whole)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid({"content": str(error)}) from None
    if len(whole.doc.content) != 1 or not isinstance(whole.doc.content[0], _PREVIEWED):
        raise Invalid(
            {"content": _("Only one embed, shortcode, pattern, gallery or piece of HTML is shown here.")}
        )
    encode(whole)
    block = whole.doc.content[0]
    if isinstance(block, m.Embed):
        await _ask(block.attrs.url)
    (made,) = await fill([compile_document(whole.doc)], Reading(notes=True), template_of)
    return made.html


async def _ask(url: str) -> None:
    if provider_of(url) is not None and not await embedded([url]):
        try:
            await fetch_embed(url)
        except OutboundFailed:
            return  # it is asked again when the post is saved
