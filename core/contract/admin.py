"""What plugins add to the admin."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import msgspec

__all__ = ["AdminMenuItem", "DashboardPanel", "EditPanel", "Notice"]


class AdminMenuItem(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the sidebar."""

    key: str
    title: str
    """An English message id."""
    url: str
    capability: str
    section: Literal["content", "people", "look", "site", "tools"] = "tools"
    icon: str = "puzzle"
    position: int = 50
    parent: str = ""
    """Key of the entry it stands under."""
    badge: Callable[[], Awaitable[int]] | None = None
    """A count to show beside it; 0 shows nothing."""


class DashboardPanel(msgspec.Struct, frozen=True, kw_only=True):
    """A box of the dashboard."""

    key: str
    title: str
    template: str
    capability: str
    context: Callable[[], Awaitable[dict[str, Any]]]
    position: int = 50
    wide: bool = False


class EditPanel(msgspec.Struct, frozen=True, kw_only=True):
    """A section of the writing screen's side panel, or of the form of a term or a person.

    Its inputs are named `ext.<key>.<field>`, and are read as the `input` of your extension of the same owner.
    """

    key: str
    title: str
    template: str
    capability: str
    owner: Literal["post", "term", "user", "media"] = "post"
    """Whose form it stands in. The template gets the view under this name, `state` and `panel`."""
    types: frozenset[str] = frozenset()
    """Types of posts, or taxonomies; empty means all."""
    context: Callable[[Any], Awaitable[dict[str, Any]]] | None = None
    """Called with the PostView, TermView, UserView or MediaView, or None for a new one; returns what else the template gets."""
    position: int = 50


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A line above a screen."""

    kind: Literal["success", "info", "warning", "error"]
    text: str
    url: str = ""
    link: str = ""
