"""What a theme says about itself: `theme.toml`."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from core.errors import Invalid, VitralError
from core.http import CspHosts
from core.themes.fonts import Font, font_faults
from core.themes.tokens import Contrast, Token, token_faults

__all__ = ["PageTemplate", "Theme", "read_theme"]

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")


class PageTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A template that an author may choose for one post or page (WordPress: custom templates)."""

    title: str
    """An English message id."""
    types: tuple[str, ...] = ("page",)
    """Content types that it is offered for."""


class Theme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A theme: data, no code."""

    name: str
    """As the entry point: `[a-z][a-z0-9_-]*`."""
    title: str
    version: str
    description: str = ""
    author: str = ""
    parent: str = ""
    """Name of the theme whose templates, static files and tokens it goes on from."""
    regions: Mapping[str, str] = {}
    """Places for widgets: name -> title."""
    menus: Mapping[str, str] = {}
    """Places for menus: name -> title."""
    tokens: Mapping[str, Token] = {}
    """CSS custom properties without the leading dashes; see `tokens_css`."""
    fonts: Mapping[str, Font] = {}
    """Faces that its font tokens may have beside the system's own."""
    contrast: tuple[Contrast, ...] = ()
    """Which token is text on which: whoever changes one is told when it can't be read any more."""
    templates: Mapping[str, PageTemplate] = {}
    """Templates that authors may choose, by file name without `.html`."""
    hosts: CspHosts = CspHosts()
    """Other hosts that its pages load something from: they are added to the site's security policy."""
    folder: str = ""
    """Filled in when it is read."""

    @property
    def path(self) -> Path:
        """The theme's folder."""
        return Path(self.folder)

    @property
    def screenshot(self) -> str:
        """Name of its picture among its static files, "" if it has none."""
        names = ("screenshot.webp", "screenshot.png", "screenshot.svg")
        return next((name for name in names if (self.path / "static" / name).is_file()), "")


def read_theme(folder: Path) -> Theme:
    """Read the theme in a folder.

    Raises:
        Invalid: `theme.toml` is missing, no TOML, or says something that a theme can't; every fault by
            its place, such as "theme.toml: tokens.accent".
    """
    file = folder / "theme.toml"
    try:
        values = tomllib.loads(file.read_text("utf-8"))
        values.pop("folder", None)
        theme = msgspec.convert(values, Theme)
    except FileNotFoundError:
        raise Invalid({str(file): "The file is missing."}) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid({str(file): f"This is no TOML: {error}."}) from error
    except msgspec.ValidationError as error:
        raise Invalid({str(file): f"{error}."}) from error
    except VitralError as error:  # a host that the security policy can't name
        raise Invalid({f"{file}: hosts": str(error)}) from error
    faults = dict(_faults(theme, folder))
    if faults:
        raise Invalid({f"{file}: {place}": fault for place, fault in faults.items()})
    return msgspec.structs.replace(theme, folder=str(folder))


def _faults(theme: Theme, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what the types can't say, each with its place."""
    if not _NAME.fullmatch(theme.name):
        yield "name", "Use a small letter, then small letters, digits, hyphens and underscores."
    if not theme.title.strip():
        yield "title", "People see it: it can't be empty."
    if theme.parent == theme.name:
        yield "parent", "A theme can't be its own parent."
    groups: dict[str, Mapping[str, Any]] = {
        "regions": theme.regions,
        "menus": theme.menus,
        "templates": theme.templates,
    }
    for group, entries in groups.items():
        for name in entries:
            if not _NAME.fullmatch(name):
                yield f"{group}.{name}", "Use small letters, digits, hyphens and underscores."
    yield from token_faults(theme.tokens)
    yield from font_faults(theme.fonts, folder)
    if not (folder / "templates").is_dir() and not theme.parent:
        yield "templates", "The folder templates/ is missing, and there is no parent to take them from."
    for name in theme.templates:
        if not (folder / "templates" / f"{name}.html").is_file():
            yield f"templates.{name}", f"There is no file templates/{name}.html."
