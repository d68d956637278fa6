"""What can go wrong with sealed values. One error for every failure to open: the reason is not told."""

from core.errors import Unavailable, VitralError

__all__ = ["CannotOpen", "CipherMissing", "KeyMisused"]


class CannotOpen(VitralError):
    """A sealed value can't be opened. The message is the same whatever the reason (control CR11).

    Reasons are: cut or changed bytes, an unknown version or suite, a key that isn't there, a value
    that was moved from another site, table, column, row or purpose.
    """

    slug = "cannot-open"

    def __init__(self) -> None:
        super().__init__(
            "A sealed value can't be opened: it was changed, moved from another place, or sealed with another key.",
            hint="If it concerns every value, the root key file is not the one this database was sealed with.",
        )


class CipherMissing(Unavailable):
    """A sealed field needs a cipher that isn't there, or there are two. Whoever asks is told which is the case."""

    slug = "cipher-missing"


class KeyMisused(VitralError):
    """Code asked a key for something it isn't for. Always a programming mistake."""

    slug = "key-misused"
