"""Filters that templates get beside Jinja's own."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal
from markupsafe import Markup

from core.clock import local_time, now
from core.context import maybe_tenant
from core.i18n import language
from core.tenancy import SiteSettings, site_settings
from core.text import excerpt_of, plain_text

__all__ = ["ALL"]

_SAFE_URL = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\])|#|\?)", re.I)
_UNPRINTED = re.compile(r"[\x00-\x20\x7f-\x9f]")
"""Browsers take white space and control characters out of addresses before they look at the scheme."""


@lru_cache(maxsize=8)
def _parsed(code: str) -> Locale:
    return Locale.parse(code, sep="-")


def _locale() -> Locale:
    return _parsed(language())


def _site() -> SiteSettings:
    return site_settings() if maybe_tenant() is not None else SiteSettings()


def _local(value: datetime) -> datetime:
    return local_time(value, ZoneInfo(_site().timezone))


@lru_cache(maxsize=4096)
def _day(day: date, style: str, code: str) -> str:
    return format_date(day, style, locale=_parsed(code))


def date_filter(value: datetime | date | None, style: str = "") -> str:
    """Show a day in the site's time zone and language: `short`, `medium`, `long`, `full` or a CLDR pattern."""
    if value is None:
        return ""
    day = _local(value).date() if isinstance(value, datetime) else value
    return _day(day, style or _site().date_format, language())


def time_filter(value: datetime | None, style: str = "") -> str:
    """Show a time of day in the site's time zone and language."""
    if value is None:
        return ""
    local = _local(value).timetz().replace(tzinfo=None)  # already local; Babel would move it again
    return format_time(local, style or _site().time_format, locale=_locale())


def datetime_filter(value: datetime | None, style: str = "medium") -> str:
    """Show a moment in the site's time zone and language."""
    if value is None:
        return ""
    return format_datetime(_local(value).replace(tzinfo=None), style, locale=_locale())  # as above


def relative(value: datetime | None) -> str:
    """Show how long ago something was, or how far off it is."""
    if value is None:
        return ""
    return format_timedelta(value - now(), add_direction=True, locale=_locale(), threshold=1.0)


def iso(value: datetime | date | None) -> str:
    """Show a moment for `<time datetime>`, in the site's time zone."""
    if value is None:
        return ""
    return _local(value).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def safe_url(value: Any) -> str:
    """Return an address that may stand in an attribute, "#" for anything that could run code or leave unseen (control IO04)."""
    text = _UNPRINTED.sub("", str(value or ""))
    return text if _SAFE_URL.match(text) else "#"


def number(value: float | int) -> str:
    """Show a number as the language writes it."""
    return format_decimal(value, locale=_locale())


def html(value: str) -> Markup:
    """Mark HTML that passed the allow-list as safe: `post.html`. The one way around escaping in templates."""
    return Markup(value)  # noqa: S704  # PostView.html is cleaned on write and on render


def excerpt(markup: str, words: int = 55) -> str:
    """Return the first words of HTML as plain text, with an ellipsis if more follow."""
    return excerpt_of(markup, words)


def plain(markup: str) -> str:
    """Return the words of HTML as plain text."""
    return plain_text(markup)


ALL: Mapping[str, Callable[..., Any]] = {
    "date": date_filter,
    "time": time_filter,
    "datetime": datetime_filter,
    "relative": relative,
    "iso": iso,
    "safe_url": safe_url,
    "number": number,
    "html": html,
    "plain": plain,
    "excerpt": excerpt,
}
