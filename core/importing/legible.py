"""Characters that old databases hold and no page can show."""

import re
from typing import Final

__all__ = ["legible"]

_TEXT: Final = {
    # Windows' quotation marks and dashes, taken for Latin-1 once: browsers read them like this, too
    **{code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)},
    **dict.fromkeys((0x7F, 0xFFF9, 0xFFFA, 0xFFFB, 0xFFFE, 0xFFFF), ""),
}
_NOT_IN_LINES: Final = re.compile("[\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]")


def legible(text: str, *, line: bool = False) -> str:
    """Return text of an export without what would be refused here, so that it does not cost the whole item.

    Args:
        text: Any text of the file.
        line: It has one line: separators of lines and marks that turn its direction are left out, too.
    """
    text = text.translate(_TEXT)
    return _NOT_IN_LINES.sub(" ", text).strip() if line else text
