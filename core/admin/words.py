"""Words that one language says in one way and another in two: a state, and a list of things in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.i18n import gettext, language, use_language

__all__ = ["many", "words_of"]

_CONTEXT = "many"


def many(text: str, of: str = "") -> str:
    """Return `text` as the name of several things ("Published" over a list: "Publicados"), in the reader's language.

    Catalogues give it under the context "many", or "many" and what they are ("many page": "Publicadas");
    without either it is the plain word.
    """
    for context in (f"{_CONTEXT} {of}", _CONTEXT):
        keyed = f"{context}\x04{text}"
        if (found := gettext(keyed)) != keyed:
            return found
    return gettext(text)


@contextmanager
def words_of(folder: Path | None) -> Iterator[None]:
    """Speak with the catalogues in `folder` inside the block.

    What a plugin or theme says of itself is read before it is in use, when the site does not speak its
    words yet.
    """
    with use_language(language(), (folder,) if folder is not None else ()):
        yield
