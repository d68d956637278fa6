"""Tokens: what a theme may declare, what a site may put in its place, and contrast as WCAG counts it."""

from pathlib import Path

import pytest

from core.errors import Invalid
from core.themes import Contrast, Token, TokenValue, contrast_of, merged_tokens, poor_contrasts, read_theme
from core.themes.manifest import Theme
from core.themes.tokens import changed_token

HEAD = 'name = "papel"\ntitle = "Papel"\nversion = "1"\n'
FONTS = {"book": "Georgia, serif"}


def test_contrast_is_what_wcag_counts() -> None:
    assert contrast_of("#000000", "#ffffff") == pytest.approx(21)
    assert contrast_of("#777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast_of("#767676", "#FFF") == pytest.approx(4.54, abs=0.01)
    assert contrast_of("red", "#ffffff") is None


def test_poor_pairs_are_found_by_day_and_by_night() -> None:
    tokens = {
        "ink": Token("#767676", "#ffffff"),
        "ground": Token("#ffffff", "#eeeeee"),
        "other": Token("var(--x)"),
    }
    pairs = [Contrast("ink", ("ground", "other", "missing"))]
    assert [(poor.text, poor.on, poor.night) for poor in poor_contrasts(tokens, pairs)] == [
        ("ink", "ground", True)
    ]


@pytest.mark.parametrize(
    ("token", "value", "light"),
    [
        (Token("#000000", kind="colour"), "#ABCDEF", "#abcdef"),
        (Token("#000000", kind="colour"), "red;}body{display:none", "#000000"),
        (Token("#000000"), "#ffffff", "#000000"),
        (Token("serif", kind="font"), "book", "Georgia, serif"),
        (Token("serif", kind="font"), "Comic Sans MS", "serif"),
        (Token("1rem", kind="length", bounds=(0, 2)), "1.5rem", "1.5rem"),
        (Token("1rem", kind="length", bounds=(0, 2)), "3rem", "1rem"),
        (Token("1rem", kind="length", bounds=(0, 2)), "1px", "1rem"),
        (Token("1", kind="number", bounds=(0, 2)), "1.25", "1.25"),
    ],
)
def test_a_site_puts_only_what_fits_in_a_tokens_place(token: Token, value: str, light: str) -> None:
    assert changed_token(token, TokenValue(light=value), FONTS).light == light


def test_a_child_that_gives_a_value_keeps_what_its_parent_says_of_it() -> None:
    parent = Theme(
        name="a",
        title="A",
        version="1",
        tokens={"accent": Token("#111111", "#eeeeee", kind="colour", title="Accent", group="Colours")},
    )
    child = Theme(name="b", title="B", version="1", parent="a", tokens={"accent": Token("#222222")})
    accent = merged_tokens([child, parent])["accent"]
    assert (accent.light, accent.dark, accent.kind, accent.title) == ("#222222", "", "colour", "Accent")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[tokens]\na = { light = "red", kind = "colour", title = "A" }', "tokens.a"),
        ('[tokens]\na = { light = "#fff", kind = "colour" }', "tokens.a"),
        ('[tokens]\na = { light = "2rem", kind = "length", title = "A", bounds = [0, 1] }', "tokens.a"),
        ('[tokens]\na = { light = "2rem", kind = "number", title = "A", bounds = [0, 4] }', "tokens.a"),
        ('[fonts.x]\ntitle = "X"\nstack = "X;}"', "fonts.x"),
        ('[fonts.x]\ntitle = "X"\nstack = "X"\nfiles = [{ file = "x.woff2" }]', "fonts.x"),
    ],
)
def test_what_no_screen_could_show_is_refused(text: str, place: str, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "theme.toml").write_text(HEAD + text, "utf-8")
    with pytest.raises(Invalid) as refused:
        read_theme(tmp_path)
    assert any(key.endswith(place) for key in refused.value.errors)
