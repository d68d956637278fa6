"""The shortcodes that WordPress has by itself, where they still occur in content."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from html import escape
from typing import Any, Final

import msgspec

from core.content.classic import caption_figure, chosen_numbers, player
from core.content.pieces import Filling as _Filling
from core.content.pieces import Slot, Template, fill, note
from core.content.shortcodes import EXPANSIONS, html_template
from core.content.slots import EmbedSlot, GallerySlot, Listed
from core.contract.content import Reading, Shortcode, ShortcodeUse
from core.i18n import gettext as _
from core.text import plain_text, whole_number

__all__ = ["CORE_SHORTCODES"]


class GalleryOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Attributes of `[gallery]`."""

    ids: str = ""
    """Numbers of pictures in the library, with commas."""
    columns: int = 3


class CaptionOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Attributes of `[caption]`."""

    align: str = ""
    caption: str = ""


class PlayerOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Attributes of `[audio]` and `[video]`."""

    src: str = ""


class VideoOptions(PlayerOptions, frozen=True, kw_only=True):
    """Attributes of `[video]`."""

    poster: str = ""


class EmbedOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Attributes of `[embed]`: none, the address stands between."""


class _Empty(Slot):
    """A gallery that names no pictures."""

    __slots__ = ()

    def fill(self, filling: _Filling) -> str:
        """Return the HTML."""
        return note(filling, _("This gallery names no pictures of the library."))


def _gallery(named: Mapping[str, str], _bare: list[str], _body: str) -> Template:
    numbers = chosen_numbers(named)
    if not numbers:
        return (_Empty(),)
    columns = min(max(whole_number(named.get("columns", "")) or 3, 1), 6)
    return (GallerySlot(tuple(Listed(number) for number in numbers), columns, crop=True),)


def _caption(named: Mapping[str, str], _bare: list[str], body: str) -> Template:
    return html_template(caption_figure(named, body))


def _player(tag: str) -> Callable[[Mapping[str, str], list[str], str], Template]:
    def expand(named: Mapping[str, str], bare: list[str], _body: str) -> Template:
        made = player(tag, named, bare)
        return (made,) if made else ()

    return expand


def _embed(named: Mapping[str, str], bare: list[str], body: str) -> Template:
    url = plain_text(body) or named.get("src", "") or (bare[0] if bare else "")
    if not url.startswith(("http://", "https://")) or len(url) > 2000 or " " in url:
        return (body,)
    return (EmbedSlot(url),)


def _render(
    name: str, names: tuple[str, ...]
) -> Callable[[Sequence[ShortcodeUse]], Awaitable[Sequence[str]]]:
    """Return how somebody renders a shortcode of the core who has its attributes already."""

    def one(use: ShortcodeUse) -> Template:
        given: dict[str, Any] = msgspec.structs.asdict(use.attrs)
        named = {key: str(value) for key, value in given.items() if key in names and value != ""}
        return EXPANSIONS[name](named, [], use.body)

    async def render(uses: Sequence[ShortcodeUse]) -> Sequence[str]:
        made = await fill([one(use) for use in uses], Reading(), lambda content, _name: (escape(content),))
        return [content.html for content in made]

    return render


EXPANSIONS.update(
    {
        "gallery": _gallery,
        "caption": _caption,
        "wp_caption": _caption,
        "audio": _player("audio"),
        "video": _player("video"),
        "embed": _embed,
    }
)

CORE_SHORTCODES: Final = (
    Shortcode(
        name="gallery",
        title="Gallery",
        description="Pictures of the library, by their numbers.",
        attrs=GalleryOptions,
        render=_render("gallery", ("ids", "columns")),
    ),
    Shortcode(
        name="caption",
        title="Picture with a caption",
        description="Encloses a picture and the words below it.",
        attrs=CaptionOptions,
        render=_render("caption", ("align", "caption")),
    ),
    Shortcode(
        name="wp_caption",
        title="Picture with a caption (older spelling)",
        attrs=CaptionOptions,
        render=_render("wp_caption", ("align", "caption")),
    ),
    Shortcode(
        name="audio",
        title="Sound",
        description="A player for a sound at an address.",
        attrs=PlayerOptions,
        render=_render("audio", ("src",)),
    ),
    Shortcode(
        name="video",
        title="Film",
        description="A player for a film at an address.",
        attrs=VideoOptions,
        render=_render("video", ("src", "poster")),
    ),
    Shortcode(
        name="embed",
        title="Embed",
        description="Encloses the address of something that another site shows.",
        attrs=EmbedOptions,
        render=_render("embed", ()),
    ),
)
