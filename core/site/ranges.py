"""Parts of a file, as players of audio and video ask for them (RFC 9110, 14)."""

import re
from typing import Final

__all__ = ["Unsatisfiable", "wanted_range"]

_ONE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class Unsatisfiable(Exception):
    """The part that is asked for lies outside of the file."""


def wanted_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte that are asked for; None for the whole file.

    Several parts at once are answered with the whole file, which the standard allows.

    Args:
        header: The Range header, "" if there is none.
        size: Bytes of the file.

    Raises:
        Unsatisfiable: The part begins behind the end, or has no bytes.
    """
    found = _ONE.fullmatch(header.replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:  # the last bytes
        length = min(int(found[2]), size)
        if length == 0:
            raise Unsatisfiable
        return size - length, size - 1
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if first >= size or (found[2] and int(found[2]) < first):
        raise Unsatisfiable
    return first, last
