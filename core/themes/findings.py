"""What `vitral theme check` finds."""

import msgspec

__all__ = ["ThemeFinding"]


class ThemeFinding(msgspec.Struct, frozen=True):
    """Something that is wrong with a theme."""

    rule: str
    """Short name of what is looked at: "contrast", "name", "escape", "host" ..."""
    file: str
    """Path below the theme's folder."""
    line: int
    """0 where it is about the file as a whole."""
    text: str
