"""What is stored of a document that somebody sent: valid, and always written the same way."""

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

import msgspec

from core.content.blocks import model as m
from core.content.blocks.addresses import link_address, picture_address, web_address
from core.content.blocks.inline import PlainText
from core.content.formats import MARK, clean_html
from core.errors import Invalid
from core.http import check_text
from core.i18n import gettext as _

__all__ = ["clean_blocks", "decode", "encode"]

_MAX_LENGTH: Final = 1_000_000
_MAX_DEPTH: Final = 12
_MAX_BLOCKS: Final = 5_000
_DECODER: Final = msgspec.json.Decoder(m.Whole)
_PLACE: Final = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_BLOCK: Final = re.compile(r"\.doc\.content\[(\d+)\]")
_DIGITS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"


class _Wrong(Exception):
    """Something in a block can't stay. Becomes `Invalid` with the block's place."""


def _invalid(message: str) -> Invalid:
    return Invalid({"content": message})


def _at(number: int, name: str, what: str) -> Invalid:
    where = _("Block {number}").format(number=number)
    return _invalid(f"{where} ({name}): {what}" if name else f"{where}: {what}")


def decode(text: str) -> m.Whole:
    """Return the document of a text.

    Raises:
        Invalid: It is no document of this format; says which block is wrong, under "content".
    """
    try:
        return _DECODER.decode(text)
    except msgspec.ValidationError as error:
        raise _explained(str(error)) from None
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise _invalid(_("This is no document of blocks: it is not JSON.")) from None
    except RecursionError:
        raise _invalid(_too_deep()) from None


def _explained(message: str) -> Invalid:
    found = _PLACE.search(message)
    path = found["path"] if found is not None else ""
    detail = message[: found.start()] if found is not None else message
    block = _BLOCK.match(path)
    if block is None:
        return _invalid(
            _("This is no document of blocks: {detail}").format(detail=f"{detail} ({path})".strip())
        )
    inside = path[block.end() :].lstrip(".")
    return _at(int(block[1]) + 1, inside, detail)


def _too_deep() -> str:
    return _("This holds too many blocks inside of each other.")


def clean_blocks(text: str) -> str:
    """Return what is stored of a document: valid, in its shortest form, each block with an id.

    Raises:
        Invalid: It is too long or no document of this format; says which block is wrong, under "content".
    """
    if not text.strip():
        return ""
    if len(text) > _MAX_LENGTH:
        raise _invalid(_("This is longer than {limit} characters.").format(limit=_MAX_LENGTH))
    return encode(decode(text))


def encode(whole: m.Whole) -> str:
    """Check a document and return its canonical text; "" for an empty one. Changes the document.

    Raises:
        Invalid: A block holds what can't stay; says which, under "content".
    """
    if not whole.doc.content:
        return ""
    cleaner = _Cleaner()
    for number, block in enumerate(whole.doc.content, 1):
        try:
            cleaner.block(block, 1)
        except _Wrong as wrong:
            raise _at(number, _tag(block), str(wrong)) from None
    cleaner.give_ids(whole.doc.content)
    made = msgspec.json.encode(_bare(whole), order="sorted").decode("utf-8")
    if len(made) > _MAX_LENGTH:
        raise _invalid(_("This is longer than {limit} characters.").format(limit=_MAX_LENGTH))
    return made


def _tag(node: msgspec.Struct) -> str:
    return str(type(node).__struct_config__.tag)


@lru_cache(maxsize=128)
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a struct with their defaults."""

    def default(field: msgspec.structs.FieldInfo) -> Any:
        if field.default is not msgspec.NODEFAULT:
            return field.default
        return field.default_factory() if field.default_factory is not msgspec.NODEFAULT else msgspec.UNSET

    return tuple((field.name, default(field)) for field in msgspec.structs.fields(kind))


def _bare(value: Any) -> Any:
    """Return a node as JSON values, defaults left out."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, msgspec.Struct):
        return value
    kind = type(value)
    tag = kind.__struct_config__.tag
    out: dict[str, Any] = {} if tag is None else {"type": tag}
    for name, default in _fields(kind):
        found = getattr(value, name)
        if found != default:
            out[name] = _bare(found)
    return out


def _line(value: str) -> str:
    wrong = check_text(value, "line")
    if wrong is not None:
        raise _Wrong(wrong)
    return value.strip()


def _text(value: str) -> str:
    wrong = check_text(value, "text")
    if wrong is not None:
        raise _Wrong(wrong)
    return value


def _address(value: str, allowed: Callable[[str], bool]) -> str:
    value = value.strip()
    if value and not allowed(value):
        raise _Wrong(_("“{address}” is no address that may stand here.").format(address=value[:100]))
    return value


class _Cleaner:
    """Walks through the blocks once, puts right what means the same, and refuses the rest."""

    def __init__(self) -> None:
        self.blocks = 0
        self.ids: set[str] = set()

    def block(self, node: Any, depth: int) -> None:
        self.blocks += 1
        if self.blocks > _MAX_BLOCKS:
            raise _Wrong(_("There are more than {limit} blocks.").format(limit=_MAX_BLOCKS))
        if depth > _MAX_DEPTH:
            raise _Wrong(_too_deep())
        self._id(node.attrs)
        cleaning = getattr(self, f"_{_tag(node)}", None)
        if cleaning is not None:
            cleaning(node, depth)

    def _id(self, attrs: Any) -> None:
        """Keep an id that is there and new; drop it otherwise, so that a new one is given."""
        if not attrs.id or attrs.id in self.ids:
            attrs.id = None
        else:
            self.ids.add(attrs.id)

    def give_ids(self, blocks: Iterable[Any]) -> None:
        """Give ids to blocks that have none. The same document always gets the same."""
        for index, node in enumerate(blocks):
            if node.attrs.id is None:
                node.attrs.id = self._new_id(f"{index}:{_tag(node)}")
            if isinstance(node, m.Columns):
                for column in node.content:
                    self.give_ids(column.content)

    def _new_id(self, seed: str) -> str:
        for attempt in range(1_000_000):
            number = int.from_bytes(hashlib.blake2b(f"{seed}:{attempt}".encode(), digest_size=8).digest())
            made = "".join(_DIGITS[number // 36**place % 36] for place in range(8))
            if made not in self.ids:
                self.ids.add(made)
                return made
        raise AssertionError

    def _inline(self, nodes: list[Any]) -> list[Any]:
        """Return inline nodes with texts of the same marks joined."""
        out: list[Any] = []
        for node in nodes:
            if isinstance(node, m.HardBreak):
                node.marks = []
                out.append(node)
                continue
            _text(node.text)
            if node.marks:
                node.marks = list({_tag(mark): self._mark(mark) for mark in node.marks}.values())
            if out and isinstance(out[-1], m.Text) and out[-1].marks == node.marks:
                out[-1].text += node.text
            else:
                out.append(node)
        return out

    def _mark(self, mark: Any) -> Any:
        if isinstance(mark, m.Link):
            mark.attrs.href = _address(mark.attrs.href, link_address)
            mark.attrs.title = _line(mark.attrs.title)
            if not mark.attrs.href:
                raise _Wrong(_("A link leads nowhere."))
        return mark

    def _children(self, node: Any, depth: int) -> None:
        for child in node.content:
            self.block(child, depth + 1)

    def _paragraph(self, node: m.Paragraph, _depth: int) -> None:
        node.content = self._inline(node.content)

    def _heading(self, node: m.Heading, _depth: int) -> None:
        node.content = self._inline(node.content)

    def _bullet_list(self, node: m.BulletList | m.OrderedList, depth: int) -> None:
        for item in node.content:
            self._id(item.attrs)
            if not isinstance(item.content[0], m.Paragraph):
                raise _Wrong(_("An item of a list begins with a paragraph."))
            self._children(item, depth + 1)

    _ordered_list = _bullet_list

    def _quote(self, node: m.Quote, depth: int) -> None:
        node.attrs.citation = _line(node.attrs.citation)
        self._children(node, depth)

    def _callout(self, node: m.Callout, depth: int) -> None:
        node.attrs.title = _line(node.attrs.title)
        self._children(node, depth)

    def _code(self, node: m.Code, _depth: int) -> None:
        if node.content:
            node.content = [PlainText(text=_text("".join(piece.text for piece in node.content)))]

    def _table(self, node: m.Table, depth: int) -> None:
        node.attrs.caption = _line(node.attrs.caption)
        for row in node.content:
            self._id(row.attrs)
            for cell in row.content:
                self._id(cell.attrs)
                self._children(cell, depth + 2)

    def _image(self, node: m.Image, _depth: int) -> None:
        attrs = node.attrs
        attrs.src = "" if attrs.media else _address(attrs.src, picture_address)
        attrs.link = _address(attrs.link, link_address)
        attrs.alt = None if attrs.alt is None or attrs.decorative else _line(attrs.alt)
        node.content = self._inline(node.content)

    def _gallery(self, node: m.Gallery, _depth: int) -> None:
        node.attrs.caption = _line(node.attrs.caption)
        for image in node.attrs.images:
            image.alt = None if image.alt is None else _line(image.alt)
            image.caption = _line(image.caption)
        node.attrs.images = [image for image in node.attrs.images if image.media]

    def _embed(self, node: m.Embed, _depth: int) -> None:
        node.attrs.url = _address(node.attrs.url, web_address)
        node.attrs.caption = _line(node.attrs.caption)

    def _button(self, node: m.Button, _depth: int) -> None:
        node.attrs.text = _line(node.attrs.text)
        node.attrs.url = _address(node.attrs.url, link_address)

    def _columns(self, node: m.Columns, depth: int) -> None:
        for column in node.content:
            self._id(column.attrs)
            if column.attrs.width and column.attrs.width < 10:
                raise _Wrong(_("A column takes 10 to 90 percent."))
            self._children(column, depth + 1)

    def _shortcode(self, node: m.Shortcode, _depth: int) -> None:
        node.attrs.attrs_text = _line(node.attrs.attrs_text)
        if "]" in node.attrs.attrs_text:
            raise _Wrong(_("The attributes of a shortcode hold no square bracket."))
        body = clean_html(node.attrs.body)
        node.attrs.body = _unmarked(body)

    def _html(self, node: m.Html, _depth: int) -> None:
        node.attrs.html = _unmarked(clean_html(node.attrs.html))


def _unmarked(markup: str) -> str:
    """Return HTML without the marks of parts: blocks have nodes of their own for them."""
    return MARK.sub("", markup) if "<!--" in markup else markup
