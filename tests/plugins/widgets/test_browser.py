"""The board in Chromium: by keys, by mouse, in the panel; and what it looks like to axe."""

import pytest

from tests.chromium import Visitor
from tests.kit.people import PASSWORD
from tests.plugins.widgets.world import Board

pytestmark = pytest.mark.browser


async def _order(visitor: Visitor) -> list[list[str]]:
    found: list[list[str]] = await visitor.page.evaluate(
        "[...document.querySelectorAll('[data-list]')].map(l => [...l.children].map(c => c.dataset.card))"
    )
    return found


async def test_widgets_are_arranged_by_keys_and_mouse_and_changed_in_the_panel(
    board: Board, visitor: Visitor
) -> None:
    await board.people.make("alfa", "administrator", email="bia@example.org")
    note = await board.place("text", title="Nota", text="Beba <b>água</b>.")
    page = visitor.page
    await page.goto("/admin/login")
    await page.fill("[name=identifier]", "bia@example.org")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin")
    await page.goto("/admin/widgets")
    assert await visitor.axe() == []
    (first, second, third), _footer, _aside = await _order(visitor)

    await page.focus(f"#grip-{first}")
    async with page.expect_response("**/move"):
        await page.keyboard.press("ArrowDown")
    await page.wait_for_function("document.getElementById('said').textContent.includes('2 de 3')")
    assert (await _order(visitor))[0] == [second, first, third]
    assert await page.evaluate("document.activeElement.id") == f"grip-{first}"

    start = await page.locator(f"#grip-{first}").bounding_box()
    end = await page.locator(f'[data-card="{note.number}"]').bounding_box()
    assert start and end
    await page.mouse.move(start["x"] + 8, start["y"] + 8)
    await page.mouse.down()
    await page.mouse.move(end["x"] + 60, end["y"] + 4, steps=6)
    async with page.expect_response("**/move"):
        await page.mouse.up()
    await page.wait_for_function("document.getElementById('said').textContent.includes('Rodapé')")
    assert (await _order(visitor))[:2] == [[second, third], [first, str(note.number)]]

    await page.click(f"#open-{note.number}")
    await page.wait_for_selector("#sheet[open] #widget-form")
    assert not await page.locator('[name="visibility.places"]').first.is_visible()
    assert await visitor.axe() == []
    await page.check('[name="visibility.where"][value="only"]')
    await page.click("#widget-form .btn-main")
    await page.wait_for_selector("#sheet .error")  # nothing is chosen yet
    await page.check('[name="visibility.places"][value="front"]')
    await page.fill('#widget-form [name="title"]', "Lembrete")
    await page.click("#widget-form .btn-main")
    await page.wait_for_selector("text=foi salvo")
    await page.goto("/")
    assert "Beba água." in await page.inner_text(".site-footer")
    assert await visitor.axe() == []
    await page.goto("/nada/")
    assert "Beba água." not in await page.inner_text(".site-footer")
    assert not [said for said in visitor.complaints if "404" not in said and "422" not in said]
