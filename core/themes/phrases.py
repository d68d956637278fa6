"""Strings of templates in the reader's language: looked up once per catalogue, escaped once."""

from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

from markupsafe import Markup

from core.ambient import Using

__all__ = ["gettext", "ngettext", "speaking"]


class Phrases:
    """The strings of one catalogue, as templates show them.

    Like Jinja's own, a string is a format: `%(name)s` is replaced by the escaped argument, `%%` is a
    percent sign. Catalogues are written by those who write templates, so they may hold markup.
    """

    def __init__(self, catalogue: NullTranslations) -> None:
        self._catalogue = catalogue
        self._formats: dict[str, Markup] = {}
        self._plain: dict[str, Markup] = {}

    def plain(self, message: str) -> Markup:
        """Return a string without arguments."""
        found = self._plain.get(message)
        if found is None:
            found = self._plain[message] = self._format(message) % {}
        return found

    def filled(self, message: str, variables: dict[str, Any]) -> Markup:
        """Return a string with its arguments."""
        return self._format(message) % variables

    def counted(self, singular: str, plural: str, count: int, variables: dict[str, Any]) -> Markup:
        """Return the form for a number, which the string may show as `%(num)s`."""
        made = Markup(self._catalogue.ngettext(singular, plural, count))  # noqa: S704  # from a catalogue
        return made % {"num": count, **variables}

    def _format(self, message: str) -> Markup:
        found = self._formats.get(message)
        if found is None:
            found = self._formats[message] = Markup(self._catalogue.gettext(message))  # noqa: S704  # as above
        return found


@lru_cache(maxsize=128)
def _phrases(catalogue: NullTranslations) -> Phrases:
    return Phrases(catalogue)


_ENGLISH = Phrases(NullTranslations())
_current: ContextVar[Phrases] = ContextVar("vitral_phrases", default=_ENGLISH)


def speaking(catalogue: NullTranslations) -> Using[Phrases]:
    """Render with the strings of `catalogue` inside the block."""
    return Using(_current, _phrases(catalogue))


def gettext(message: str, **variables: Any) -> Markup:
    """Return a string in the reader's language: `{{ _("Answer to %(name)s", name=author) }}`."""
    phrases = _current.get()
    return phrases.filled(message, variables) if variables else phrases.plain(message)


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> Markup:
    """Return the form of a string for a number: `{{ ngettext("%(num)s text", "%(num)s texts", count) }}`."""
    return _current.get().counted(singular, plural, num, variables)
