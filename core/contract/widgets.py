"""Widgets: what stands in the regions of a theme, such as a sidebar."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

__all__ = ["WidgetChoice", "WidgetType"]


def _has_defaults(model: type[msgspec.Struct]) -> str:
    missing = [field.name for field in msgspec.structs.fields(model) if field.required]
    return f"{model.__name__} has no default for {', '.join(missing)}" if missing else ""


class WidgetChoice(msgspec.Struct, frozen=True):
    """Something to choose in a widget's settings that only the site knows."""

    value: str
    label: str
    """Already translated."""
    level: int = 0
    """Depth in a tree; shown as an indent."""


class WidgetType(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of widget. What a site has of it are placements: a region, settings, conditions."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.]{0,59}$")]
    """A plugin's is its own name, or begins with it and a dot or underscore: "comments.recent"."""
    title: str
    """What it is called in the admin, and above what it shows unless a site says otherwise: an English message id."""
    description: str = ""
    """What it shows, in a sentence: an English message id."""
    icon: str = "panes"
    """One of the admin's icons."""
    position: int = 50
    """Where it stands among those to choose from; lower comes first."""
    heading: bool = True
    """Its title is shown above it unless a site says otherwise. False for a search, a picture, a text."""
    settings: Annotated[type[msgspec.Struct], Meta(extra={"check": _has_defaults})]
    """A frozen Struct in which every field has a default. Its form is made as that of settings is."""
    render: Callable[[Any, Any], Awaitable[str]]
    """Called with a `settings` and the `core.contract.pages.Page`; returns safe HTML, "" to show nothing at all.

    Use `core.themes.render_part`, so that themes can have a template of their own. The title is put above it.
    """
    shared: bool = False
    """What visitors get is the same on every page and for every visitor: it is made once and kept for a moment.

    Such a `render` gets whichever page is asked for first and must not look at it. Any other one costs every
    page what it does, queries too.
    """
    choices: Callable[[str], Awaitable[Sequence[WidgetChoice] | None]] | None = None
    """Returns what can be chosen in a field of the settings, by its name; None to go by the field's type."""
    problem: Callable[[Any], Awaitable[str]] | None = None
    """Called with a `settings` for the admin: a translated sentence where something that they name is gone, else ""."""
