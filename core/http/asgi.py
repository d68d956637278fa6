"""The shapes of ASGI, loose enough for Litestar's own types and for plain dicts.

Litestar types scopes and messages as TypedDicts keyed by enum members, which neither plain dicts nor
comparisons with "http" fit. The layers here are plain ASGI, so they use these instead.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

__all__ = ["ASGIApp", "Message", "Receive", "Scope", "Send"]

Scope: TypeAlias = Any
"""An ASGI connection scope: a mutable mapping with string keys."""
Message: TypeAlias = Any
"""An ASGI event: a mapping with a "type"."""
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]
