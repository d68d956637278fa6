"""The page about writing themes says what is there."""

import re
from pathlib import Path
from typing import Any

import msgspec

from core.http import CspHosts
from core.themes import Theme, merged_tokens, read_theme
from core.themes.helpers import page_helpers

ROOT = Path(__file__).parents[2]
HOW_TO = (ROOT / "docs" / "how-to" / "write-a-theme.md").read_text("utf-8")
CLARO = ROOT / "themes" / "claro"


def section(title: str) -> str:
    return HOW_TO.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_every_key_of_the_manifest_is_explained() -> None:
    text = section("theme.toml")
    for field in msgspec.structs.fields(Theme):
        assert field.name == "folder" or f"`{field.name}`" in text or f"`[{field.name}]`" in text, field.name
    for kind in CspHosts.__struct_fields__:
        assert kind in text, kind


async def test_helpers_that_are_named_exist(alfa: Any) -> None:
    helpers = {*page_helpers(), "_", "ngettext", "super", "date"}
    called = {
        name for code in re.findall(r"\{\{.*?\}\}", HOW_TO) for name in re.findall(r"\b([a-z_]+)\(", code)
    }
    asking = re.search(r"take one query each \(([^)]*)\)", HOW_TO)
    assert asking is not None
    listed = set(re.findall(r"`([a-z_]+)`", asking[1]))
    assert {"menu", "static", "tokens_url", "region"} <= called
    assert listed == {"menu", "recent_posts", "child_pages", "term_list"}
    assert (called | listed) - helpers == set()


def test_slots_and_tokens_that_are_named_are_claros() -> None:
    base = "".join((CLARO / "templates" / name).read_text("utf-8") for name in ("base.html", "single.html"))
    for slot in re.findall(r"slot\(\"([a-z_]+)\"\)", base):
        assert f"`{slot}`" in HOW_TO, slot
    named = re.findall(r"`([a-z-]+)`", section("Day and night").partition("are Claro's names")[0])
    assert len(named) > 8
    assert set(named) <= set(merged_tokens([read_theme(CLARO)]))
