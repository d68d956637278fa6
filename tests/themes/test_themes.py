"""What every first-party theme keeps: sizes, escaping, words, contrast."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core.themes import Theme, merged_tokens, read_theme

FOLDER = Path(__file__).parents[2] / "themes"
THEMES = {path.parent.name: read_theme(path.parent) for path in sorted(FOLDER.glob("*/theme.toml"))}


def line(name: str) -> list[Theme]:
    theme = THEMES[name]
    return [theme, *(line(theme.parent) if theme.parent else [])]


def templates(name: str) -> Iterator[tuple[str, str]]:
    for path in sorted((FOLDER / name / "templates").rglob("*.html")):
        yield path.relative_to(FOLDER).as_posix(), path.read_text("utf-8")


def test_both_themes_are_there() -> None:
    assert list(THEMES) == ["claro", "clinica"]
    assert THEMES["clinica"].parent == "claro"


@pytest.mark.parametrize("name", THEMES)
def test_css_and_script_together_stay_small(name: str) -> None:
    size = sum(
        path.stat().st_size
        for theme in line(name)
        for path in (theme.path / "static").rglob("*")
        if path.suffix in (".css", ".js")
    )
    assert 1000 < size < 30_000


@pytest.mark.parametrize("name", THEMES)
def test_nothing_needs_what_the_security_policy_forbids(name: str) -> None:
    for path, text in templates(name):
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", text), path
        assert text.count("\n") <= 80, path


@pytest.mark.parametrize("name", THEMES)
def test_html_is_taken_as_such_in_reviewed_places_only(name: str) -> None:
    """Control IO03: the only values that are not escaped are those the core cleaned."""
    reviewed = {"post.html", "page.post.html", "post.highlight"}
    for path, text in templates(name):
        assert "|safe" not in text.replace(" ", "").replace("|safe_url", ""), path
        for found in re.findall(r"([\w.]+)\s*\|\s*html\b", text):
            assert found in reviewed, (path, found)


@pytest.mark.parametrize("name", THEMES)
def test_addresses_in_attributes_pass_the_filter(name: str) -> None:
    """Control IO04: whatever is put into an address attribute is checked for its scheme, or made by us."""
    ours = re.compile(r"\{\{\s*(?:static|tokens_url|search_url)\(")
    for path, text in templates(name):
        for value in re.findall(r"\s(?:href|src|action|poster)=\"([^\"]*\{\{[^\"]*)\"", text):
            assert "|safe_url" in value or ours.match(value) or value.startswith("#"), (path, value)


@pytest.mark.parametrize("name", THEMES)
def test_every_word_is_said_in_portuguese(name: str) -> None:
    known: set[str] = set()
    for theme in line(name):
        with (theme.path / "locale" / "pt_BR" / "LC_MESSAGES" / "messages.po").open("rb") as source:
            for message in read_po(source):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                strings = message.string if isinstance(message.string, tuple) else (message.string,)
                if all(strings):
                    known.update(ids)
    used = {title for group in (THEMES[name].regions, THEMES[name].menus) for title in group.values()}
    used |= {template.title for template in THEMES[name].templates.values()}
    for _path, text in templates(name):
        used |= {one or two for one, two in re.findall(r"\b_\((?:\"([^\"]+)\"|'([^']+)')", text)}
        used |= set(re.findall(r"ngettext\(\"([^\"]+)\"", text))
    assert len(used) > 5 or name != "claro"
    assert used - known == set()


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    ("ink", "ground", 7.0),
    ("ink", "surface", 7.0),
    ("ink", "accent-soft", 7.0),
    ("ink-soft", "ground", 4.5),
    ("ink-soft", "surface", 4.5),
    ("ink-soft", "accent-soft", 4.5),
    ("accent", "ground", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "accent-soft", 4.5),
    ("accent-ink", "accent", 4.5),
    ("ink", "danger-soft", 4.5),
    ("danger", "surface", 3.0),
    ("field", "surface", 3.0),
    ("field", "ground", 3.0),
]


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_told_apart(name: str, scheme: str) -> None:
    """WCAG 2.2: 4.5 to 1 for text, 3 to 1 for the edges of fields; running text has 7 to 1."""
    tokens = merged_tokens(line(name))
    colours = {
        key: token.light if scheme == "light" else token.dark or token.light for key, token in tokens.items()
    }
    poor = {
        f"{one} on {other}": round(contrast(colours[one], colours[other]), 2)
        for one, other, least in PAIRS
        if contrast(colours[one], colours[other]) < least
    }
    assert poor == {}


@pytest.mark.parametrize("name", THEMES)
def test_a_style_sheet_uses_tokens_that_exist_and_has_no_colours_of_its_own(name: str) -> None:
    tokens = merged_tokens(line(name))
    text = "\n".join(
        path.read_text("utf-8") for theme in line(name) for path in (theme.path / "static").glob("*.css")
    )
    own = set(re.findall(r"(?:^|[{;\s])--([a-z0-9-]+):", text))
    assert set(re.findall(r"var\(--([a-z0-9-]+)", text)) - own - set(tokens) == set()
    bare = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) - {"#fff", "#000", "#20252a"}  # print, and on glass
    assert bare == set()
    assert {token for token in THEMES[name].tokens if token not in text} <= set()
