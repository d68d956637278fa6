"""A shelf to put plugins on: real distributions with entry points, in a folder of their own."""

import gc
import importlib
import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pytest

from core.db import all_tables
from core.i18n import use_language

_numbers = itertools.count()


@dataclass
class Shelf:
    """Writes plugins as packages, and their distributions as pip would leave them."""

    folder: Path
    packages: dict[str, str] = field(default_factory=dict)
    _points: dict[str, list[str]] = field(default_factory=dict)

    def put(self, name: str, *, dist: str = "", manifest: str = "", **files: str) -> str:
        """Install a plugin; return its package.

        Args:
            name: Its name.
            dist: The distribution that brings it; one of its own unless given. "vitral" makes it ours.
            manifest: Further arguments of `Plugin(...)`, or a whole `plugin.py` if it has a line break.
            files: Text of its modules by name; "templates__acf__a.html" lies in a folder.
        """
        package = f"shelf{next(_numbers)}_{name}"
        self.packages[name] = package
        root = self.folder / package
        root.mkdir()
        (root / "__init__.py").touch()
        whole = dedent(
            f"""
            from core.plugins import Command, Plugin
            plugin = Plugin(name={name!r}, version="1.0", title={name.title()!r}, {manifest})
            """
        )
        (root / "plugin.py").write_text(dedent(manifest) if "\n" in manifest else whole, "utf-8")
        for key, text in files.items():
            path = root / (key.replace("__", "/") if "." in key else f"{key}.py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), "utf-8")
        self._point(dist or f"dist-{package}", f"{name} = {package}.plugin:plugin")
        return package

    def _point(self, dist: str, line: str) -> None:
        lines = self._points.setdefault(dist, ["[vitral.plugins]"])
        lines.append(line)
        info = self.folder / f"{dist.replace('-', '_')}-9.9.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: 9.9\n", "utf-8")
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n", "utf-8")
        importlib.invalidate_caches()


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.syspath_prepend(str(tmp_path))
    shelf = Shelf(tmp_path)
    # ours, without what is really installed: the first distribution of a name on the path counts
    info = tmp_path / "vitral-9.9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vitral\nVersion: 9.9\n", "utf-8")
    yield shelf
    brought = set(shelf.packages.values())
    tables = any(table.__module__.split(".")[0] in brought for table in all_tables())
    for name in [name for name in sys.modules if name.split(".")[0] in brought]:
        del sys.modules[name]
    if tables:
        gc.collect()  # table classes are found through their base as long as they live


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English, so that sentences can be compared with their message ids."""
    with use_language("en"):
        yield
