"""`vitral theme check`: what it finds, where, and that our own themes have nothing."""

from pathlib import Path
from typing import Any

import pytest

from core.errors import Invalid
from core.themes import (
    SharedCode,
    ThemeFinding,
    check_theme,
    find_themes,
    make_environment,
    page_helpers,
    theme_at,
)

ROOT = Path(__file__).parents[3]
BASE = """<!doctype html><html lang="{{ site.language }}"><head>{{ slot("head") }}
<link rel="stylesheet" href="{{ tokens_url() }}"><link rel="stylesheet" href="{{ static('style.css') }}"></head>
<body>{{ slot("body_start") }}{{ slot("before_content") }}{% block content %}{% endblock %}
{{ slot("after_content") }}</body></html>
"""
INDEX = '{% extends "base.html" %}{% block content %}{{ page.title }}{{ slot("after_post") }}{% endblock %}\n'
MANIFEST = """name = "papel"
title = "Papel"
version = "1"
[tokens]
ink = { light = "#222222" }
ground = { light = "#ffffff" }
[[contrast]]
text = "ink"
on = ["ground"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "static").mkdir()
    (tmp_path / "theme.toml").write_text(MANIFEST, "utf-8")
    (tmp_path / "templates" / "base.html").write_text(BASE, "utf-8")
    (tmp_path / "templates" / "index.html").write_text(INDEX, "utf-8")
    (tmp_path / "static" / "style.css").write_text("body{color:var(--ink)}", "utf-8")
    return tmp_path


def check(place: str) -> tuple[ThemeFinding, ...]:
    themes, _broken = find_themes()
    environment = make_environment(
        [ROOT / "core" / "site" / "templates"], code=SharedCode(), helpers=page_helpers(), reload=True
    )
    return check_theme(theme_at(place, themes), environment)


async def test_our_own_themes_have_nothing(alfa: Any) -> None:
    for place in ("claro", "clinica", str(ROOT / "docs" / "examples" / "caderno")):
        assert check(place) == (), place


async def test_a_small_theme_is_fine(alfa: Any, folder: Path) -> None:
    assert check(str(folder)) == ()


@pytest.mark.parametrize(
    ("markup", "rule", "said"),
    [
        ("{{ pge.title }}", "name", "'page'"),
        ("{{ page.titel }}", "name", "'title'"),
        ("{{ site.titel }}", "name", "'title'"),
        ("{{ recent_post(3) }}", "name", "'recent_posts'"),
        ("{{ page.title|upcase }}", "name", "'upcase'"),
        ('{% include "parts/nothing.html" %}', "name", "parts/nothing.html"),
        ('{{ region("sidebar") }}', "place", "'sidebar'"),
        ('{{ menu("primary") }}', "place", "'primary'"),
        ("{{ page.title|safe }}", "escape", "escaped"),
        ("{{ page.title|html }}", "escape", "post.html"),
        ('<a href="{{ page.url }}">x</a>', "escape", "safe_url"),
        ("<style>a{}</style>", "inline", "style"),
        ("<script>go()</script>", "inline", "script"),
        ('<p style="color:red">x</p>', "inline", "'style'"),
        ('<p onclick="go()">x</p>', "inline", "'onclick'"),
        ('<a href="javascript:go()">x</a>', "inline", "script"),
        ('<img src="/a.png" width="1" height="1">', "alt", "alt"),
        ('<img src="/a.png" alt="">', "shift", "width"),
        ('<script src="https://cdn.example.net/x.js"></script>', "host", "cdn.example.net"),
        ('<img alt="" width="1" height="1" src="//pics.example.net/x.png">', "host", "pics.example.net"),
        ("{% if %}", "syntax", ""),
    ],
)
async def test_each_fault_is_found_on_its_line(
    alfa: Any, folder: Path, markup: str, rule: str, said: str
) -> None:
    text = INDEX.replace("{{ page.title }}", "{{ page.title }}\n\n" + markup)
    (folder / "templates" / "index.html").write_text(text, "utf-8")
    found = [f for f in check(str(folder)) if f.rule not in ("slot",)]
    assert [(f.rule, f.file, f.line) for f in found] == [(rule, "templates/index.html", 3)], found
    assert said in found[0].text


async def test_what_is_no_fault_is_left_alone(alfa: Any, folder: Path) -> None:
    text = INDEX.replace(
        "{{ page.title }}",
        '<link rel="canonical" href="https://elsewhere.example/">'
        '<a href="https://elsewhere.example/">x</a>'
        '<img src="{{ page.url|safe_url }}" alt="{{ "a > b" }}"{% if page.url %} width="3" height="{{ 4 }}"{% endif %}>'
        "{% for item in recent_posts(3) %}{{ item.title }}{{ loop.index }}{% endfor %}",
    )
    (folder / "templates" / "index.html").write_text(text, "utf-8")
    assert check(str(folder)) == ()


async def test_faults_of_the_theme_as_a_whole(alfa: Any, folder: Path) -> None:
    (folder / "theme.toml").write_text(MANIFEST.replace("#222222", "#999999"), "utf-8")
    (folder / "templates" / "base.html").write_text(BASE.replace('{{ slot("head") }}', ""), "utf-8")
    (folder / "templates" / "parts").mkdir()
    (folder / "templates" / "parts" / "_old.html").write_text("x", "utf-8")
    (folder / "templates" / "search.html").write_text('{{ _("Search me") }}', "utf-8")
    (folder / "static" / "style.css").write_text(
        "/*" + "x" * 30_000 + "*/\n@import '//e.example/a.css';", "utf-8"
    )
    (folder / "static" / "old.png").write_bytes(b"x")
    (folder / "locale" / "pt_BR").mkdir(parents=True)
    found = {(f.rule, f.file, f.line) for f in check(str(folder))}
    assert found == {
        ("contrast", "theme.toml", 5),
        ("slot", "templates/base.html", 0),
        ("unused", "templates/parts/_old.html", 0),
        ("unused", "static/old.png", 0),
        ("words", "templates/search.html", 1),
        ("size", "static", 0),
        ("host", "static/style.css", 2),
    }


async def test_a_child_has_what_its_parent_has(alfa: Any, folder: Path) -> None:
    (folder / "theme.toml").write_text(
        'name = "papel"\ntitle = "Claro"\nversion = "1"\nparent = "claro"\n', "utf-8"
    )
    (folder / "static" / "style.css").unlink()
    (folder / "templates" / "index.html").unlink()
    (folder / "templates" / "base.html").write_text(
        '{% extends "parent:base.html" %}{% block content %}{{ region("sidebar") }}{{ menu("primary") }}{% endblock %}',
        "utf-8",
    )
    assert check(str(folder)) == ()


def test_a_place_without_a_theme_is_said(folder: Path) -> None:
    with pytest.raises(Invalid):
        theme_at(str(folder / "static"), {})
    (folder / "theme.toml").write_text(MANIFEST.replace("[tokens]", 'parent = "gone"\n[tokens]', 1), "utf-8")
    with pytest.raises(Invalid, match="gone"):
        theme_at(str(folder), {})
