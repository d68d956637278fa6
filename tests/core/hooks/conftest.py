"""A registry with the hooks of these tests, and a way to make a plugin in one line."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from core.contract.markers import hookimpl
from core.hooks import HookRegistry
from core.i18n import use_language
from tests.core.hooks import specs


@pytest.fixture
def registry() -> HookRegistry:
    registry = HookRegistry()
    registry.add_hookspecs(specs)
    return registry


@pytest.fixture
def part() -> Callable[..., SimpleNamespace]:
    """Return `part(on_leaf_saved=function, priority=5)`: an object that registers those functions."""

    def make(priority: int = 10, **functions: Callable[..., Any]) -> SimpleNamespace:
        return SimpleNamespace(
            **{name: hookimpl(name, priority=priority)(function) for name, function in functions.items()}
        )

    return make


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English, so that sentences can be compared with their message ids."""
    with use_language("en"):
        yield
