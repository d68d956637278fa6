"""Parts of a running installation that code reaches without being handed them: database, keys, themes.

They are context variables, so that two installations (tests, tools) live in one process.
"""

from contextvars import ContextVar, Token
from typing import Generic, TypeVar

from core.errors import VitralError

__all__ = ["Ambient", "Using"]

T = TypeVar("T")


class Ambient(Generic[T]):
    """One such part: its room names `get` and `use` for others, such as `current_mail` and `use_mail`.

    Args:
        what: What it is, for people: "registry of sites".
        how: What to wrap code in that needs it: "use_tenants(tenants)".
        error: What is raised where there is none.
    """

    def __init__(self, what: str, how: str, error: type[VitralError] = VitralError) -> None:
        self._variable: ContextVar[T] = ContextVar(what)
        self._how = how
        self._error = error

    def get(self) -> T:
        """Return what is in use.

        Raises:
            VitralError: Nothing is.
        """
        try:
            return self._variable.get()
        except LookupError:
            raise self._error(
                f"No {self._variable.name} is in use here.", hint=f"Wrap the code in `{self._how}`."
            ) from None

    def use(self, value: T) -> "Using[T]":
        """Return a context manager: `value` is in use inside its block."""
        return Using(self._variable, value)


class Using(Generic[T]):
    """Gives a context variable a value inside a block.

    A plain class, since every request enters several: a generator would cost three times as much.
    """

    __slots__ = ("_token", "_value", "_variable")

    def __init__(self, variable: ContextVar[T], value: T) -> None:
        self._variable = variable
        self._value = value

    def __enter__(self) -> None:
        self._token: Token[T] = self._variable.set(self._value)

    def __exit__(self, *_: object) -> None:
        self._variable.reset(self._token)
