"""Addresses of attached files in content: to where the files are now that they were fetched."""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

__all__ = ["MovedFiles"]

_ADDRESS: Final = re.compile(r"""(?:https?:)?//[^\s"'<>()\[\]\\,]+""", re.I)
_SIZED: Final = re.compile(r"(?:-scaled|-rotated|-e\d{10,})?(?:-\d{1,5}x\d{1,5})?(\.[a-z0-9]{2,5})$", re.I)
"""What WordPress adds to a file's name: the smaller pictures that it makes, and marks of changed ones."""


class MovedFiles:
    """Which files of the source site lie here."""

    def __init__(self) -> None:
        self._here: dict[str, str] = {}

    def add(self, source_url: str, url: str) -> None:
        """Note that a file of the source site is at `url` now; one that stayed there is left alone."""
        if url.startswith("/") and (key := _key(source_url)):
            self._here[key] = url
            self._here.setdefault(_SIZED.sub(r"\1", key), url)

    def rewrite(self, content: str) -> str:
        """Return content that asks this site for the files, whatever size it asked the source site for."""
        if not self._here:
            return content
        return _ADDRESS.sub(lambda found: self._of(found[0]), content)

    def _of(self, address: str) -> str:
        key = _key(address)
        return self._here.get(key) or self._here.get(_SIZED.sub(r"\1", key)) or address


def _key(address: str) -> str:
    """Return host and path, by which a file is known whatever the scheme, the query and the escapes."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.netloc.lower() + unquote(parts.path)
