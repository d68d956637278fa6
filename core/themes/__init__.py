"""Themes: data that decides how a site looks, and the rendering of pages, parts and screens."""

from core.themes.check import check_theme, theme_at
from core.themes.css import CSS_LIMIT, CssFault, cleaned_css
from core.themes.discovery import find_themes
from core.themes.environment import SharedCode, make_environment
from core.themes.findings import ThemeFinding
from core.themes.fonts import SYSTEM_FONTS, Font
from core.themes.helpers import page_helpers
from core.themes.look import (
    CUSTOM_PATH,
    FILES_PATH,
    ICON_SIZES,
    TOKENS_PATH,
    Icon,
    Logo,
    LookSettings,
    ThemeLook,
    custom_css,
    custom_url,
    font_preloads,
    fonts_of,
    look,
    merged_contrast,
    merged_tokens,
    site_tokens,
    tokens_css,
    tokens_of,
    tokens_url,
)
from core.themes.manifest import PageTemplate, Theme, read_theme
from core.themes.registry import DEFAULT_THEME, Themes, current_themes, use_themes
from core.themes.render import render, render_admin, render_part
from core.themes.static import static_mounts, static_url, theme_file
from core.themes.tokens import (
    Contrast,
    Poor,
    Token,
    TokenValue,
    contrast_of,
    poor_contrasts,
    split_number,
)

__all__ = [
    "CSS_LIMIT",
    "CUSTOM_PATH",
    "DEFAULT_THEME",
    "FILES_PATH",
    "ICON_SIZES",
    "SYSTEM_FONTS",
    "TOKENS_PATH",
    "Contrast",
    "CssFault",
    "Font",
    "Icon",
    "Logo",
    "LookSettings",
    "PageTemplate",
    "Poor",
    "SharedCode",
    "Theme",
    "ThemeFinding",
    "ThemeLook",
    "Themes",
    "Token",
    "TokenValue",
    "check_theme",
    "cleaned_css",
    "contrast_of",
    "current_themes",
    "custom_css",
    "custom_url",
    "find_themes",
    "font_preloads",
    "fonts_of",
    "look",
    "make_environment",
    "merged_contrast",
    "merged_tokens",
    "page_helpers",
    "poor_contrasts",
    "read_theme",
    "render",
    "render_admin",
    "render_part",
    "site_tokens",
    "split_number",
    "static_mounts",
    "static_url",
    "theme_at",
    "theme_file",
    "tokens_css",
    "tokens_of",
    "tokens_url",
    "use_themes",
]
