"""What every page of a site shows, kept for a moment: menu entries, topics, the newest texts.

For anonymous visitors, and for others where it does not depend on who asks. A commit of this process drops it at once; those of other processes are seen
within `SECONDS`, as changes of plugins and settings are.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from time import monotonic
from typing import Any, TypeVar

from core.context import Tenant, current_actor, current_tenant
from core.db import current_database
from core.i18n import language

__all__ = ["kept"]

T = TypeVar("T")
SECONDS = 0.5
_MOST = 256


@lru_cache(maxsize=1024)  # a site that changes is a new object
def _shelf(tenant: Tenant) -> dict[Any, tuple[int, float, Any]]:
    return {}


async def kept(name: str, read: Callable[..., Awaitable[T]], *args: Any, for_everybody: bool = False) -> T:
    """Return `await read(*args)`, or what it returned a moment ago.

    Args:
        name: Whose result it is; with `args` and the language it tells results apart.
        read: Reads it. What it returns is shared, so it must be immutable.
        args: Its arguments; hashable.
        for_everybody: It depends on nothing but `args`, so people who are signed in may get it, too. Without
            this they get what they may see.
    """
    if not for_everybody and current_actor().kind != "visitor":
        return await read(*args)
    tenant = current_tenant()
    shelf, key = _shelf(tenant), (name, args, language())
    commits = current_database().commits[tenant.id]
    found = shelf.get(key)
    if found is not None and found[0] == commits and monotonic() < found[1]:
        value: T = found[2]
        return value
    value = await read(*args)
    if len(shelf) >= _MOST:
        shelf.clear()
    shelf[key] = (commits, monotonic() + SECONDS, value)
    return value
