"""The form of a site's look: what it shows of each token, and what it makes of what comes back."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from babel.numbers import format_decimal
from msgspec import Struct

from core.admin.words import words_of
from core.errors import Invalid, TooLarge
from core.http.form_body import Form
from core.i18n import gettext as _
from core.i18n import language
from core.sites import keep_icon, keep_logo
from core.themes import (
    LookSettings,
    Theme,
    ThemeLook,
    Token,
    TokenValue,
    fonts_of,
    merged_contrast,
    merged_tokens,
    poor_contrasts,
    split_number,
    tokens_of,
)

__all__ = ["TokenField", "TokenGroup", "contrast_warnings", "read_brand", "read_theme_look", "token_groups"]

PICTURES = ("logo", "logo_dark", "icon")


def number(value: float) -> str:
    """Return a number as the reader's language writes it."""
    return format_decimal(value, locale=language().replace("-", "_"))


class FontChoice(Struct, frozen=True):
    """A face in a list of them."""

    name: str
    title: str
    stack: str


class TokenField(Struct, frozen=True, kw_only=True):
    """A token as the form shows it."""

    name: str
    title: str
    kind: str
    light: str
    """What the input holds: a colour, the name of a font, or a number without its unit."""
    dark: str
    default_light: str
    default_dark: str
    has_night: bool
    unit: str = ""
    bounds: tuple[float, float] = (0, 0)
    step: float = 1
    fonts: tuple[FontChoice, ...] = ()
    error_light: str = ""
    error_dark: str = ""

    @property
    def changed(self) -> bool:
        """It is not as the theme has it."""
        return (self.light, self.dark) != (self.default_light, self.default_dark)


class TokenGroup(Struct, frozen=True):
    """Tokens under one heading."""

    title: str
    fields: tuple[TokenField, ...]


def token_groups(line: Sequence[Theme], own: ThemeLook, errors: Mapping[str, str]) -> tuple[TokenGroup, ...]:
    """Return the tokens of a theme that may be changed, by heading, as a site has them."""
    groups: dict[str, list[TokenField]] = {}
    fonts = tuple(
        FontChoice(name, _words(line, font.title), font.stack) for name, font in fonts_of(line).items()
    )
    for name, token in merged_tokens(line).items():
        if token.kind:
            field = _field(line, name, token, own.tokens.get(name, TokenValue()), fonts)
            wrong = errors.get(f"token.{name}", "")
            field = msgspec.structs.replace(
                field,
                error_light=errors.get(f"token.{name}.light", wrong),
                error_dark=errors.get(f"token.{name}.dark", ""),
            )
            groups.setdefault(_words(line, token.group), []).append(field)
    return tuple(TokenGroup(title, tuple(fields)) for title, fields in groups.items())


def _words(line: Sequence[Theme], text: str) -> str:
    """Return a theme's own word, or its parent's, in the reader's language."""
    if not text:
        return _("More")
    for theme in line:
        with words_of(theme.path / "locale"):
            if (said := _(text)) != text:
                return said
    return _(text)


def _field(
    line: Sequence[Theme], name: str, token: Token, value: TokenValue, fonts: tuple[FontChoice, ...]
) -> TokenField:
    title = _words(line, token.title)
    if token.kind == "font":
        own = FontChoice("", _("As the theme has it"), token.light)
        return TokenField(
            name=name,
            title=title,
            kind="font",
            light=value.light,
            dark="",
            default_light="",
            default_dark="",
            has_night=False,
            fonts=(own, *(font for font in fonts if font.stack != token.light)),
        )
    unit = (split_number(token.light) or (0, ""))[1]
    light, dark = (text.removesuffix(unit) if unit else text for text in (token.light, token.dark))
    now_light, now_dark = (text.removesuffix(unit) if unit else text for text in (value.light, value.dark))
    return TokenField(
        name=name,
        title=title,
        kind=token.kind,
        light=now_light or light,
        dark=now_dark or dark,
        default_light=light,
        default_dark=dark,
        has_night=token.kind == "colour" and bool(token.dark),
        unit=unit,
        bounds=token.bounds,
        step=token.step,
    )


def read_theme_look(form: Form, line: Sequence[Theme], before: ThemeLook, *, may_css: bool) -> ThemeLook:
    """Return what a form says about a theme; what is as the theme has it is left out.

    Args:
        form: The form.
        line: The theme, then its parents.
        before: What it stands on.
        may_css: Whether the person may write the style sheet; otherwise the one before stays.
    """
    reset = form.get("_reset")
    tokens = {}
    for name, token in merged_tokens(line).items():
        if not token.kind or reset in (name, "*"):
            continue
        sides = {}
        for side in ("light", "dark"):
            text = (form.get(f"token.{name}.{side}") or "").strip()
            if token.kind in ("length", "number") and text and split_number(token.light) is not None:
                text = text.replace(",", ".") + (split_number(token.light) or (0, ""))[1]
            sides[side] = "" if text.lower() == getattr(token, side).lower() else text
        value = TokenValue(**sides)
        if value != TokenValue():
            tokens[name] = value
    css = before.css
    if may_css and "css" in form:
        css = (form.get("css") or "").replace("\r\n", "\n").replace("\r", "\n")
    return ThemeLook(tokens, css if css.strip() else "")


async def read_brand(form: Form, values: LookSettings) -> tuple[LookSettings, dict[str, str]]:
    """Return a look with the logo and the icon that a form brings, and what is wrong with its files."""
    errors: dict[str, str] = {}
    changes: dict[str, Any] = {}
    for name in PICTURES:
        if form.get(f"{name}_remove"):
            changes[name] = None
        upload = form.file(name)
        if upload is None or not upload.filename:
            continue
        data = await upload.read()
        try:
            changes[name] = await (keep_icon if name == "icon" else keep_logo)(data)
        except Invalid as error:
            errors[name] = next(iter(error.errors.values()))
        except TooLarge as error:
            errors[name] = str(error)
    if "logo_alt" in form:
        changes["logo_alt"] = (form.get("logo_alt") or "").strip()[:200]
    return msgspec.structs.replace(values, **changes), errors


def contrast_warnings(line: Sequence[Theme], own: ThemeLook) -> list[str]:
    """Return what of a look is hard to read, a sentence each."""
    tokens = tokens_of(line, own)
    found: dict[tuple[str, bool, float], list[str]] = {}
    for poor in poor_contrasts(tokens, merged_contrast(line)):
        ground = _words(line, tokens[poor.on].title or poor.on)
        # cut, not rounded: 4.49 is less than 4.5
        grounds = found.setdefault((poor.text, poor.night, poor.least), [])
        grounds.append(f"{ground} ({number(int(poor.ratio * 10) / 10)})")
    return [
        (
            _("By night, “{text}” is hard to read on {grounds}: a contrast of {least} is needed.")
            if night
            else _("By day, “{text}” is hard to read on {grounds}: a contrast of {least} is needed.")
        ).format(
            text=_words(line, tokens[text].title or text),
            grounds=", ".join(grounds),
            least=number(least),
        )
        for (text, night, least), grounds in found.items()
    ]
