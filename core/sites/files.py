"""`site.toml`: a new site's first values."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from core.errors import Invalid

__all__ = ["SiteFile", "read_site_file"]


class SiteFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sites/<slug>/site.toml`: read when the site is created; afterwards the database wins."""

    title: str = ""
    hosts: tuple[str, ...] = ()
    theme: str = "claro"
    plugins: tuple[str, ...] = ()
    settings: dict[str, dict[str, Any]] = {}
    first: dict[str, dict[str, Any]] = {}
    """First content by the plugin that keeps it, in that plugin's words."""


def read_site_file(path: Path) -> SiteFile:
    """Read a site's file; an empty one if there is none.

    Raises:
        Invalid: It is no TOML, or has an unknown key.
    """
    if not path.is_file():
        return SiteFile()
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), SiteFile)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise Invalid({str(path): str(error)}) from error
