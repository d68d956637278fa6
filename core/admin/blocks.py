"""What the editor of blocks asks the server for: previews, HTML as blocks, patterns and shortcodes."""

from typing import Any, Final

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from core.admin.flash import flash
from core.admin.shell import AnyRequest, go
from core.content import (
    PatternEntry,
    blocks_from_html,
    convert_post,
    get_post_by_number,
    list_patterns,
    preview_block,
    shortcodes,
)
from core.errors import BadRequest
from core.http import form_of
from core.i18n import gettext as _
from core.text import whole_number

__all__ = ["handlers"]

_RIGHT: Final = {"capability": "edit_posts"}
_JSON: Final = {**_RIGHT, "accepts": ("json",)}
_LONG: Final = {**_JSON, "body_limit": 4_000_000}


class Attribute(Struct, frozen=True, kw_only=True):
    """An attribute of a shortcode."""

    name: str
    title: str
    default: str


class ShortcodeEntry(Struct, frozen=True, kw_only=True):
    """A shortcode that can be put into a text."""

    name: str
    title: str
    description: str
    attrs: tuple[Attribute, ...]


class Html(Struct, kw_only=True, forbid_unknown_fields=True):
    """HTML to be made into blocks."""

    html: str


class Block(Struct, kw_only=True, forbid_unknown_fields=True):
    """A block to look at."""

    type: str
    attrs: dict[str, Any] = {}


class Preview(Struct, frozen=True, kw_only=True):
    """A block as readers see it."""

    html: str


class Answer(Struct, frozen=True, kw_only=True):
    """A document."""

    version: int
    doc: msgspec.Raw


_EMPTY: Final = Answer(version=1, doc=msgspec.Raw(b'{"type":"doc","content":[]}'))


@post("/admin/blocks/preview", opt=_LONG, include_in_schema=False, status_code=200)
async def preview(data: JSONBody[Block]) -> Preview:
    """Show one block as a reader would see it."""
    return Preview(html=await preview_block(msgspec.json.encode(data)))


@post("/admin/blocks/from-html", opt=_LONG, include_in_schema=False, status_code=200)
async def from_html(data: JSONBody[Html]) -> Answer:
    """Answer with HTML as a document of blocks."""
    made = await blocks_from_html(data.html)
    return msgspec.json.decode(made, type=Answer) if made else _EMPTY


@get("/admin/blocks/patterns", opt=_RIGHT, include_in_schema=False)
async def patterns(request: AnyRequest) -> list[PatternEntry]:
    """Answer with the published patterns whose title holds some words."""
    return list(await list_patterns(request.query_params.get("q", "")[:200]))


@get("/admin/blocks/shortcodes", opt=_RIGHT, include_in_schema=False)
async def known_shortcodes() -> list[ShortcodeEntry]:
    """Answer with the shortcodes of the site."""
    return [
        ShortcodeEntry(
            name=found.name,
            title=_(found.title),
            description=_(found.description) if found.description else "",
            attrs=tuple(_attribute(field) for field in msgspec.structs.fields(found.attrs)),
        )
        for found in shortcodes().values()
    ]


def _attribute(field: msgspec.structs.FieldInfo) -> Attribute:
    default = "" if field.default in (msgspec.NODEFAULT, None) else field.default
    title = field.encode_name.replace("_", " ").capitalize()
    return Attribute(name=field.encode_name, title=title, default=str(default))


@post("/admin/posts/{number:int}/convert", opt={"capability": "read"}, include_in_schema=False)
async def convert(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Turn a text into blocks, or back into HTML."""
    found = await get_post_by_number(number, edit=True)
    form = form_of(request)
    wanted = form.get("to")
    if wanted not in ("blocks/1", "html"):
        raise BadRequest(_("Say which format it is to have."))
    version = whole_number(form.get("version")) or None
    done = await convert_post(found.id, "html" if wanted == "html" else "blocks/1", version=version)
    if done.content_format != found.content_format:
        flash(request, _("The text was converted. What it was is kept among its revisions."))
    return go(request, f"/admin/posts/{number}")


handlers: list[Any] = [preview, from_html, patterns, known_shortcodes, convert]
