"""A hook that nobody calls is a promise that nobody keeps."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECLARED = [*sorted((ROOT / "hookspecs").glob("*.py")), *sorted((ROOT / "plugins").glob("*/hookspecs.py"))]


def _declared() -> Iterator[str]:
    for path in DECLARED:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
                yield node.name


@cache
def _called() -> set[str]:
    """Return the names that are handed to a function: hooks are called through `do_action` and the like."""
    found = set()
    for path in [*(ROOT / "core").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                found |= {argument.attr for argument in node.args if isinstance(argument, ast.Attribute)}
    return found


def test_there_are_hooks_to_look_at() -> None:
    assert len(set(_declared())) > 60


@pytest.mark.parametrize("hook", sorted(set(_declared())))
def test_every_hook_is_called(hook: str) -> None:
    assert hook in _called()
