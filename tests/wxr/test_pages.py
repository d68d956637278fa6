"""A real WordPress export, imported and read back over HTTP on both engines."""

import tomllib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from core.db import tenant_read
from core.importing import import_wxr
from tests.kit.client import Browser
from tests.plugins.comments.world import talking
from tests.plugins.navigation.world import navigating

FILE = Path(__file__).parents[2].parent / "shared" / "data" / "theme-unit-test.wxr.xml"
RIGHT_TO_LEFT = Path(__file__).parent / "right-to-left.wxr.xml"
"""The theme unit test has no such text."""
_ROWS = tomllib.loads((Path(__file__).parent / "expected.toml").read_text("utf-8"))
EXPECTED, MENUS = _ROWS["page"], _ROWS["menu"]

pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason="the theme unit test export is not beside the checkout"
)


@pytest.fixture
async def imported(app: Any, within: Callable[..., Any]) -> AsyncIterator[dict[str, Any]]:
    await talking(app)
    with within("alfa"):
        async with tenant_read():
            report = await import_wxr(FILE)
            await import_wxr(RIGHT_TO_LEFT)
    yield {"created": report.created, "skipped": report.skipped, "kept": report.kept}


async def test_everything_is_created_once(
    app: Any, within: Callable[..., Any], imported: dict[str, Any]
) -> None:
    counts = {"posts": 51, "pages": 21, "attachments": 38, "comments": 32, "menu_items": 70, "authors": 2}
    assert {name: imported["created"][name] for name in counts} == counts
    assert imported["skipped"] == []
    with within("alfa"):
        async with tenant_read():
            again = await import_wxr(FILE)
    assert not any(again.created.values())
    with within("beta"):
        async with tenant_read():
            other = await import_wxr(FILE)
    assert other.created["posts"] == 51


async def test_the_pages_are_as_expected(imported: Any, browser: Callable[..., Browser]) -> None:
    wrong: list[str] = []
    async with browser("alfa") as visitor:
        for page in EXPECTED:
            wrong += [f"{page['path']}: {problem}" for problem in await _problems(visitor, page)]
    assert wrong == []


async def _problems(visitor: Browser, page: dict[str, Any]) -> list[str]:
    answer = await visitor.get(page["path"])
    if target := page.get("redirects_to"):
        return (
            [] if answer.headers.get("location") == target else [f"goes to {answer.headers.get('location')}"]
        )
    if answer.status_code != page.get("status", 200):
        return [f"status {answer.status_code} {answer.headers.get('location', '')}"]
    soup = BeautifulSoup(answer.text, "html.parser")
    main = soup.find("main")
    text = " ".join((main or soup).get_text(" ").split())
    heading = soup.find("h1")
    found = []
    if "title" in page and (heading is None or heading.get_text().strip() != page["title"]):
        found.append(f"title is {heading and heading.get_text()!r}")
    found += [f"lacks {part!r}" for part in page.get("has", ()) if part not in text]
    found += [f"shows {part!r}" for part in page.get("has_not", ()) if part in text or part in str(main)]
    found += [f"has no {css}" for css in page.get("css", ()) if not soup.select(css)]
    found += [f"has {css}" for css in page.get("css_not", ()) if soup.select(css)]
    return found


@pytest.mark.parametrize("theme", ["claro", "clinica"])
async def test_the_menus_are_as_expected(
    app: Any, within: Callable[..., Any], imported: Any, browser: Callable[..., Browser], theme: str
) -> None:
    """They were kept by the import, are handed over when their plugin comes, and then put into their places."""
    world = await navigating(app)
    await world.theme(theme)
    wrong: list[str] = []
    for row in MENUS:
        await world.place(row["menu"], row["place"])
        async with browser("alfa") as visitor:
            name = f"{row['menu']} in {row['place']} at {row['path']}"
            wrong += [f"{name}: {problem}" for problem in await _problems(visitor, row)]
    assert wrong == []


async def test_the_password_opens_the_page(imported: Any, browser: Callable[..., Browser]) -> None:
    path = "/template-password-protected/"
    async with browser("alfa") as visitor:
        wrong = await visitor.post(path, data={"post_password": "nope"})
        assert wrong.status_code == 403
        assert "não confere" in wrong.text
        right = await visitor.post(path, data={"post_password": "enter"})
        assert right.status_code == 303
        opened = await visitor.get(path)
        assert "post_password" not in opened.text
        assert "no-store" in opened.headers["cache-control"]
    async with browser("alfa") as other:
        assert "post_password" in (await other.get(path)).text


async def test_the_feeds_are_well_formed(imported: Any, browser: Callable[..., Browser]) -> None:
    from defusedxml.ElementTree import fromstring

    async with browser("alfa") as visitor:
        for path, items in (("/feed/", ".//item"), ("/feed/atom/", ".//{http://www.w3.org/2005/Atom}entry")):
            root = fromstring((await visitor.get(path)).content)
            assert len(root.findall(items)) == 10
