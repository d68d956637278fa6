"""The whole way in Chromium: sign in, write, publish, see it, switch a plugin off. No complaint from axe or the policy."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from core.accounts import first_admin_link
from core.db import tenant_read
from core.sites import enable_plugin
from tests.chromium import Visitor

pytestmark = pytest.mark.browser

PASSWORD = "uma-senha-bem-comprida-42"


@pytest.fixture
async def first_link(app: Any, within: Callable[..., Any]) -> str:
    """The one-time link of the first administrator, as a path."""
    with within("alfa") as tenant:
        async with tenant_read():
            await enable_plugin("comments")
            link = await first_admin_link(tenant)
    assert link
    return urlsplit(link).path


async def _sound(visitor: Visitor) -> None:
    assert await visitor.axe() == [], visitor.page.url


async def _begin(visitor: Visitor, link: str) -> None:
    page = visitor.page
    await page.goto(link)
    await _sound(visitor)
    await page.fill("[name=display_name]", "Ana Prado")
    await page.fill("[name=email]", "ana@example.org")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin")


async def test_from_the_first_link_to_a_published_text(visitor: Visitor, first_link: str) -> None:
    page = visitor.page
    await _begin(visitor, first_link)
    await _sound(visitor)
    await page.goto("/admin/posts/new?editor=html")
    await _sound(visitor)
    await page.fill("textarea[name=title]", "Água: quanto é bastante?")
    await page.keyboard.press("Enter")  # on to the text
    await page.keyboard.type("Sede e calor dizem mais do que dois litros.")
    await page.click("button[name=_action][value=publish]")
    await page.wait_for_url(re.compile(r"/admin/posts/\d+$"))
    await page.goto("/agua-quanto-e-bastante/")
    assert await page.inner_text("h1") == "Água: quanto é bastante?"
    assert await page.locator(".comment-form").count() == 1
    await _sound(visitor)

    await page.goto("/admin/plugins")
    await page.click("form[action='/admin/plugins/comments/disable'] button")
    # a page opened before the answer would stop the click's request
    await page.wait_for_url("**/admin/plugins#plugin-comments")
    await page.goto("/agua-quanto-e-bastante/")
    assert await page.locator(".comment-form").count() == 0
    assert visitor.complaints == []


async def test_every_screen_is_sound(visitor: Visitor, first_link: str) -> None:
    await _begin(visitor, first_link)
    for path in (
        "/admin/posts",
        "/admin/pages",
        "/admin/terms/category",
        "/admin/comments",
        "/admin/users",
        "/admin/roles",
        "/admin/themes",
        "/admin/plugins",
        "/admin/settings",
        "/admin/profile",
        "/admin/notifications",
    ):
        answer = await visitor.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        await _sound(visitor)
    assert visitor.complaints == []


async def test_the_keyboard_goes_on_at_a_plugin_that_was_switched_off(
    visitor: Visitor, first_link: str
) -> None:
    page = visitor.page
    await _begin(visitor, first_link)
    await page.goto("/admin/plugins")
    await page.focus("form[action='/admin/plugins/comments/disable'] button")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/plugins#plugin-comments")
    assert await page.evaluate("document.activeElement.id") == "plugin-comments"
    await _sound(visitor)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.getAttribute('href')") == "/admin/plugins/comments"


async def test_the_chosen_tab_is_in_view_on_a_phone(visitor: Visitor, first_link: str) -> None:
    await _begin(visitor, first_link)
    await visitor.page.set_viewport_size({"width": 390, "height": 844})
    await visitor.page.goto("/admin/settings/plugin/comments")
    edge = "document.querySelector('.tabs [aria-current]').getBoundingClientRect().right"
    assert await visitor.page.evaluate(f"{edge} <= innerWidth")
    await _sound(visitor)


async def test_the_desk_fits_a_phone(visitor: Visitor, first_link: str) -> None:
    await _begin(visitor, first_link)
    await visitor.page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/admin", "/admin/posts", "/admin/posts/new", "/admin/settings", "/admin/plugins"):
        await visitor.page.goto(path)
        overflow = await visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{path} is {overflow} px too wide"
