"""Readers' pages in Chromium: axe finds nothing, by day and by night, on a desk and on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.db import tenant_read
from core.importing import import_wxr
from tests.chromium import Visitor

pytestmark = pytest.mark.browser

CONTENT = Path(__file__).parents[2] / "sites" / "demo" / "content.wxr.xml"
PATHS = (
    "/",
    "/sete-habitos-para-dormir-melhor/",
    "/equipe/como-escrever/",
    "/category/sono/",
    "/?s=caf%C3%A9",
    "/nada/",
)


async def test_axe_finds_nothing_on_readers_pages(visitor: Visitor, within: Callable[..., Any]) -> None:
    with within("alfa"):
        async with tenant_read():
            await import_wxr(CONTENT)
    found = {}
    for path in PATHS:
        for width in (1280, 390):
            await visitor.page.set_viewport_size({"width": width, "height": 900})
            await visitor.page.goto(path)
            if problems := await visitor.axe():
                found[path, width] = problems
            overflow = await visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, f"{path} is {overflow} px too wide at {width}"
    assert found == {}
    assert [c for c in visitor.complaints if "404" not in c] == []


async def test_the_keyboard_reaches_the_content(visitor: Visitor) -> None:
    await visitor.page.goto("/")
    await visitor.page.keyboard.press("Tab")
    assert await visitor.page.evaluate("document.activeElement.className") == "skip"
    await visitor.page.keyboard.press("Enter")
    assert await visitor.page.evaluate("location.hash") == "#content"
