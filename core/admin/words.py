"""Words that one language says in one way and another in two: a state, and a list of things in it."""

from core.i18n import gettext

__all__ = ["many"]

_CONTEXT = "many"


def many(text: str) -> str:
    """Return `text` as the name of several things ("Published" over a list: "Publicados"), in the reader's language.

    Catalogues give it under the context "many"; without one it is the plain word.
    """
    keyed = f"{_CONTEXT}\x04{text}"
    found = gettext(keyed)
    return gettext(text) if found == keyed else found
