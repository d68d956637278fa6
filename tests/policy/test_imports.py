"""What plugins may import of the core: names that its rooms export, and nothing behind them.

The floors, and that plugins do not import each other, are kept by import-linter (pyproject.toml).
"""

import ast
import functools
from collections.abc import Iterator

import pytest

from tests.policy.tree import ROOT, Module, complaints, modules, parsed

_NOT_FOR_PLUGINS = {"app", "runtime", "server", "settings", "_assets"}
"""Parts of the core that wire it together."""


@functools.cache
def _exports(part: str) -> frozenset[str] | None:
    """Return the names in `__all__` of `core.<part>`, None where there is no such part for plugins."""
    if part in _NOT_FOR_PLUGINS:
        return None
    for path in (ROOT / "core" / part / "__init__.py", ROOT / "core" / f"{part}.py"):
        if path.is_file():
            return frozenset(_declared(ast.parse(path.read_text("utf-8"))))
    return None


def _declared(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            yield from ast.literal_eval(node.value)


def imports_what_is_exported(module: Module) -> Iterator[str]:
    """Yield a complaint for each import of the core's internals and each use of a name not exported."""
    aliases: dict[str, str] = {}
    for node in module.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "core" and not alias.name.startswith("core.contract"):
                    yield module.at(node, f"imports {alias.name} whole; write `from {alias.name} import ...`")
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from _from_import(module, node, aliases)
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            part = aliases[node.value.id]
            if node.attr not in (_exports(part) or ()):
                yield module.at(node, f"uses core.{part}.{node.attr}, which core.{part} does not export")


def _from_import(module: Module, node: ast.ImportFrom, aliases: dict[str, str]) -> Iterator[str]:
    parts = (node.module or "").split(".")
    if parts[0] != "core" or parts[1:2] == ["contract"]:
        return
    if len(parts) == 1:
        for alias in node.names:
            if alias.name == "contract":
                continue
            if _exports(alias.name) is None:
                yield module.at(node, f"imports core.{alias.name}, which is not for plugins")
            else:
                aliases[alias.asname or alias.name] = alias.name
        return
    exported = _exports(parts[1])
    if exported is None:
        yield module.at(node, f"imports {node.module}, which is not for plugins")
    elif len(parts) > 2:
        yield module.at(node, f"imports {node.module}; use what core.{parts[1]} exports")
    else:
        for alias in node.names:
            if alias.name not in exported:
                yield module.at(node, f"imports {alias.name}, which {node.module} does not export")


def test_plugins_import_what_is_exported() -> None:
    assert complaints(imports_what_is_exported, "plugins", "docs/examples") == ""


@pytest.mark.parametrize(
    "source",
    [
        "from core.db.tables import TenantTable",
        "import core.db.work",
        "from core.db import _private",
        "from core.app import create_app",
        "from core import runtime",
        "from core import hooks\nhooks.registry.read()",
        "def late():\n    from core.content.listing import list_posts",
    ],
)
def test_reaching_behind_a_room_is_found(source: str) -> None:
    assert list(imports_what_is_exported(parsed("plugins/bad/hooks.py", source)))


@pytest.mark.parametrize(
    "source",
    [
        "from core.hooks import do_action",
        "from core import hooks\nhooks.do_action",
        "from core.contract.views import PostView",
        "from core.errors import Invalid",
        "from hookspecs import content",
        "from . import operations",
    ],
)
def test_what_is_exported_may_be_used(source: str) -> None:
    assert not list(imports_what_is_exported(parsed("plugins/good/hooks.py", source)))


def _rooms() -> list[str]:
    rooms = {module.path.split("/")[1] for module in modules("core") if module.path.count("/") > 1}
    return sorted(rooms - _NOT_FOR_PLUGINS - {"contract"})


@pytest.mark.parametrize("room", _rooms())
def test_every_room_says_what_it_exports(room: str) -> None:
    assert _exports(room), f"core/{room}/__init__.py needs `__all__`"
