"""Archives by year, month and day."""

from datetime import date

from babel import Locale
from babel.dates import format_date

from core.content import date_path
from core.contract.pages import Archive
from core.i18n import language
from core.site.resolve import Target

__all__ = ["date_archive"]


def date_archive(target: Target) -> tuple[Archive, str]:
    """Return what a date archive is called, and its path."""
    day = date(target.year, target.month or 1, target.day or 1)
    locale = Locale.parse(language(), sep="-")
    if target.day:
        title, precision = format_date(day, "long", locale=locale), "day"
    elif target.month:
        title, precision = format_date(day, "LLLL yyyy", locale=locale).capitalize(), "month"
    else:
        title, precision = str(target.year), "year"
    archive = Archive(kind="date", title=title, day=day, precision=precision)  # type: ignore[arg-type]  # one of the literals
    return archive, date_path(target.year, target.month, target.day)
