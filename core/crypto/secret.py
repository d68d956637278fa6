"""Things that hold key material: they show nothing of it and can't be copied out of the process."""

from typing import Any, NoReturn

__all__ = ["Masked"]


class Masked:
    """Base of everything that holds key material (control CR12).

    `repr`, `str` and `format` show the class and a public name only; pickling and copying raise.
    Python can't wipe memory reliably, so a key stays readable to whoever can read this process.
    """

    __slots__ = ()

    def public_name(self) -> str:
        """Return what may be shown of the key."""
        return "masked"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.public_name()}>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"A {type(self).__name__} holds key material: it can't be pickled or copied.")

    def __getstate__(self) -> NoReturn:
        raise TypeError(f"A {type(self).__name__} holds key material: it can't be pickled or copied.")
