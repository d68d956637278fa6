"""What readers and editors see, over HTTP, on both engines."""

import pytest
from vitral_testkit.client import Browser
from vitral_testkit.people import People
from vitral_testkit.plugin import entered

from core.content import change_status, create_post
from core.contract.content import PostData
from core.db import tenant_read
from core.sites import save_settings


@pytest.fixture
async def app(app_with):
    """An application where the plugin is on for the site alfa, and off for beta."""
    return await app_with("reading_time", on=("alfa",))


@pytest.fixture
async def post(app):
    """A published post of 600 words on alfa."""
    author = await People(app).make("alfa", "author")
    with entered(app, "alfa"):
        async with tenant_read():
            text = "<p>" + "sono " * 600 + "</p>"
            draft = await create_post(PostData(title="Dormir bem", content=text, author_id=author.id))
            return await change_status(draft.id, "publish")


async def test_readers_are_told_how_long_it_takes(app, post):
    reader = Browser(app, "alfa")
    assert "3 minutos de leitura" in (await reader.soup(post.url)).get_text()
    with entered(app, "alfa"):
        async with tenant_read():
            await save_settings("reading_time", {"words_per_minute": 600})
    assert "1 minuto de leitura" in (await reader.soup(post.url)).get_text()


async def test_editors_see_what_is_read_to_the_end(app, post):
    reader = Browser(app, "alfa")
    for _again in range(2):
        answer = await reader.post(f"/reading-time/{post.number}")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(post.url)
    editor = await People(app).browser("alfa", "editor")
    desk = await editor.soup("/admin")
    line = next(line for line in desk.select("a.line") if line.get_text().split()[-1] == "2")
    assert "Dormir bem" in line.get_text()


async def test_it_is_gone_where_it_is_off(app, post):
    other = Browser(app, "beta")
    assert (await other.post(f"/reading-time/{post.number}")).status_code == 404
    assert "leitura" not in (await other.soup("/")).get_text()
