"""Design tokens: from `theme.toml` to CSS custom properties, by day and by night.

They come as a style sheet of their own, because the site's security policy takes no inline style, and
so that a child theme changes colours without a line of CSS.
"""

import hashlib
from collections.abc import Mapping, Sequence

from core.context import current_tenant
from core.themes.manifest import Theme, Token
from core.themes.registry import current_themes

__all__ = ["TOKENS_PATH", "merged_tokens", "tokens_css", "tokens_url"]

TOKENS_PATH = "/-/theme.css"
"""Where the style sheet is served. No slug begins with a hyphen, so no page can live there."""


def merged_tokens(line: Sequence[Theme]) -> Mapping[str, Token]:
    """Return the tokens of a theme with those of its parents that it does not set itself.

    Args:
        line: The theme, then its parents.
    """
    return {name: token for theme in reversed(line) for name, token in theme.tokens.items()}


def tokens_css() -> str:
    """Return the style sheet with the tokens of the current site's theme."""
    tokens = merged_tokens(current_themes().lineage(current_tenant().theme))
    day = "".join(f"--{name}:{token.light};" for name, token in tokens.items())
    night = "".join(f"--{name}:{token.dark};" for name, token in tokens.items() if token.dark)
    css = f":root{{color-scheme:light dark;{day}}}\n"
    return css + f"@media (prefers-color-scheme:dark){{:root{{{night}}}}}\n" if night else css


def tokens_url() -> str:
    """Return the address of the tokens' style sheet; it changes with them: `{{ tokens_url() }}`."""
    themes, key = current_themes(), ("tokens", current_tenant().theme)
    known = themes.addresses.get(key)
    if known is None:  # themes are read once, at start
        digest = hashlib.sha256(tokens_css().encode("utf-8")).hexdigest()[:10]
        known = themes.addresses[key] = f"{TOKENS_PATH}?v={digest}"
    return known
