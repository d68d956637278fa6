"""Content between its text and its HTML: pieces that are ready, and slots for what lives elsewhere.

Content is turned into a template once and that is kept; showing it fills the slots. However many
contents, slots and patterns there are, files are asked for once, embeds once, and patterns once for
each level of patterns within patterns.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

import msgspec

from core.content.embeds import Embedded, embedded, host_of
from core.content.patterns import pattern_texts
from core.contract.content import Reading, Reference, RenderedContent, Shortcode, ShortcodeUse
from core.contract.views import MediaView
from core.i18n import gettext as _
from core.media import media_views_by_number

__all__ = [
    "Called",
    "Filling",
    "Slot",
    "Template",
    "Wants",
    "fill",
    "join",
    "note",
    "outline_of",
    "references_of",
    "wants_of",
]

log = logging.getLogger("vitral.content")

PATTERN_LEVELS: Final = 4
"""Patterns within patterns; what lies deeper is not shown."""


class Wants(msgspec.Struct):
    """What has to be loaded before a template can be filled."""

    media: set[int] = msgspec.field(default_factory=set)
    patterns: set[int] = msgspec.field(default_factory=set)
    embeds: set[str] = msgspec.field(default_factory=set)
    shortcodes: list["Called"] = msgspec.field(default_factory=list)


class Called(msgspec.Struct, frozen=True):
    """A shortcode in its place."""

    depth: int
    """In how many others it lies."""
    slot: "Slot"
    shortcode: Shortcode
    attrs: Any
    body: "Template"


class Filling(msgspec.Struct):
    """What was loaded, by what it is called in content."""

    notes: bool = False
    written: bool = False
    media: Mapping[int, MediaView] = {}
    embeds: Mapping[str, Embedded] = {}
    patterns: dict[int, "Template"] = {}
    shortcodes: dict[int, str] = {}
    """HTML by the identity of a slot."""
    within: list[int] = []
    """Patterns that are being filled."""


class Slot:
    """A place in a template that is filled each time it is shown."""

    __slots__ = ()

    def want(self, wants: Wants, depth: int) -> None:
        """Say what has to be loaded."""

    def fill(self, filling: Filling) -> str:
        """Return the HTML."""
        raise NotImplementedError

    def outline(self) -> str:
        """Return the HTML of the words that stand in the content itself."""
        return ""

    def references(self) -> Iterable[Reference]:
        """Return what is shown here."""
        return ()


Template = tuple[str | Slot, ...]


def note(filling: Filling, text: str) -> str:
    """Return a note for whoever may edit the content; readers get nothing."""
    return f'<p class="editor-note" role="note">{escape(text)}</p>' if filling.notes else ""


def join(template: Template, filling: Filling) -> str:
    """Return the HTML of a template whose wants are loaded."""
    return "".join([part if isinstance(part, str) else part.fill(filling) for part in template])


def outline_of(template: Template) -> str:
    """Return the HTML of the words that stand in content itself."""
    return "".join([part if isinstance(part, str) else part.outline() for part in template])


def references_of(template: Template) -> tuple[Reference, ...]:
    """Return what a template shows of elsewhere, each once."""
    found = (reference for part in template if isinstance(part, Slot) for reference in part.references())
    return tuple(dict.fromkeys(found))


def wants_of(template: Template, wants: Wants | None = None, depth: int = 0) -> Wants:
    """Return what a template needs, added to `wants` if given."""
    wants = wants if wants is not None else Wants()
    for part in template:
        if not isinstance(part, str):
            part.want(wants, depth)
    return wants


async def fill(
    templates: Sequence[Template],
    reading: Reading,
    compile_pattern: Callable[[str, str], Template],
    *,
    written: bool = False,
) -> list[RenderedContent]:
    """Return templates filled.

    Args:
        templates: Of one content each.
        reading: For whom.
        compile_pattern: Returns the template of a pattern's content, by content and format.
        written: Write shortcodes and addresses of embeds out instead of showing them, to be stored as HTML.
    """
    if all(not any(isinstance(part, Slot) for part in template) for template in templates):
        return [RenderedContent(html="".join(template)) for template in templates]  # type: ignore[arg-type]  # all text
    filling = Filling(notes=reading.notes, written=written)
    wants = Wants()
    for template in templates:
        wants_of(template, wants)
    await _load_patterns(wants, filling, compile_pattern)
    if wants.media:
        filling.media = await media_views_by_number(wants.media)
    if wants.embeds:
        filling.embeds = await embedded(wants.embeds)
    if not written:
        await _run_shortcodes(wants, filling)
    return [
        RenderedContent(html=join(template, filling), frames=_frames(template, filling))
        for template in templates
    ]


async def _load_patterns(
    wants: Wants, filling: Filling, compile_pattern: Callable[[str, str], Template]
) -> None:
    asked: set[int] = set()
    for _level in range(PATTERN_LEVELS):
        new = wants.patterns - asked
        if not new:
            return
        asked |= new
        for number, (content, name) in (await pattern_texts(new)).items():
            template = compile_pattern(content, name)
            filling.patterns[number] = template
            wants_of(template, wants)


def _frames(template: Template, filling: Filling) -> tuple[str, ...]:
    if not filling.embeds:
        return ()
    wants = wants_of(template)
    seen: set[int] = set()
    while new := wants.patterns - seen:
        seen |= new
        for number in new:
            wants_of(filling.patterns.get(number, ()), wants)
    frames = {
        host_of(found.frame_url)
        for url in wants.embeds
        if (found := filling.embeds.get(url)) is not None and found.frame_url
    }
    return tuple(sorted(frames))


async def _run_shortcodes(wants: Wants, filling: Filling) -> None:
    """Render shortcodes, the innermost first, those of one name and level in one call."""
    levels: dict[int, dict[str, list[Called]]] = {}
    for called in wants.shortcodes:
        levels.setdefault(called.depth, {}).setdefault(called.shortcode.name, []).append(called)
    for depth in sorted(levels, reverse=True):
        for alike in levels[depth].values():
            await _run(alike, filling)


async def _run(alike: Sequence[Called], filling: Filling) -> None:
    shortcode = alike[0].shortcode
    uses = [ShortcodeUse(attrs=called.attrs, body=join(called.body, filling)) for called in alike]
    made: Sequence[str] = ()
    try:
        made = await shortcode.render(uses)
    except Exception:
        log.exception("The shortcode [%s] failed; what it encloses is shown instead.", shortcode.name)
    if len(made) != len(uses):
        log.error("The shortcode [%s] gave %d results for %d uses.", shortcode.name, len(made), len(uses))
        failed = note(filling, _("The shortcode [{name}] failed.").format(name=shortcode.name))
        made = [failed + use.body for use in uses]
    for called, html in zip(alike, made, strict=True):
        filling.shortcodes[id(called.slot)] = html
