"""Plugins of the tests' own, and posts to try them on."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from core.content import create_post
from core.contract.content import PostData
from core.contract.markers import hookimpl
from core.contract.views import PostView
from core.plugins import Plugin

__all__ = ["make", "probe"]


def probe(name: str = "probe", **hooks: Callable[..., Any]) -> Plugin:
    """Return a plugin that implements these hooks."""
    marked = {hook: hookimpl(hook)(function) for hook, function in hooks.items()}
    return Plugin(name=name, version="1.0", title=name.title(), parts={"hooks": SimpleNamespace(**marked)})


async def make(title: str = "Dengue: sinais", content: str = "<p>Beba água.</p>", **fields: Any) -> PostView:
    """Make a draft."""
    return await create_post(PostData(title=title, content=content, **fields))
