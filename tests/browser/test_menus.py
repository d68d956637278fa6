"""The builder by mouse and by keys, and the menu that comes of it in both themes, without script too."""

from typing import Any

import pytest

from tests.chromium import Visitor
from tests.kit.people import PASSWORD
from tests.plugins.navigation.world import World, item, navigating, to_post

pytestmark = pytest.mark.browser


@pytest.fixture
async def world(app: Any) -> World:
    return await navigating(app)


async def sign_in(visitor: Visitor, world: World) -> None:
    person = await world.people.make("alfa", "administrator")
    await visitor.page.goto("/admin/login")
    await visitor.page.fill("[name=identifier]", person.email)
    await visitor.page.fill("[name=password]", PASSWORD)
    await visitor.page.keyboard.press("Enter")
    await visitor.page.wait_for_url("**/admin")


async def shown(visitor: Visitor) -> list[tuple[str, int]]:
    """Return titles and levels of the builder."""
    found: list[list[Any]] = await visitor.page.evaluate(
        "[...document.querySelectorAll('#entries > .entry')].map(e => [e.querySelector('strong').textContent, +e.dataset.level])"
    )
    return [(title, level) for title, level in found]


async def said(visitor: Visitor, text: str) -> None:
    await visitor.page.wait_for_selector(f"#menu-said:has-text('{text}')", state="attached")


async def test_a_menu_is_built_by_keys_and_by_dragging(visitor: Visitor, world: World) -> None:
    for title in ("Sobre nós", "Equipe", "Contato"):
        await world.page(title)
    await sign_in(visitor, world)
    page = visitor.page
    await page.goto("/admin/navigation")
    assert await visitor.axe() == []
    await page.goto("/admin/navigation/new")
    await page.fill("[name=name]", "Principal")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/navigation/1")
    # by keys: search, choose, add
    await page.focus("#find")
    await page.keyboard.type("Equipe")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#choices label:only-child")
    await page.focus("#choices input")
    await page.keyboard.press("Space")
    await page.focus("#do-add")
    await page.keyboard.press("Enter")
    await said(visitor, "Adicionado")
    await page.fill("#find", "")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#choices label:has-text('Contato')")
    for title in ("Sobre nós", "Contato"):
        await page.check(f"#choices label:has-text('{title}') input")
    await page.click("#do-add")
    await page.wait_for_selector("#entries .entry:nth-child(3)")
    assert (await shown(visitor))[0] == ("Equipe", 0)
    await page.fill("#heading", "Mais")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#entries .entry:nth-child(4)")
    # by keys: in, and the same button keeps the focus
    second = await page.get_attribute("#entries .entry:nth-child(2)", "data-key")
    await page.focus(f"#in-{second}")
    await page.keyboard.press("Enter")
    await said(visitor, "abaixo de “Equipe”")
    assert await page.evaluate("document.activeElement.id") == f"in-{second}"
    before = await shown(visitor)
    assert before[1][1] == 1
    # by mouse: the last one to be the first, and below nothing
    await _drag(visitor, 3, 0)
    await said(visitor, "número 1 de 3 no topo")
    assert await shown(visitor) == [("Mais", 0), *before[:3]]
    await _drag(visitor, 3, 1, aside=40)  # below what is there now
    await page.wait_for_selector("#entries .entry:nth-child(2)[data-level='1']")
    assert await visitor.axe() == []
    await page.emulate_media(color_scheme="light")  # the answer below must not come amid a change of palette
    await page.check("[name=places][value=primary]")
    await page.click("#save")
    await page.wait_for_selector(".toast")
    await page.wait_for_selector("#builder:not(.htmx-request, .htmx-swapping, .htmx-settling)")
    await page.mouse.move(0, 0)
    built = await shown(visitor)
    assert await visitor.axe() == [] and visitor.complaints == []
    await page.reload()
    assert await shown(visitor) == built
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await visitor.axe() == []


async def _drag(visitor: Visitor, index: int, to: int, *, aside: int = 0) -> None:
    """Drag an entry in front of another one."""
    mouse, entries = visitor.page.mouse, visitor.page.locator("#entries > .entry")
    await entries.nth(to).scroll_into_view_if_needed()
    handle = await entries.nth(index).locator("[data-drag]").bounding_box()
    target = await entries.nth(to).bounding_box()
    assert handle is not None and target is not None
    x, y = handle["x"] + 8, handle["y"] + 8
    await mouse.move(x, y)
    await mouse.down()
    await mouse.move(x + 3, y - 12)
    await mouse.move(x + aside, target["y"] + 6, steps=5)
    await mouse.up()


async def test_nothing_is_lost_where_saving_fails(visitor: Visitor, world: World) -> None:
    await world.menu("Principal", [item(label="Um"), item(label="Dois")])
    await sign_in(visitor, world)
    page = visitor.page
    await page.goto("/admin/navigation/1")
    await page.click("#entries .entry:first-child summary")
    await page.fill("#entries .entry:first-child input[name$='.url']", "javascript:alert(1)")
    await page.fill("#entries .entry:first-child input[name$='.hint']", "Fica aqui")
    await page.select_option("#entries .entry:first-child [data-audience]", "roles")
    await page.wait_for_selector("input[name$='.roles'][value=editor]")
    await page.click("#save")
    await page.wait_for_selector("#entries [aria-invalid]")
    await page.mouse.move(0, 0)
    assert await page.input_value("#entries .entry:first-child input[name$='.hint']") == "Fica aqui"
    assert await page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    assert await visitor.axe() == []
    await page.fill("#entries .entry:first-child input[name$='.url']", "/um/")
    await page.check("input[name$='.roles'][value=editor]")
    await page.click("#save")
    await page.wait_for_selector(".toast")
    assert [said for said in visitor.complaints if "422" not in said] == []


@pytest.mark.parametrize("theme", ["claro", "clinica"])
async def test_menus_of_many_levels_are_sound_and_need_no_script(
    visitor: Visitor, world: World, theme: str
) -> None:
    about = await world.page("Sobre")
    below = await world.page("Equipe", parent=about)
    entries = [
        to_post(about),
        to_post(below, 1, description="Quem faz"),
        item(label="Fundo", level=2),
        item("heading", "Mais"),
    ]
    await world.menu("Principal", entries, "primary", "footer")
    await world.theme(theme)
    page = visitor.page
    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.goto("/sobre/equipe/")
        await page.focus("nav.menu summary")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.textContent") == "Sobre"
        await page.click("nav.menu details details summary")
        assert await page.is_visible("nav.menu a:has-text('Fundo')")
        assert await page.is_visible("nav.menu a[aria-current=page]")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await visitor.axe() == []
    assert visitor.complaints == []
