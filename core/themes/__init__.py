"""Themes: data that decides how a site looks, and the rendering of pages, parts and screens."""

from core.themes.manifest import Theme, read_theme
from core.themes.registry import Themes, current_themes, use_themes
from core.themes.render import render, render_admin, render_part
from core.themes.static import static_mounts, static_url

__all__ = [
    "Theme",
    "Themes",
    "current_themes",
    "read_theme",
    "render",
    "render_admin",
    "render_part",
    "static_mounts",
    "static_url",
    "use_themes",
]
