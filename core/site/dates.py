"""Archives by year, month and day."""

from datetime import date

from babel.dates import format_date, format_skeleton

from core.content import date_path
from core.contract.pages import Archive
from core.i18n import language
from core.site.resolve import Target

__all__ = ["date_archive"]


def date_archive(target: Target) -> tuple[Archive, str]:
    """Return what a date archive is called, and its path."""
    day = date(target.year, target.month or 1, target.day or 1)
    locale = language().replace("-", "_")
    if target.day:
        archive = Archive(
            kind="date", title=format_date(day, "long", locale=locale), day=day, precision="day"
        )
    elif target.month:
        month = format_skeleton("yMMMM", day, locale=locale)
        archive = Archive(kind="date", title=month[:1].upper() + month[1:], day=day, precision="month")
    else:
        archive = Archive(kind="date", title=str(target.year), day=day, precision="year")
    return archive, date_path(target.year, target.month, target.day)
