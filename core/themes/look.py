"""What a site makes of its theme: tokens, style sheet, logo and icon, and the style sheets that come of it.

They come as style sheets of their own, because the site's security policy takes no inline style, and so
that a child theme changes colours without a line of CSS. Their addresses carry a digest: browsers keep
them for a year. What is published stands in the site's settings, so pages ask the database nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import ClassVar, Final

import msgspec

from core.context import Tenant, current_tenant
from core.plugins import settings
from core.themes.css import cleaned_css
from core.themes.fonts import SYSTEM_FONTS, Font
from core.themes.manifest import Theme
from core.themes.registry import Themes, current_themes
from core.themes.static import static_url
from core.themes.tokens import Contrast, Token, TokenValue, changed_token

__all__ = [
    "CUSTOM_PATH",
    "FILES_PATH",
    "ICON_SIZES",
    "TOKENS_PATH",
    "Icon",
    "Logo",
    "LookSettings",
    "ThemeLook",
    "custom_css",
    "custom_url",
    "font_preloads",
    "fonts_of",
    "look",
    "merged_contrast",
    "merged_tokens",
    "site_tokens",
    "tokens_css",
    "tokens_of",
    "tokens_url",
]

TOKENS_PATH = "/-/theme.css"
"""Where the style sheet is served. No slug begins with a hyphen, so no page can live there."""
CUSTOM_PATH = "/-/custom.css"
"""Where the site's own style sheet is served."""
FILES_PATH = "/-/look/"
"""Where pictures of logos and icons are served."""
ICON_SIZES: Final = (32, 180, 192, 512)
"""Edges of the icon's pictures: of tabs, of telephones of two kinds, and of what installs the site."""


class ThemeLook(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a site makes of one theme."""

    tokens: Mapping[str, TokenValue] = {}
    """Only what differs from the theme."""
    css: str = ""
    """The site's own style sheet, as it was typed."""


class Logo(msgspec.Struct, frozen=True):
    """A picture that stands for the site."""

    name: str
    """Name of its file: `look_files`."""
    width: int
    height: int

    @property
    def url(self) -> str:
        """Its address."""
        return FILES_PATH + self.name


class Icon(msgspec.Struct, frozen=True):
    """The site's icon in every size: `icon-<size>-<digest>.png`."""

    digest: str

    def url(self, size: int) -> str:
        """Return the address of one of its sizes."""
        return f"{FILES_PATH}icon-{size}-{self.digest}.png"


class LookSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a site looks. Stored with its settings, and written by the operations on looks alone."""

    owner: ClassVar[str] = "look"

    themes: Mapping[str, ThemeLook] = {}
    """By theme: who tries another one and comes back finds everything as it was."""
    logo: Logo | None = None
    logo_dark: Logo | None = None
    """The logo by night, if it is another one."""
    logo_alt: str = ""
    """What the logo says to those who can't see it; "" for the title of the site."""
    icon: Icon | None = None
    trying: str = ""
    """Query of what somebody only looks at: a draft, or another theme. Never stored."""


def look() -> LookSettings:
    """Return how the current site looks."""
    return settings(LookSettings)


def merged_tokens(line: Sequence[Theme]) -> Mapping[str, Token]:
    """Return the tokens of a theme with those of its parents that it does not set itself.

    A child that gives a token other colours keeps what its parent says about it: kind, title, bounds.

    Args:
        line: The theme, then its parents.
    """
    merged: dict[str, Token] = {}
    for theme in reversed(line):
        for name, token in theme.tokens.items():
            above = merged.get(name)
            if above is not None and not token.kind:
                token = msgspec.structs.replace(above, light=token.light, dark=token.dark)
            merged[name] = token
    return merged


def merged_contrast(line: Sequence[Theme]) -> tuple[Contrast, ...]:
    """Return what is text on what in a theme and its parents."""
    return tuple(dict.fromkeys(pair for theme in line for pair in theme.contrast))


def fonts_of(line: Sequence[Theme]) -> Mapping[str, Font]:
    """Return the faces that may be chosen in a theme: the system's, then those that it and its parents bring."""
    own = {name: font for theme in reversed(line) for name, font in theme.fonts.items()}
    return {**own, **{name: font for name, font in SYSTEM_FONTS.items() if name not in own}}


def tokens_of(line: Sequence[Theme], own: ThemeLook) -> Mapping[str, Token]:
    """Return the tokens of a theme as a site shows them."""
    tokens = merged_tokens(line)
    if not own.tokens:
        return tokens
    stacks = {name: font.stack for name, font in fonts_of(line).items()}
    return {
        name: changed_token(token, own.tokens[name], stacks) if name in own.tokens else token
        for name, token in tokens.items()
    }


class _Made(msgspec.Struct, frozen=True):
    """The style sheets of a site, and where they are."""

    tokens_css: str
    tokens_url: str
    custom_css: str
    custom_url: str
    """"" where there is none."""
    preloads: tuple[str, ...]
    by_day: Mapping[str, str]


def _make(themes: Themes, tenant: Tenant) -> _Made:
    line = themes.lineage(tenant.theme)
    whole = look()
    own = whole.themes.get(line[0].name, ThemeLook())
    tokens = tokens_of(line, own)
    faces, preloads = _faces(line, tokens)
    day = "".join(f"--{name}:{token.light};" for name, token in tokens.items())
    night = "".join(f"--{name}:{token.dark};" for name, token in tokens.items() if token.dark)
    css = f"{faces}:root{{color-scheme:light dark;{day}}}\n"
    if night:
        css += f"@media (prefers-color-scheme:dark){{:root{{{night}}}}}\n"
    custom = cleaned_css(own.css).css
    trying = f"&{whole.trying}" if whole.trying else ""
    return _Made(
        css,
        f"{TOKENS_PATH}?v={_digest(css)}{trying}",
        custom,
        f"{CUSTOM_PATH}?v={_digest(custom)}{trying}" if custom else "",
        preloads,
        {name: token.light for name, token in tokens.items()},
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:10]


_kept = lru_cache(maxsize=1024)(_make)  # a site that changes is a new object


def _made() -> _Made:
    tenant = current_tenant()
    # who only looks has a site object of a moment's life
    return (_make if look().trying else _kept)(current_themes(), tenant)


def _faces(line: Sequence[Theme], tokens: Mapping[str, Token]) -> tuple[str, tuple[str, ...]]:
    """Return `@font-face` rules of the packed faces in use, and the addresses of their first files."""
    used = {token.light for token in tokens.values()}
    rules, first = [], []
    for font in fonts_of(line).values():
        if font.stack not in used:
            continue
        for number, file in enumerate(font.files):
            url = static_url(file.file)
            covers = f"unicode-range:{file.range};" if file.range else ""
            rules.append(
                f"@font-face{{font-family:'{font.family}';font-style:{file.style};font-weight:{file.weight};"
                f"font-display:swap;{covers}src:url({url}) format('woff2')}}\n"
            )
            if number == 0:
                first.append(url)
    return "".join(rules), tuple(first)


def tokens_css() -> str:
    """Return the style sheet with the tokens of the current site's theme, as the site has them."""
    return _made().tokens_css


def tokens_url() -> str:
    """Return the address of the tokens' style sheet; it changes with them: `{{ tokens_url() }}`."""
    return _made().tokens_url


def custom_css() -> str:
    """Return the site's own style sheet, cleaned."""
    return _made().custom_css


def custom_url() -> str:
    """Return the address of the site's own style sheet; it changes with it. "" where there is none."""
    return _made().custom_url


def font_preloads() -> tuple[str, ...]:
    """Return the addresses of packed faces that every page needs at once."""
    return _made().preloads


def site_tokens() -> Mapping[str, str]:
    """Return the values by day of the tokens of the current site."""
    return _made().by_day
