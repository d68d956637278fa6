"""What a theme says about itself: `theme.toml`."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from core.errors import Invalid

__all__ = ["Theme", "read_theme"]

_Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,59}$")]
_TOKEN = re.compile(r"^[#A-Za-z0-9 (),.%/'\"-]{1,200}$")


class Token(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A design token: its value by day and, if it differs, by night."""

    light: str
    dark: str = ""


class Theme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A theme: data, no code."""

    name: _Name
    title: str
    version: str
    description: str = ""
    author: str = ""
    parent: str = ""
    """Name of the theme whose templates it extends."""
    regions: Mapping[str, str] = {}
    """Places for widgets: name -> title."""
    menus: Mapping[str, str] = {}
    """Places for menus: name -> title."""
    tokens: Mapping[str, Token] = {}
    """CSS custom properties that a site may change, without the leading dashes."""
    folder: str = ""
    """Filled in when it is read."""

    @property
    def path(self) -> Path:
        """The theme's folder."""
        return Path(self.folder)


def read_theme(folder: Path) -> Theme:
    """Read the theme in a folder.

    Raises:
        Invalid: `theme.toml` is missing, no TOML, or says something that a theme can't; by file.
    """
    file = folder / "theme.toml"
    try:
        theme = msgspec.convert(tomllib.loads(file.read_text("utf-8")), Theme)
    except FileNotFoundError:
        raise Invalid({str(file): "is missing"}) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise Invalid({str(file): str(error)}) from error
    for name, token in theme.tokens.items():
        for value in (token.light, token.dark or token.light):
            if not _TOKEN.match(value):
                raise Invalid(
                    {str(file): f"the token {name} has a value that no style sheet may hold: {value!r}"}
                )
    return msgspec.structs.replace(theme, folder=str(folder))
