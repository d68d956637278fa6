"""What is said of a file: checked, and turned into columns."""

from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from core.errors import Invalid
from core.http import check_text
from core.i18n import gettext as _
from core.media.levels import known_levels
from core.text import search_text

__all__ = ["MediaData", "described", "words_of"]

_LIMITS: Final = {"title": 255, "alt": 500, "caption": 10_000, "description": 50_000}
_COLUMNS: Final = {"alt": "alt_text"}
_WORDS: Final = ("title", "original_filename", "alt_text", "caption", "description")


class MediaData(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a file: set fields change, unset ones stay. All text is plain."""

    title: str | UnsetType = UNSET
    alt: str | UnsetType = UNSET
    decorative: bool | UnsetType = UNSET
    """It needs no alternative text, as it says nothing that the text beside it does not."""
    caption: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    access_level: str | UnsetType = UNSET
    focal: tuple[int, int] | UnsetType = UNSET
    """What must stay in sight when it is cropped: percent from the left, and from the top."""
    ext: dict[str, Any] | UnsetType = UNSET
    """What plugins keep with it, by their names."""


def described(data: MediaData) -> dict[str, Any]:
    """Return values by column of `media`, as far as they are set.

    Raises:
        Invalid: With everything that is wrong.
    """
    values = {
        name: value
        for name, value in msgspec.structs.asdict(data).items()
        if value is not UNSET and name != "ext"
    }
    errors: dict[str, str] = {}
    for name, limit in _LIMITS.items():
        text = values.get(name, "")
        wrong = check_text(text, "line" if name in ("title", "alt") else "text")
        if wrong is None and len(text) > limit:
            wrong = _("This is longer than {limit} characters.").format(limit=limit)
        if wrong is not None:
            errors[name] = wrong
    if values.get("access_level", "public") not in known_levels():
        errors["access_level"] = _("There is no such level of access: {known}.").format(
            known=", ".join(known_levels())
        )
    focal = values.pop("focal", None)
    if focal is not None:
        if not all(0 <= share <= 100 for share in focal):
            errors["focal"] = _("The focal point lies between 0 and 100 percent.")
        values |= {"focal_x": focal[0], "focal_y": focal[1]}
    if errors:
        raise Invalid(errors)
    return {_COLUMNS.get(name, name): value for name, value in values.items()}


def words_of(row: dict[str, Any]) -> str:
    """Return what a file is found by."""
    return search_text(*(row.get(name) or "" for name in _WORDS))
