"""The moderation queue by single keys, in Chromium."""

import pytest

from tests.chromium import Visitor
from tests.kit.people import PASSWORD
from tests.plugins.comments.world import Talk

pytestmark = pytest.mark.browser


async def test_a_queue_is_worked_without_a_mouse(talk: Talk, visitor: Visitor) -> None:
    post = await talk.post()
    async with talk.browser() as reader:
        for name in ("Ana", "Bia", "Rui", "Davi"):
            await talk.send(reader, post, f"Comentário de {name}", name=name)
    await talk.people.make("alfa", "editor", email="bia@example.org")
    page = visitor.page
    await page.goto("/admin/login")
    await page.fill("[name=identifier]", "bia@example.org")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin")
    await page.goto("/admin/comments?tab=pending")

    await page.keyboard.press("?")
    assert await page.locator("[data-keys] dl").is_visible()
    await page.keyboard.press("?")

    async def press_and_come_back(key: str) -> None:
        async with page.expect_navigation():
            await page.keyboard.press(key)

    await page.keyboard.press("j")
    await page.keyboard.press("j")
    assert "Rui" in await page.inner_text("tr.row-at")
    await press_and_come_back("s")
    assert "Bia" in await page.inner_text("tr.row-at")  # what stands there now
    await press_and_come_back("a")
    await page.keyboard.press("k")
    assert "Davi" in await page.inner_text("tr.row-at")
    await press_and_come_back("t")
    assert await page.locator("tr[data-row]").count() == 1
    # a key in a field is a letter
    await page.focus("[data-search]")
    await page.keyboard.type("a")
    assert await page.input_value("[data-search]") == "a"

    assert {view.author_name: view.status for view in await talk.all()} == {
        "Ana": "pending",
        "Bia": "approved",
        "Rui": "spam",
        "Davi": "trash",
    }
    assert await visitor.axe() == []
