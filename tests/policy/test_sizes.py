"""The size budget. `oversize.toml` lists what is over it, and the list may only shrink."""

import ast
import tomllib
from collections.abc import Iterator

from tests.policy.tree import ROOT, Module, files, modules, parsed

_FUNCTION = 60
_TEMPLATE = 80
_TEST_FILE = 600
_FILE = 400
_CODE = (".py", ".js", ".css")
_TEMPLATES = (".html", ".xml", ".txt", ".jinja")
_LIST = "tests/policy/oversize.toml"


def _limit(path: str) -> int | None:
    """Return how many lines a file may have, None where nobody counts."""
    if "/templates/" in path and path.endswith(_TEMPLATES):
        return _TEMPLATE
    if path.endswith(_CODE):
        return _TEST_FILE if path.startswith("tests/") else _FILE
    return None


def _large_files() -> Iterator[tuple[str, int]]:
    for path in files():
        limit = _limit(path)
        if limit is not None:
            lines = (ROOT / path).read_text("utf-8").count("\n")
            if lines > limit:
                yield path, lines


def _large_functions(module: Module) -> Iterator[tuple[str, int]]:
    if module.path.startswith("migrations/"):
        return  # one statement after another, and never touched again once applied
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > _FUNCTION:
                yield f"{module.path}::{node.name}", lines


def _against(found: dict[str, int], listed: dict[str, int]) -> list[str]:
    """Compare what is too large with the list; return what is wrong."""
    wrong = []
    for name, lines in sorted(found.items()):
        allowed = listed.get(name)
        if allowed is None:
            wrong.append(f"{name} has {lines} lines: split it by purpose")
        elif lines > allowed:
            wrong.append(f"{name} grew from {allowed} to {lines} lines: split it by purpose")
        elif lines < allowed:
            wrong.append(f"{name} shrank to {lines} lines: lower its number in {_LIST}")
    wrong += [f"{name} is within the budget: take it off {_LIST}" for name in sorted(listed.keys() - found)]
    return wrong


def _listed() -> dict[str, dict[str, int]]:
    return tomllib.loads((ROOT / _LIST).read_text("utf-8"))


def test_files_and_templates_are_within_the_budget() -> None:
    assert _against(dict(_large_files()), _listed()["files"]) == []


def test_functions_are_within_the_budget() -> None:
    found = {name: lines for module in modules() for name, lines in _large_functions(module)}
    assert _against(found, _listed()["functions"]) == []


def test_the_list_does_not_grow() -> None:
    listed = _listed()
    assert len(listed["files"]) <= listed["most"]["files"]
    assert len(listed["functions"]) <= listed["most"]["functions"]


def test_the_budget_bites() -> None:
    body = "def long():\n" + "    pass\n" * 60
    assert dict(_large_functions(parsed("core/bad.py", body))) == {"core/bad.py::long": 61}
    assert _limit("core/site/templates/site/single.html") == _TEMPLATE
    assert _limit("tests/core/test_x.py") == _TEST_FILE
    assert _limit("plugins/acf/operations.py") == _FILE
    assert (
        len(_against({"new": 500, "grown": 450, "smaller": 410}, {"grown": 420, "smaller": 430, "gone": 500}))
        == 4
    )
