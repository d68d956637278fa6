"""Nothing typed is lost: crashes, lost connections and two people at one text, in Chromium."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from playwright.async_api import Browser, Page

from core.accounts import Account
from core.content import get_post_by_number
from core.contract.views import PostView
from core.db import tenant_read
from tests.chromium import Visitor
from tests.core.admin.kit import make_post
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered
from tests.kit.templates import SITES

pytestmark = pytest.mark.browser

KEPT = "#save-state:has-text('cópia')"


@pytest.fixture
async def editor(app: Litestar, people: People) -> Account:
    return await people.make("alfa", "editor", email="bia@example.org")


@pytest.fixture
async def other(app: Litestar, people: People, chromium: Browser, served: int) -> AsyncIterator[Page]:
    """A second person at a browser of their own."""
    await people.make("alfa", "editor", email="rui@example.org")
    context = await chromium.new_context(base_url=f"http://{SITES['alfa'][0]}:{served}", locale="pt-BR")
    page = await context.new_page()
    await _sign_in(page, "rui@example.org")
    yield page
    await context.close()


async def _sign_in(page: Page, email: str = "bia@example.org") -> None:
    await page.goto("/admin/login")
    await page.fill("[name=identifier]", email)
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin")


async def _post(app: Litestar, number: int) -> PostView:
    with entered(app, "alfa"):
        async with tenant_read():
            return await get_post_by_number(number, edit=True)


async def _kill(page: Page) -> Page:
    """End the page's process, as a crash does: no event of leaving is fired. Return another page in its place."""
    context = page.context
    session = await context.new_cdp_session(page)
    fresh = await context.new_page()
    async with page.expect_event("crash"):
        dying = asyncio.ensure_future(session.send("Page.crash"))  # nobody is left to answer it
    dying.cancel()
    return fresh


async def _local(page: Page) -> list[str]:
    names: list[str] = await page.evaluate(
        "Object.keys(localStorage).filter(name => name.startsWith('vitral.copy.'))"
    )
    return names


async def _until_kept(page: Page, count: int) -> None:
    """Wait until this browser keeps so many copies."""
    for _attempt in range(200):
        if len(await _local(page)) == count:
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"{await _local(page)} are kept here, not {count}.")


async def test_after_a_crash_everything_is_offered_again(
    app: Litestar, editor: Account, visitor: Visitor
) -> None:
    post = await make_post(app, editor, title="Dengue", content="<p>Salvo.</p>")
    page = visitor.page
    await _sign_in(page)
    await page.goto(f"/admin/posts/{post.number}")
    await page.fill("#content", "<p>Escrito agora.</p>")
    await page.wait_for_selector(KEPT)
    assert await _local(page) == []  # the server has it, this browser need not
    # typed within the last moment: only this browser has it
    await page.route("**/autosave", lambda route: route.abort())
    await page.fill("#content", "<p>Escrito agora, e mais isto.</p>")
    await _until_kept(page, 1)
    fresh = await _kill(page)
    await fresh.goto(f"/admin/posts/{post.number}")
    await fresh.wait_for_selector("#offers .notice")
    assert await fresh.input_value("#content") == "<p>Salvo.</p>"
    await _until_kept(fresh, 0)
    await fresh.click("#offers a:has-text('difere')")
    assert "e mais isto" in await fresh.inner_text(".diff")
    await fresh.click("a.btn-main:has-text('Continuar')")
    await fresh.wait_for_selector("form[data-restored]")
    assert await fresh.input_value("#content") == "<p>Escrito agora, e mais isto.</p>"
    await fresh.keyboard.press("Control+s")
    await fresh.wait_for_selector("#save-state:not(.dirty) time")
    assert (await _post(app, post.number)).content == "<p>Escrito agora, e mais isto.</p>"
    await fresh.goto(f"/admin/posts/{post.number}")
    assert await fresh.locator("#offers .notice").count() == 0


async def test_without_a_connection_nothing_is_lost(app: Litestar, editor: Account, visitor: Visitor) -> None:
    post = await make_post(app, editor, title="Gripe", content="<p>Salvo.</p>")
    page = visitor.page
    await _sign_in(page)
    await page.goto(f"/admin/posts/{post.number}")
    await page.context.set_offline(True)
    await page.fill("#content", "<p>No túnel.</p>")
    await page.wait_for_selector("#save-state.failed:has-text('Sem conexão')")
    assert len(await _local(page)) == 1
    await page.keyboard.press("Control+s")
    await page.wait_for_selector("#save-state.failed")
    assert await page.input_value("#content") == "<p>No túnel.</p>"
    await page.context.set_offline(False)
    await page.wait_for_selector(KEPT, timeout=20_000)
    # and what is written offline outlives a reload
    await page.context.set_offline(True)
    await page.fill("#content", "<p>No túnel, de novo.</p>")
    await page.wait_for_selector("#save-state.failed")
    page.on("dialog", lambda dialog: dialog.accept())
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        await page.reload()
    await page.context.set_offline(False)
    await page.goto(f"/admin/posts/{post.number}")
    await page.click("#offers a:has-text('Continuar')")
    await page.wait_for_selector("form[data-restored]")
    assert await page.input_value("#content") == "<p>No túnel, de novo.</p>"


async def test_a_new_text_survives_too_and_goes_on_signing_out(
    app: Litestar, editor: Account, visitor: Visitor
) -> None:
    page = visitor.page
    await _sign_in(page)
    await page.goto("/admin/posts/new?editor=html")
    await page.route("**/autosave", lambda route: route.abort())
    await page.fill("#title", "Ideia")
    await _until_kept(page, 1)
    fresh = await _kill(page)
    await fresh.goto("/admin/posts/new?editor=html")
    await fresh.click("#offers .notice:has-text('Ideia') a")
    await fresh.wait_for_selector("form[data-restored]")
    assert await fresh.input_value("#title") == "Ideia"
    await fresh.keyboard.press("Control+s")
    await fresh.wait_for_url(re.compile(r"/admin/posts/\d+$"))
    await fresh.evaluate(
        "localStorage.setItem('vitral.copy.x', JSON.stringify({at: Date.now(), fields: []}))"
    )
    await fresh.goto("/admin")
    await fresh.click("summary.face-button")
    await fresh.click("form[action='/admin/logout'] button")
    await fresh.wait_for_url("**/admin/login*")
    assert await _local(fresh) == []


async def test_two_people_and_one_takes_over(
    app: Litestar, editor: Account, visitor: Visitor, other: Page
) -> None:
    post = await make_post(app, editor, title="Receita", content="<p>Sal.</p>")
    page = visitor.page
    await _sign_in(page)
    async with page.expect_response("**/lock"):
        await page.goto(f"/admin/posts/{post.number}")
    await page.fill("#content", "<p>Sal, da Bia.</p>")
    await page.wait_for_selector(KEPT)
    await other.goto("/admin/posts")
    assert await other.locator(".cell-main .chip-warn").count() == 1
    await other.goto(f"/admin/posts/{post.number}")
    await other.wait_for_selector("#lock-notice .notice")
    assert await other.locator("[data-part][inert]").count() == 2
    assert await visitor.axe() == []
    async with other.expect_response("**/lock"):
        await other.click("[data-take]")
    await other.wait_for_selector("form[data-writing]:not([data-locked])")
    await other.fill("#content", "<p>Menos sal.</p>")
    await other.keyboard.press("Control+s")
    await other.wait_for_selector("#save-state:not(.dirty) time")
    # the first one is told with the next sign of life, and what was typed is kept
    await page.fill("#content", "<p>Sal, da Bia, e pimenta.</p>")
    await page.wait_for_selector("#lock-notice .notice")
    assert await page.locator("[data-part][inert]").count() == 2
    assert (await _post(app, post.number)).content == "<p>Menos sal.</p>"
    await other.goto("/admin")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.goto(f"/admin/posts/{post.number}")
    await page.wait_for_selector("#offers .notice")
    await page.click("#offers a:has-text('difere')")
    assert "pimenta" in await page.inner_text(".diff")
    assert await visitor.axe() == []


async def test_what_is_not_saved_is_seen_in_the_theme_at_any_width(
    app: Litestar, editor: Account, visitor: Visitor
) -> None:
    post = await make_post(app, editor, title="Publicado", content="<p>Antes.</p>", status="publish")
    page = visitor.page
    await _sign_in(page)
    await page.goto(f"/admin/posts/{post.number}")
    await page.fill("#content", "<p>Só na prévia.</p>")
    await page.click("#write-preview")
    frame = page.frame_locator("#preview-pane iframe")
    assert "Só na prévia." in await frame.locator("main").inner_text()
    await page.click("#preview-pane [data-width=phone]")
    # a pane that gets narrower takes as many frames as a busy machine needs; one that doesn't ends in a time-out
    await frame.locator("html").evaluate(
        "() => new Promise(done => { const look = () => innerWidth === 390 ? done() : requestAnimationFrame(look);"
        " look(); })"
    )
    assert await visitor.axe() == []
    await page.click("#preview-pane [data-close]")
    assert (await _post(app, post.number)).content == "<p>Antes.</p>"
    assert visitor.complaints == []
