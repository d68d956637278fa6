"""The repository as the rules see it: files that are tracked or would be."""

import ast
import functools
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Check", "Module", "complaints", "files", "modules", "parsed"]

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """One Python file.

    Args:
        path: Relative to the repository, with slashes.
        source: Its text.
        tree: Its syntax tree.
    """

    path: str
    source: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Return the dotted name it is imported by."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @functools.cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Return all nodes of its tree."""
        return tuple(ast.walk(self.tree))

    def at(self, node: ast.AST, message: str) -> str:
        """Return a complaint about a place in it."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {message}"


Check = Callable[[Module], Iterator[str]]


def parsed(path: str, source: str) -> Module:
    """Return a module made of text, as the samples of bad code are."""
    return Module(path, source, ast.parse(source))


@functools.cache
def files() -> tuple[str, ...]:
    """Return the paths of all files that are tracked or new, none that is ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    names = sorted(set(listed.stdout.decode().split("\0")) - {""})
    return tuple(name for name in names if (ROOT / name).is_file())


@functools.cache
def _module(name: str) -> Module:
    return parsed(name, (ROOT / name).read_text("utf-8"))


def modules(*folders: str) -> tuple[Module, ...]:
    """Return the Python files below folders; all of the repository without an argument."""
    return tuple(
        _module(name)
        for name in files()
        if name.endswith(".py") and (not folders or name.startswith(tuple(f"{f}/" for f in folders)))
    )


def complaints(check: Check, *folders: str) -> str:
    """Run a check over folders; return what it has to say, one a line."""
    return "\n".join(line for module in modules(*folders) for line in check(module))
