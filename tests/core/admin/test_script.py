"""What the admin's own script does, and that nothing essential needs it: in Chromium."""

import re
from typing import Any

import pytest
from litestar import Litestar
from playwright.async_api import Browser

from core.accounts import Account
from core.content import get_post_by_number
from core.contract.views import PostView
from core.db import execute, tenant_read, tenant_work
from tests.chromium import Visitor
from tests.core.admin.kit import make_post
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered
from tests.kit.templates import SITES

pytestmark = pytest.mark.browser


@pytest.fixture
async def editor(app: Litestar, people: People) -> Account:
    return await people.make("alfa", "editor", email="bia@example.org")


async def _sign_in(page: Any) -> None:
    await page.goto("/admin/login")
    await page.fill("[name=identifier]", "bia@example.org")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin")


async def _post(app: Litestar, number: int) -> PostView:
    with entered(app, "alfa"):
        async with tenant_read():
            return await get_post_by_number(number, edit=True)


async def test_the_palette_goes_anywhere_by_keyboard(
    app: Litestar, editor: Account, visitor: Visitor
) -> None:
    post = await make_post(app, editor, title="Colesterol bom")
    page = visitor.page
    await _sign_in(page)
    await page.keyboard.press("Control+k")
    await page.wait_for_selector("#palette[open] [role=option][aria-selected=true]")
    await page.keyboard.type("colest")
    await page.wait_for_selector("#palette [role=option]:has-text('Colesterol')[aria-selected=true]")
    assert await visitor.axe() == []
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/admin/posts/{post.number}")
    await page.goto("/admin")
    await page.keyboard.press("Control+k")
    await page.wait_for_selector("#palette[open]")
    await page.keyboard.press("Escape")
    assert not await page.evaluate("document.getElementById('palette').open")
    assert visitor.complaints == []


async def test_writing_is_saved_in_place_and_nothing_typed_is_lost(
    app: Litestar, editor: Account, visitor: Visitor
) -> None:
    page = visitor.page
    await _sign_in(page)
    await page.goto("/admin/posts/new?editor=html")
    await page.fill("#title", "Um texto")
    await page.keyboard.press("Enter")  # leads on to the text
    await page.keyboard.type("<p>primeiro</p>")
    await page.fill("#fold-post_tag input:not([type=hidden])", "sangue")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Control+s")
    await page.wait_for_url(re.compile(r"/admin/posts/\d+$"))
    await page.wait_for_selector("#save-state:not(.dirty) time")
    number = int(page.url.rpartition("/")[2])
    post = await _post(app, number)
    assert (post.title, post.content) == ("Um texto", "<p>primeiro</p>")
    assert [tag.name for tag in post.terms["post_tag"]] == ["sangue"]
    await page.fill("#content", "<p>segundo</p>")
    await page.wait_for_selector("#save-state.dirty")
    await page.keyboard.press("Control+s")
    await page.wait_for_selector("#save-state:not(.dirty) time")
    assert (await _post(app, number)).content == "<p>segundo</p>"
    assert visitor.complaints == []


async def test_a_second_editor_merges_without_leaving_the_keyboard(
    app: Litestar, editor: Account, visitor: Visitor
) -> None:
    post = await make_post(app, editor, title="Receita", content="<p>Sal.</p>")
    page = visitor.page
    await _sign_in(page)
    await page.goto(f"/admin/posts/{post.number}")
    other = await page.context.new_page()
    await other.goto(f"/admin/posts/{post.number}")
    await other.fill("#content", "<p>Menos sal.</p>")
    await other.click("[data-save]")
    await other.wait_for_selector("#save-state:not(.dirty) time")
    await page.fill("#content", "<p>Sal e pimenta.</p>")
    await page.keyboard.press("Control+s")
    await page.wait_for_selector("#merge")
    assert await page.input_value("#content") == "<p>Sal e pimenta.</p>"
    assert "Menos sal." in await page.input_value("#theirs")
    await page.fill("#content", "<p>Menos sal e pimenta.</p>")
    await page.click("#merge .btn-main")
    await page.wait_for_selector("form[data-writing]")
    assert (await _post(app, post.number)).content == "<p>Menos sal e pimenta.</p>"


async def test_a_session_that_ends_takes_no_text_along(
    app: Litestar, editor: Account, visitor: Visitor
) -> None:
    post = await make_post(app, editor, title="T", content="<p>a</p>")
    page = visitor.page
    await _sign_in(page)
    await page.goto(f"/admin/posts/{post.number}")
    with entered(app, "alfa"):
        async with tenant_work():
            await execute("DELETE FROM sessions WHERE tenant_id = {tenant}")
    await page.fill("#content", "<p>muito trabalho</p>")
    await page.keyboard.press("Control+s")
    await page.wait_for_selector("#notices .notice-warning a[href='/admin/login']")
    assert await page.input_value("#content") == "<p>muito trabalho</p>"
    again = await page.context.new_page()
    await _sign_in(again)
    await again.close()
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await page.wait_for_selector("#save-state:not(.dirty) time")
    assert (await _post(app, post.number)).content == "<p>muito trabalho</p>"


async def test_a_row_is_asked_about_and_rows_are_counted(
    app: Litestar, editor: Account, visitor: Visitor
) -> None:
    for number in range(3):
        await make_post(app, editor, title=f"T{number}", status="trash")
    page = visitor.page
    await _sign_in(page)
    await page.goto("/admin/posts?tab=trash")
    await page.check("[data-all]")
    assert "(3)" in await page.inner_text("[data-chosen]")
    await page.click("button[name=do][value=delete]")
    await page.wait_for_selector("#ask[open]")
    assert await visitor.axe() == []
    await page.click("#ask [value=no]")
    assert await page.locator("tbody tr").count() == 3
    await page.click("button[name=do][value=delete]")
    await page.click("#ask[open] [value=yes]")
    await page.wait_for_selector(".toast")
    assert await page.locator("tbody tr").count() == 0
    assert visitor.complaints == []


async def test_all_of_it_works_without_a_script(
    app: Litestar, editor: Account, chromium: Browser, served: int
) -> None:
    context = await chromium.new_context(
        base_url=f"http://{SITES['alfa'][0]}:{served}",
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
    )
    page = await context.new_page()
    await _sign_in(page)
    await page.click(".drawer-button")  # the drawer is the browser's own
    await page.click("#rail a[href='/admin/posts']")
    await page.wait_for_url("**/admin/posts")
    await page.click("a[href='/admin/posts/new']")
    await page.click("a[href='?editor=html']")  # blocks take a script
    await page.fill("#title", "Sem script")
    await page.fill("#content", "<p>Funciona.</p>")
    await page.click("button[value=publish]")
    await page.wait_for_url(re.compile(r"/admin/posts/\d+$"))
    assert await page.locator(".toast").count() == 1
    await page.goto("/admin/posts?q=script")
    await page.click(".row-menu summary")
    await page.click(".row-menu [value^=trash]")
    await page.click(".toast form button")  # undone
    await page.wait_for_load_state()
    await page.goto("/admin/posts?tab=publish")
    assert await page.locator("tbody .title-link").all_inner_texts() == ["Sem script"]
    await page.click("summary.face-button")
    await page.click("button[value=dark]")
    assert await page.get_attribute("html", "data-appearance") == "dark"
    await context.close()
