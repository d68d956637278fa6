"""Themes: data that decides how a site looks, and the rendering of pages, parts and screens."""

from core.themes.manifest import PageTemplate, Theme, Token, read_theme
from core.themes.registry import DEFAULT_THEME, Themes, current_themes, use_themes
from core.themes.render import render, render_admin, render_part
from core.themes.static import static_mounts, static_url, theme_file
from core.themes.tokens import TOKENS_PATH, merged_tokens, tokens_css, tokens_url

__all__ = [
    "DEFAULT_THEME",
    "TOKENS_PATH",
    "PageTemplate",
    "Theme",
    "Themes",
    "Token",
    "current_themes",
    "merged_tokens",
    "read_theme",
    "render",
    "render_admin",
    "render_part",
    "static_mounts",
    "static_url",
    "theme_file",
    "tokens_css",
    "tokens_url",
    "use_themes",
]
