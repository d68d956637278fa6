"""Faces that font tokens may have: stacks of what systems bring, and what a theme packs into its static files."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

__all__ = ["SYSTEM_FONTS", "Font", "FontFile", "font_faults"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_STACK = re.compile(r"[A-Za-z0-9 ,'\"-]{1,300}")
_WEIGHT = re.compile(r"[1-9]00(?: [1-9]00)?")
_RANGE = re.compile(
    r"U\+[0-9A-Fa-f?]{1,6}(?:-[0-9A-Fa-f]{1,6})?(?:, ?U\+[0-9A-Fa-f?]{1,6}(?:-[0-9A-Fa-f]{1,6})?)*"
)


class FontFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a packed face."""

    file: str
    """A WOFF2 file below `static/`."""
    weight: str = "400"
    """Its weight, or the range of a variable one: "100 900"."""
    style: str = "normal"
    range: str = ""
    """Which characters it has, as `unicode-range` says it; "" for all."""


class Font(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A face that people may choose."""

    title: str
    """What it is called; an English message id where it is a word."""
    stack: str
    """`font-family`: names of faces in their order, the generic one last."""
    files: tuple[FontFile, ...] = ()
    """Files that bring the first face of the stack; without any, systems have it or one of the next."""

    @property
    def family(self) -> str:
        """The first face of the stack."""
        return self.stack.partition(",")[0].strip(" '\"")


SYSTEM_FONTS: Final[Mapping[str, Font]] = MappingProxyType(
    {
        "system-sans": Font(
            "System sans",
            "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', 'Nimbus Sans', Arial, sans-serif",
        ),
        "humanist-sans": Font(
            "Humanist sans",
            "Seravek, 'Gill Sans Nova', Ubuntu, Calibri, 'DejaVu Sans', source-sans-pro, sans-serif",
        ),
        "geometric-sans": Font(
            "Geometric sans",
            "'Avenir Next', Avenir, 'Century Gothic', 'URW Gothic', Futura, 'Segoe UI', sans-serif",
        ),
        "rounded-sans": Font(
            "Rounded sans",
            "ui-rounded, 'Hiragino Maru Gothic ProN', Quicksand, Comfortaa, Manjari, 'Arial Rounded MT Bold', Calibri, sans-serif",
        ),
        "book-serif": Font(
            "Book serif",
            "'Iowan Old Style', 'Palatino Nova', 'Palatino Linotype', Palatino, P052, 'Book Antiqua', Georgia, serif",
        ),
        "news-serif": Font(
            "News serif", "Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif"
        ),
        "old-serif": Font(
            "Old-style serif",
            "'Hoefler Text', 'Baskerville Old Face', Garamond, 'Liberation Serif', 'Times New Roman', serif",
        ),
        "slab-serif": Font(
            "Slab serif", "Rockwell, 'Rockwell Nova', 'Roboto Slab', 'DejaVu Serif', 'Sitka Small', serif"
        ),
        "code": Font(
            "Typewriter",
            "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'Liberation Mono', monospace",
        ),
    }
)
"""Stacks that every system has something for: nothing is loaded, nothing shifts while it comes."""


def font_faults(fonts: Mapping[str, Font], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the fonts of a theme, each with its place."""
    for name, font in fonts.items():
        place = f"fonts.{name}"
        if not _NAME.fullmatch(name):
            yield place, "Use small letters, digits and hyphens."
        if not font.title.strip():
            yield place, "People see the title: it can't be empty."
        if not _STACK.fullmatch(font.stack):
            yield place, f"No style sheet can hold the value {font.stack!r}."
        for file in font.files:
            if not file.file.endswith(".woff2") or not (folder / "static" / file.file).is_file():
                yield place, f"There is no WOFF2 file static/{file.file}."
            if not _WEIGHT.fullmatch(file.weight):
                yield place, f"{file.weight!r} is no weight."
            if file.style not in ("normal", "italic"):
                yield place, f"{file.style!r} is no style."
            if file.range and not _RANGE.fullmatch(file.range):
                yield place, f"{file.range!r} is no range of characters."
