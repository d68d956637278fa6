"""The shapes of ASGI, loose enough for Litestar's own types and for plain dicts, and which path was asked for.

Litestar types scopes and messages as TypedDicts keyed by enum members, which neither plain dicts nor
comparisons with "http" fit. The layers here are plain ASGI, so they use these instead.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

__all__ = ["ASGIApp", "Message", "Receive", "Scope", "Send", "asked_path", "is_admin"]

Scope: TypeAlias = Any
"""An ASGI connection scope: a mutable mapping with string keys."""
Message: TypeAlias = Any
"""An ASGI event: a mapping with a "type"."""
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]


def asked_path(scope: Scope) -> str:
    """Return the path as it was asked for: the site layer may have moved it below its own prefix."""
    path: str = scope.get("state", {}).get("path") or scope["path"]
    return path


def is_admin(scope: Scope) -> bool:
    """Tell whether a path of the admin was asked for."""
    path = asked_path(scope)
    return path == "/admin" or path.startswith("/admin/")
