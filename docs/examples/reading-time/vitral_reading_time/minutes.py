"""Counting words."""

from core.plugins import settings
from core.text import plain_text
from vitral_reading_time.settings import ReadingTimeSettings


def minutes_of(html: str) -> int:
    """Return how many minutes a text takes, 1 at least."""
    words = len(plain_text(html).split())
    return max(1, round(words / settings(ReadingTimeSettings).words_per_minute))
