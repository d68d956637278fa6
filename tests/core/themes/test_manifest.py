"""theme.toml: what it may say, and how its faults are told."""

from pathlib import Path

import pytest

from core.errors import Invalid, NotFound
from core.http import CspHosts
from core.settings import Settings
from core.themes import Theme, Themes, read_theme
from core.themes.discovery import sort_out

GOOD = """
name = "papel"
title = "Papel"
version = "1.0"
[regions]
sidebar = "Sidebar"
[tokens]
accent = { light = "#123456", dark = "#abcdef" }
[templates]
wide = { title = "Wide", types = ["page"] }
[hosts]
images = ["pictures.example.org"]
"""


def folder_of(tmp_path: Path, text: str, *templates: str) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "theme.toml").write_text(text)
    for name in templates:
        (tmp_path / "templates" / name).write_text("x")
    return tmp_path


def test_a_theme_is_read(tmp_path: Path) -> None:
    theme = read_theme(folder_of(tmp_path, GOOD, "wide.html"))
    assert (theme.name, theme.tokens["accent"].dark, theme.templates["wide"].types) == (
        "papel",
        "#abcdef",
        ("page",),
    )
    assert theme.hosts == CspHosts(images=("pictures.example.org",))
    assert theme.path == tmp_path


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('name = "papel"', 'name = "Papel"'), "theme.toml: name"),
        (('title = "Papel"', 'title = " "'), "theme.toml: title"),
        (('version = "1.0"', 'version = "1.0"\nparent = "papel"'), "theme.toml: parent"),
        (("sidebar = ", "Side_Bar = "), "theme.toml: regions.Side_Bar"),
        (("accent = ", "'--accent' = "), "theme.toml: tokens.--accent"),
        (("#123456", "red;} body{display:none"), "theme.toml: tokens.accent"),
        (("#abcdef", "</style><script>"), "theme.toml: tokens.accent"),
        (("wide = ", "absent = "), "theme.toml: templates.absent"),
        (("pictures.example.org", "'unsafe-inline'"), "theme.toml: hosts"),
        (('version = "1.0"', 'version = "1.0"\ncolour = "red"'), "theme.toml"),
        (('version = "1.0"', ""), "theme.toml"),
        (('version = "1.0"', "version ="), "theme.toml"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, change: tuple[str, str], place: str) -> None:
    folder = folder_of(tmp_path, GOOD.replace(*change), "wide.html")
    with pytest.raises(Invalid) as refused:
        read_theme(folder)
    assert [name for name in refused.value.errors if name.endswith(place)], refused.value.errors
    assert all(refused.value.errors.values())


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("#123456", "a;b").replace("wide = ", "absent = ").replace('"Papel"', '""')
    with pytest.raises(Invalid) as refused:
        read_theme(folder_of(tmp_path, text))
    assert len(refused.value.errors) == 3


def test_a_folder_without_a_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="missing"):
        read_theme(tmp_path)


def theme(name: str, parent: str = "") -> Theme:
    return Theme(name=name, title=name, version="1", parent=parent)


def test_themes_without_their_line_of_parents_are_left_out() -> None:
    found = {t.name: t for t in (theme("a"), theme("b", "a"), theme("c", "gone"), theme("d", "c"))}
    found |= {t.name: t for t in (theme("x", "y"), theme("y", "x"), theme("z", "y"))}
    kept, broken = sort_out(found)
    assert set(kept) == {"a", "b"}
    assert set(broken) == {"c", "d", "x", "y", "z"}
    assert "gone" in broken["d"]
    assert "x → y → x" in broken["x"]


def themes(**broken: str) -> Themes:
    found = {t.name: t for t in (theme("claro"), theme("papel", "claro"))}
    return Themes(found, Settings(), registry=None, broken=broken)  # type: ignore[arg-type]  # not asked


def test_a_line_goes_up_to_the_root_and_never_ends_in_nothing() -> None:
    assert [t.name for t in themes().lineage("papel")] == ["papel", "claro"]
    assert [t.name for t in themes().lineage("uninstalled")] == ["claro"]


def test_a_wrong_name_is_answered_with_the_right_one() -> None:
    with pytest.raises(NotFound, match="papel"):
        themes().known("papal")
    with pytest.raises(NotFound, match="no TOML"):
        themes(velho="This is no TOML.").known("velho")
