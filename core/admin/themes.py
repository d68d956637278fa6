"""Themes: how the site looks, with a picture or the palette of each."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from core.admin.confirm import confirm_first
from core.admin.flash import flash
from core.admin.shell import AnyRequest, go, screen
from core.admin.words import words_of
from core.context import current_tenant
from core.contract.admin import Notice
from core.errors import Refused
from core.i18n import gettext as _
from core.sites import switch_theme
from core.themes import Theme, current_themes, merged_tokens

__all__ = ["handlers", "lacking"]

_OPT: Final = {"capability": "switch_themes"}
_PATH: Final = "/admin/themes"
_ROLES: Final = {
    "ground": ("ground", "background", "paper", "bg"),
    "surface": ("surface", "panel", "card"),
    "ink": ("ink", "text", "foreground"),
    "soft": ("ink-soft", "muted", "line"),
    "accent": ("accent", "primary", "brand"),
}
_FALLBACK: Final = {
    "ground": "#f5f4f1",
    "surface": "#ffffff",
    "ink": "#1b1c20",
    "soft": "#c9c6be",
    "accent": "#2b4fb8",
}
_COLOUR: Final = "#"


class ThemeCard(Struct, frozen=True, kw_only=True):
    """A theme in the list."""

    name: str
    title: str
    description: str
    version: str
    author: str
    parent: str
    active: bool
    picture: str
    """Address of its picture, "" if it has none."""
    palette: Mapping[str, str]
    """Colours for a drawn preview: ground, surface, ink, soft, accent."""
    swatches: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    """Places for widgets and menus that the site's theme has and this one has not."""


def _palette(theme: Theme) -> tuple[dict[str, str], tuple[str, ...]]:
    tokens = merged_tokens(current_themes().lineage(theme.name))
    colours = {name: token.light for name, token in tokens.items() if token.light.startswith(_COLOUR)}
    palette = {
        role: next((colours[name] for name in names if name in colours), _FALLBACK[role])
        for role, names in _ROLES.items()
    }
    return palette, tuple(dict.fromkeys(colours.values()))[:8]


def _card(theme: Theme) -> ThemeCard:
    palette, swatches = _palette(theme)
    with words_of(theme.path / "locale"):
        title, description = _(theme.title), _(theme.description) if theme.description else ""
    picture = f"/static/themes/{theme.name}/{theme.screenshot}?v={theme.version}" if theme.screenshot else ""
    return ThemeCard(
        name=theme.name,
        title=title,
        description=description,
        version=theme.version,
        author=theme.author,
        parent=theme.parent,
        active=theme.name == current_tenant().theme,
        picture=picture,
        palette=palette,
        swatches=swatches,
        lacks=lacking(theme),
    )


def lacking(theme: Theme) -> tuple[str, ...]:
    """Return the places for widgets and menus that the site would lose with a theme, in the reader's language."""
    themes, now = current_themes(), current_tenant().theme
    lost = {
        **{
            name: title
            for name, title in themes.regions(now).items()
            if name not in themes.regions(theme.name)
        },
        **{name: title for name, title in themes.menus(now).items() if name not in themes.menus(theme.name)},
    }
    with words_of(themes.lineage(now)[-1].path / "locale"):
        return tuple(_(title) for title in lost.values())


@get(_PATH, opt=_OPT, include_in_schema=False)
async def listing(request: AnyRequest) -> Response[str]:
    """Show the installed themes."""
    themes = current_themes()
    cards = sorted((_card(theme) for theme in themes.all()), key=lambda card: (not card.active, card.title))
    return await screen(
        request,
        "admin/themes/list.html",
        key="themes",
        title=_("Themes"),
        notices=tuple(
            Notice(
                kind="error",
                text=_("The theme “%(name)s” is left out: %(error)s") % {"name": name, "error": error},
            )
            for name, error in themes.broken.items()
        ),
        cards=cards,
    )


@post(f"{_PATH}/{{name:str}}", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def activate(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Give the site another theme."""
    theme = current_themes().known(name)
    before = current_tenant().theme
    try:
        await switch_theme(theme.name)
    except Refused as error:
        flash(request, str(error), "error")
        return go(request, _PATH)
    undo = f"{_PATH}/{before}" if before != theme.name else ""
    flash(request, _("The site wears “%(title)s” now.") % {"title": _(theme.title)}, undo_url=undo)
    return go(request, _PATH)


handlers = [listing, activate]
