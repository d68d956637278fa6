"""Interface language: gettext catalogues per language, read from .po files, and the current one.

Catalogues are read from `locale/<language>/LC_MESSAGES/messages.po` folders that rooms, plugins
and themes register; there is no compile step, a catalogue is parsed once per process.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

__all__ = [
    "DEFAULT_LANGUAGE",
    "FOLDERS",
    "LANGUAGE",
    "LANGUAGES",
    "folders_of",
    "gettext",
    "known_language",
    "language",
    "load",
    "ngettext",
    "translations",
    "use_language",
]

LANGUAGES = {"pt-BR": "Português (Brasil)", "en": "English"}
DEFAULT_LANGUAGE = "pt-BR"

_language: ContextVar[str] = ContextVar("vitral_language", default=DEFAULT_LANGUAGE)
_CORE_LOCALE = Path(__file__).parent / "locale"


@lru_cache(maxsize=64)
def load(folders: tuple[Path, ...], code: str) -> NullTranslations:
    """Return the merged catalogue of `folders` for language `code`; later folders win.

    English is the language of the message ids, so it has no catalogue.
    """
    merged: Translations | None = None
    for folder in folders:
        path = folder / code.replace("-", "_") / "LC_MESSAGES" / "messages.po"
        if not path.is_file():
            continue
        with path.open("rb") as source:
            catalog = read_po(source, locale=code.replace("-", "_"))
        binary = io.BytesIO()
        write_mo(binary, catalog)
        binary.seek(0)
        loaded = Translations(binary)
        if merged is None:
            merged = loaded
        else:
            merged.merge(loaded)
    return merged if merged is not None else NullTranslations()


_folders: ContextVar[tuple[Path, ...]] = ContextVar("vitral_locale_folders", default=(_CORE_LOCALE,))


LANGUAGE = _language
FOLDERS = _folders
"""The variables themselves, for the layer that sets them for every request: a context manager costs it more."""


def language() -> str:
    """Return the language that people are being spoken to in, such as "pt-BR"."""
    return _language.get()


@contextmanager
def use_language(code: str, folders: tuple[Path, ...] | None = None) -> Iterator[None]:
    """Speak `code` inside the block, with the catalogues of `folders` beside the core's own."""
    token = _language.set(code if code in LANGUAGES else DEFAULT_LANGUAGE)
    folder_token = _folders.set((_CORE_LOCALE, *folders)) if folders is not None else None
    try:
        yield
    finally:
        _language.reset(token)
        if folder_token is not None:
            _folders.reset(folder_token)


def folders_of(own: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return `own` catalogue folders behind the core's."""
    return (_CORE_LOCALE, *own)


def known_language(code: str) -> str:
    """Return a language that there is: `code`, or the default."""
    return code if code in LANGUAGES else DEFAULT_LANGUAGE


def translations() -> NullTranslations:
    """Return the catalogue of the current language."""
    return load(_folders.get(), _language.get())


def gettext(message: str) -> str:
    """Return `message` in the current language."""
    return translations().gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of a message that fits `count`, in the current language."""
    return translations().ngettext(singular, plural, count)
