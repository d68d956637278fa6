"""Installs an example for the length of a test, as `pip install -e` would: on the path, found by entry point."""

import tomllib
from pathlib import Path

import pytest

__all__ = ["EXAMPLES", "install"]

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def install(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `docs/examples/<name>` an installed distribution.

    Args:
        name: The example's folder.
        folder: Where the distribution's metadata may be written.
        monkeypatch: Takes it all back.
    """
    root = EXAMPLES / name
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    lines = []
    for group, points in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{point} = {target}" for point, target in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.syspath_prepend(str(root))
