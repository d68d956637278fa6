"""Which screens a plugin brings: the `views` of its `admin.py`."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from core.admin.view import AdminView
from core.errors import StartError
from core.plugins import InstalledPlugin

__all__ = ["views_of"]


@lru_cache(maxsize=512)
def _made(view: type[AdminView[Any, Any]], plugin: str) -> AdminView[Any, Any]:
    return view(plugin)


def views_of(plugin: InstalledPlugin) -> tuple[AdminView[Any, Any], ...]:
    """Return the screens of a plugin, made of the classes in `views` of its `admin.py`.

    Raises:
        StartError: `admin.py` has no list of them, or something else in it.
    """
    part = plugin.parts.get("admin")
    if part is None:
        return ()
    classes = part if isinstance(part, list | tuple) else getattr(part, "views", None)
    if not isinstance(classes, Iterable) or isinstance(classes, str):
        raise StartError(
            f"The plugin “{plugin.name}” has an admin.py without a list of screens.",
            hint="End it with views = [...].",
        )
    found = []
    for view in classes:
        if not (isinstance(view, type) and issubclass(view, AdminView)):
            raise StartError(
                f"The plugin “{plugin.name}” lists {view!r} among its screens.",
                hint="List subclasses of core.admin.AdminView.",
            )
        found.append(_made(view, plugin.name))  # type: ignore[arg-type]  # classes are hashable; their protocol says otherwise
    return tuple(found)
