"""Times and numbers as the reader writes them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.i18n import use_language
from core.themes import filters

# 1 March, 01:30 UTC is still 28 February in São Paulo
MOMENT = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)


async def test_times_stand_in_the_zone_and_language_of_the_site(alfa: Any) -> None:
    assert filters.date_filter(MOMENT) == "28 de fevereiro de 2026"
    assert filters.date_filter(MOMENT, "short") == "28/02/2026"
    assert filters.date_filter(date(2026, 3, 1), "d MMM") == "1 mar."
    assert filters.time_filter(MOMENT) == "22:30"
    assert filters.datetime_filter(MOMENT, "short") == "28/02/2026 22:30"
    assert filters.iso(MOMENT) == "2026-02-28T22:30:00-03:00"
    assert filters.iso(date(2026, 3, 1)) == "2026-03-01"
    assert filters.number(12345.5) == "12.345,5"
    with use_language("en"):
        assert filters.date_filter(MOMENT) == "February 28, 2026"
        assert filters.number(12345.5) == "12,345.5"


async def test_the_ends_of_the_calendar_are_shown_as_they_are_stored(alfa: Any) -> None:
    first = datetime(1, 1, 1, tzinfo=UTC)  # in São Paulo it would lie before the calendar
    assert filters.iso(first) == "0001-01-01T00:00:00+00:00"
    assert filters.date_filter(first, "short") == "01/01/1"
    assert filters.time_filter(first) == "00:00"
    assert filters.datetime_filter(first, "short") == "01/01/1 00:00"


@pytest.mark.parametrize(
    "shown",
    [filters.date_filter, filters.time_filter, filters.datetime_filter, filters.relative, filters.iso],
)
def test_no_time_is_shown_as_nothing(shown: Any) -> None:
    assert shown(None) == ""


async def test_how_long_ago_is_said_in_words(clock: Any) -> None:
    with use_language("pt-BR"):
        assert filters.relative(clock.time - timedelta(days=3)) == "há 3 dias"
        assert filters.relative(clock.time + timedelta(hours=2)) == "em 2 horas"
        # the largest unit that is full
        for seconds, words in ((59, "59 segundos"), (67, "1 minuto"), (3700, "1 hora"), (90_000, "1 dia")):
            assert filters.relative(clock.time - timedelta(seconds=seconds)) == f"há {words}"


def test_html_is_cut_by_words() -> None:
    assert filters.excerpt("<p>um dois</p><p>três &amp; quatro</p>", 3) == "um dois três …"
    assert filters.plain("<p>a &lt; b</p><p>c</p>") == "a < b c"
