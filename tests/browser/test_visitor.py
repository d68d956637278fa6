"""The browser of the suite sees what it should, so that the walks through the admin mean something."""

import pytest

from tests.chromium import Visitor

pytestmark = pytest.mark.browser


async def test_a_page_of_the_site_is_served(visitor: Visitor) -> None:
    answer = await visitor.page.goto("/")
    assert answer is not None
    assert answer.status == 200
    assert "Alfa" in await visitor.page.title()
    assert visitor.complaints == []


async def test_axe_finds_what_is_wrong(visitor: Visitor) -> None:
    await visitor.page.goto("/")
    await visitor.page.evaluate("document.body.append(document.createElement('button'))")
    assert any(line.startswith("button-name") for line in await visitor.axe())


async def test_a_refused_script_is_noticed(visitor: Visitor) -> None:
    await visitor.page.goto("/")
    await visitor.page.evaluate(
        "() => {const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)}"
    )
    assert await visitor.page.evaluate("window.ran") is None
    assert any("content security policy" in line.lower() for line in visitor.complaints)
