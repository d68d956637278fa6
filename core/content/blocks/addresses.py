"""Where links and pictures of blocks may lead: the same schemes as those of the allow-list for HTML."""

import re
from typing import Final

__all__ = ["link_address", "picture_address", "web_address"]

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LINKS: Final = frozenset({"http", "https", "mailto", "tel"})
_HIDDEN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")
"""Characters that browsers skip or that hide a scheme; none stands in an address as it is."""


def link_address(value: str) -> bool:
    """Tell whether a link may lead there: the web, mail, telephone, or a place on the site."""
    if not value or _HIDDEN.search(value):
        return False
    found = _SCHEME.match(value)
    return found is None or found[1].lower() in _LINKS


def web_address(value: str) -> bool:
    """Tell whether this is a whole http or https address."""
    return value.lower().startswith(("http://", "https://")) and not _HIDDEN.search(value)


def picture_address(value: str) -> bool:
    """Tell whether a picture may come from there: the web, or a path of the site."""
    return web_address(value) or (value.startswith("/") and not _HIDDEN.search(value))
