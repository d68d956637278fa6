"""Shortcodes: what stands in content by name, `[name attribute="value"]` or `[name]body[/name]`.

Only names that somebody brings are shortcodes: in HTML, other words in brackets are words. What is in
`pre` and `code` is left alone, and `[[name]]` is how one writes about a shortcode.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from html import escape, unescape
from typing import Any, Final, NamedTuple

import msgspec

from core.content.classic import attributes_of
from core.content.pieces import (
    Called,
    Filling,
    Slot,
    Template,
    Wants,
    join,
    note,
    outline_of,
    references_of,
    wants_of,
)
from core.content.slots import EmbedSlot
from core.contract.content import Reference, Shortcode
from core.hooks import collect
from core.i18n import gettext as _
from hookspecs import content as hooks

__all__ = [
    "EXPANSIONS",
    "Expansion",
    "HtmlSlot",
    "ShortcodeSlot",
    "alone_shortcode",
    "has_shortcode",
    "html_template",
    "shortcode_block",
    "shortcodes",
]

MOST: Final = 1_000
"""Shortcodes in one content; the rest is text."""
LEVELS: Final = 5
"""Shortcodes within shortcodes; what lies deeper is text."""

_TOKEN: Final = re.compile(
    r"<(pre|code)\b.*?</\1\s*>|<(?:\"[^\"]*\"|'[^']*'|[^\"'<>])*>"
    r"|(?P<before>\[?)\[(?P<close>/?)(?P<name>[a-z0-9][a-z0-9_-]{0,49})"
    r"(?P<attrs>(?:\s(?:\"[^\"<]*\"|'[^'<]*'|[^\[\]\"'<>])*?)?)(?P<empty>/?)\](?P<after>\]?)",
    re.S,
)
_ALONE: Final = re.compile(
    r"<p>\s*(\[(?P<name>[a-z0-9][a-z0-9_-]{0,49})(?:\s[^\[\]<>]*)?\](?:(?:(?!</?p\b|\[(?P=name)\b).)*?\[/(?P=name)\])?"
    r"|\[/(?P<end>[a-z0-9][a-z0-9_-]{0,49})\])\s*</p>",
    re.S,
)
"""A shortcode, or its beginning or end, that has a paragraph for itself."""
_ADDRESS: Final = re.compile(
    r'<(?P<tag>p|div class="wp-block-embed__wrapper")>\s*(?:<a\b[^<>]*?\shref="(?P<href>https?://[^"\s]+)"[^<>]*>\s*(?P<text>[^<\s]+)\s*</a>'
    r"|(?P<bare>https?://[^\s<]+))\s*</(?:p|div)>"
)
"""An address alone in a paragraph, which WordPress shows as an embed."""
_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "″": '"', "’": "'", "‘": "'", "\xa0": " "})

Expansion = Callable[[Mapping[str, str], list[str], str], Template]
"""From attributes, words without a name and the body (HTML) to a template."""
EXPANSIONS: Final[dict[str, Expansion]] = {}
"""Those of the core: they are pieces of content like others, so their pictures are loaded with all others."""


def shortcodes() -> dict[str, Shortcode]:
    """Return the shortcodes of the current site by name."""
    return {found.name: found for found in collect(hooks.register_shortcodes)}


def attributes(kind: type[msgspec.Struct], text: str) -> tuple[Any, tuple[str, ...]]:
    """Return attributes as the struct that a shortcode names, and the names of those that can't be read.

    Unknown ones are left out, as WordPress does; one that can't be read has its default.
    """
    named, bare = attributes_of(unescape(text).translate(_QUOTES))
    values: dict[str, Any] = {}
    wrong = []
    for field in msgspec.structs.fields(kind):
        if field.name == "words":
            values["words"] = tuple(bare)
        elif field.encode_name in named:
            try:
                values[field.name] = msgspec.convert(named[field.encode_name], field.type, strict=False)
            except msgspec.ValidationError:
                wrong.append(field.encode_name)
    return kind(**values), tuple(wrong)


class ShortcodeSlot(Slot):
    """A shortcode in its place. Who brings it is asked each time: another site may have it off."""

    __slots__ = ("attrs", "body", "name", "otherwise")

    def __init__(self, name: str, attrs: str, body: str, otherwise: str) -> None:
        self.name, self.attrs, self.body, self.otherwise = name, attrs, body, otherwise

    def want(self, wants: Wants, depth: int) -> None:
        """Say what has to be loaded."""
        found = shortcodes().get(self.name)
        if found is None:
            return
        attrs, _wrong = attributes(found.attrs, self.attrs)
        body: Template = html_template(self.body) if depth + 1 < LEVELS else (self.body,)
        wants.shortcodes.append(Called(depth, self, found, attrs, body))
        wants_of(body, wants, depth + 1)

    def fill(self, filling: Filling) -> str:
        """Return the HTML."""
        if filling.written:
            begin = f"[{self.name}{f' {escape(self.attrs, quote=False)}' if self.attrs else ''}]"
            return f"{begin}{self.body}[/{self.name}]" if self.body else begin
        made = filling.shortcodes.get(id(self))
        if made is None:
            told = note(filling, _("Nobody here knows the shortcode [{name}].").format(name=self.name))
            return told + self.otherwise
        if filling.notes and (found := shortcodes().get(self.name)) is not None:
            _attrs, wrong = attributes(found.attrs, self.attrs)
            if wrong:
                told = _("The shortcode [{name}] can't read: {names}.")
                return note(filling, told.format(name=self.name, names=", ".join(wrong))) + made
        return made

    def outline(self) -> str:
        """Return the words that stand in the content itself."""
        return outline_of(html_template(self.body)) if self.body else ""

    def references(self) -> Iterable[Reference]:
        """Return what is shown here."""
        found = [Reference("shortcode", self.name)]
        for part in html_template(self.body) if self.body else ():
            if isinstance(part, Slot):
                found.extend(part.references())
        return found


class HtmlSlot(Slot):
    """A block of HTML with brackets or addresses in it, which may be shortcodes and embeds on one site and not on another."""

    __slots__ = ("html",)

    def __init__(self, html: str) -> None:
        self.html = html

    def want(self, wants: Wants, depth: int) -> None:
        """Say what has to be loaded."""
        wants_of(html_template(self.html), wants, depth)

    def fill(self, filling: Filling) -> str:
        """Return the HTML."""
        return join(html_template(self.html), filling)

    def outline(self) -> str:
        """Return the words that stand in the content itself."""
        return outline_of(html_template(self.html))

    def references(self) -> Iterable[Reference]:
        """Return what is shown here."""
        return references_of(html_template(self.html))


def alone_shortcode(markup: str) -> tuple[str, str, str] | None:
    """Return name, attributes and body of a shortcode that is all there is; None if it is not."""
    names = frozenset(shortcodes())
    tags, _about = _tags(markup, names) if markup.startswith("[") else ([], [])
    if not tags or tags[0].start or tags[0].closes:
        return None
    last = tags[_partners(tags).get(0, 0)]
    if last.end != len(markup) or "]" in tags[0].attrs:
        return None
    body = markup[tags[0].end : last.start] if last is not tags[0] else ""
    return tags[0].name, unescape(tags[0].attrs).strip(), body


def has_shortcode(text: str) -> bool:
    """Tell whether words hold a shortcode of this site."""
    return "[" in text and bool(_tags(text.replace("<", " "), frozenset(shortcodes()))[0])


def shortcode_block(name: str, attrs: str, body: str) -> Template:
    """Return the template of a shortcode that has a block of its own: where nobody knows it, its body is shown."""
    expand = EXPANSIONS.get(name)
    if expand is not None:
        return expand(*attributes_of(unescape(attrs).translate(_QUOTES)), body)
    return (ShortcodeSlot(name, attrs, body, body),)


def html_template(markup: str) -> Template:
    """Return the template of HTML that was cleaned: its shortcodes and addresses are slots."""
    has_address = "https://" in markup or "http://" in markup
    if "[" not in markup and not has_address:
        return (markup,)
    known = collect(hooks.register_shortcodes)
    blocks = frozenset(found.name for found in known if found.block)
    return _template(markup, frozenset(found.name for found in known), blocks)


@lru_cache(maxsize=256)
def _template(markup: str, names: frozenset[str], blocks: frozenset[str]) -> Template:
    if "[" in markup:
        markup = _ALONE.sub(
            lambda found: found[1] if (found["name"] or found["end"]) in blocks else found[0], markup
        )
    parts: list[str | Slot] = []
    for part in _pieces(markup, names):
        if isinstance(part, str):
            parts.extend(_addresses(part))
        else:
            parts.append(part)
    return tuple(part for part in parts if part != "")


def _addresses(markup: str) -> Iterable[str | Slot]:
    at = 0
    for found in _ADDRESS.finditer(markup):
        address = unescape(found["href"] or found["bare"])
        if found["href"] and unescape(found["text"]).rstrip("/") != address.rstrip("/"):
            continue
        yield markup[at : found.start()]
        yield EmbedSlot(address, otherwise=found[0])
        at = found.end()
    yield markup[at:]


class _Tag(NamedTuple):
    start: int
    end: int
    name: str
    attrs: str
    closes: bool
    empty: bool


def _tags(markup: str, names: frozenset[str]) -> tuple[list[_Tag], list[tuple[int, int]]]:
    """Return tags of shortcodes, and brackets that only write about one."""
    tags, about = [], []
    for found in _TOKEN.finditer(markup):
        name = found["name"]
        if name is None or name not in names:
            continue
        if found["before"] and found["after"]:
            about.append((found.start(), found.end()))
            continue
        start = found.start() + len(found["before"])
        end = found.end() - len(found["after"])
        tags.append(_Tag(start, end, name, found["attrs"], bool(found["close"]), bool(found["empty"])))
        if len(tags) >= 2 * MOST:
            break
    return tags, about


def _partners(tags: list[_Tag]) -> dict[int, int]:
    """Return which beginning belongs to which end, by their places in `tags`."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    waiting: dict[str, int] = {}
    for index, tag in enumerate(tags):
        if not tag.closes:
            if not tag.empty:
                opened.append(index)
                waiting[tag.name] = waiting.get(tag.name, 0) + 1
        elif waiting.get(tag.name):
            while True:
                last = opened.pop()
                waiting[tags[last].name] -= 1
                if tags[last].name == tag.name:
                    partners[last] = index
                    break
    return partners


def _pieces(markup: str, names: frozenset[str]) -> Iterable[str | Slot]:
    tags, about = _tags(markup, names)
    if not tags and not about:
        yield markup
        return
    partners = _partners(tags)
    at = 0
    index = 0
    while index < len(tags):
        tag = tags[index]
        if tag.closes or tag.start < at:  # an end without a beginning is text
            index += 1
            continue
        yield _without_marks(markup, at, tag.start, about)
        last = partners.get(index, index)
        body = markup[tag.end : tags[last].start] if last != index else ""
        at = tags[last].end
        yield from _made(tag, body, markup[tag.start : at])
        index = last + 1
    yield _without_marks(markup, at, len(markup), about)


def _without_marks(markup: str, start: int, end: int, about: list[tuple[int, int]]) -> str:
    """Return a piece in which `[[name]]` is `[name]`."""
    out, at = [], start
    for begin, finish in about:
        if start <= begin and finish <= end:
            out += [markup[at:begin], markup[begin + 1 : finish - 1]]
            at = finish
    return "".join([*out, markup[at:end]]) if out else markup[start:end]


def _made(tag: _Tag, body: str, whole: str) -> Template:
    expand = EXPANSIONS.get(tag.name)
    if expand is None:
        return (ShortcodeSlot(tag.name, tag.attrs.strip(), body, whole),)
    return expand(*attributes_of(unescape(tag.attrs).translate(_QUOTES)), body)
