"""The block editor's half of the server: which editor a text gets, what is there without a script, what it asks for."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

import core
from core.accounts import Account
from core.admin.editor_words import editor_words
from core.content import get_post_by_number, update_post
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import execute, tenant_read, tenant_work
from core.sites import save_settings
from tests.core.admin.kit import fields_of, htmx_post, make_post, parsed, send
from tests.core.admin.test_media_picker import picture
from tests.core.admin.test_media_picker import send as upload
from tests.kit.client import Browser
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered

_SCRIPTS = Path(core.__file__).parent / "assets" / "src" / "editor"
JSON = {"accept": "application/json"}


def blocks(*words: str) -> str:
    """Return a text of paragraphs."""
    content = [{"type": "paragraph", "content": [{"type": "text", "text": word}]} for word in words]
    return json.dumps({"version": 1, "doc": {"type": "doc", "content": content}})


@pytest.fixture
async def author(people: People) -> Account:
    return await people.make("alfa", "editor", email="bia@example.org")


@pytest.fixture
async def browser(app: Litestar, author: Account) -> Browser:
    opened = Browser(app, "alfa")
    await opened.sign_in(author.email, PASSWORD)
    return opened


async def _read(app: Litestar, number: int) -> PostView:
    with entered(app, "alfa"):
        async with tenant_read():
            return await get_post_by_number(number, edit=True)


async def _editor_of(browser: Browser, path: str) -> str:
    soup = await browser.soup(path)
    chosen = str(soup.select_one("input[name=content_format]")["value"])  # type: ignore[index]
    assert soup.select_one("textarea[name=content]").has_attr("hidden") is (chosen == "blocks/1")  # type: ignore[union-attr]
    return chosen


async def test_new_texts_are_of_blocks_unless_somebody_says_html(app: Litestar, browser: Browser) -> None:
    assert await _editor_of(browser, "/admin/posts/new") == "blocks/1"
    assert await _editor_of(browser, "/admin/pages/new") == "blocks/1"
    assert await _editor_of(browser, "/admin/posts/new?editor=html") == "html"
    assert await _editor_of(browser, "/admin/posts/new?editor=<x>") == "blocks/1"
    with entered(app, "alfa"):
        await save_settings("site", {"editor": "html"})
    assert await _editor_of(browser, "/admin/posts/new") == "html"
    assert await _editor_of(browser, "/admin/posts/new?editor=blocks") == "blocks/1"
    other = await People(app).browser("beta", "editor")
    assert await _editor_of(other, "/admin/posts/new") == "blocks/1"


async def test_a_text_keeps_its_format(app: Litestar, author: Account, browser: Browser) -> None:
    old = await make_post(app, author, content="<p>Feito em HTML.</p>")
    soup = await browser.soup(f"/admin/posts/{old.number}")
    assert soup.select_one("#to-blocks") is not None
    await send(browser, f"/admin/posts/{old.number}", {"_action": "save"}, selector="#writing")
    assert (await _read(app, old.number)).content_format == "html"


async def test_the_script_comes_with_the_nonce_and_only_where_somebody_writes(browser: Browser) -> None:
    answer = await browser.get("/admin/posts/new")
    nonce = re.search(r"script-src 'nonce-([^']+)'", answer.headers["content-security-policy"])
    assert nonce is not None
    script = parsed(answer).select_one('script[src*="/editor-"]')
    assert script is not None and script["nonce"] == nonce[1]
    assert "/editor-" not in (await browser.get("/admin/posts")).text


async def test_without_a_script_a_text_of_blocks_is_read_and_all_else_is_written(
    app: Litestar, author: Account, browser: Browser
) -> None:
    post = await make_post(app, author, content=blocks("Beba água.", "Descanse."), content_format="blocks/1")
    soup = await browser.soup(f"/admin/posts/{post.number}")
    shown = soup.select_one("#editor-static")
    assert shown is not None and [p.text for p in shown.select("p")] == ["Beba água.", "Descanse."]
    assert soup.select_one("noscript .notice") is not None
    answer = await send(
        browser, f"/admin/posts/{post.number}", {"title": "Outro", "_action": "save"}, selector="#writing"
    )
    assert answer.status_code == 303, answer.text[:2000]
    saved = await _read(app, post.number)
    assert (saved.title, saved.content) == ("Outro", post.content)


@pytest.mark.parametrize(
    "changes",
    [{"slug": "???"}, {"content": '{"version":1,"doc":{"type":"doc","content":[{"type":"bomb"}]}}'}],
)
async def test_what_is_refused_stands_in_the_form_again(browser: Browser, changes: dict[str, str]) -> None:
    sent = {"title": "T", "content": blocks("Trabalho de horas."), **changes}
    answer = await send(browser, "/admin/posts/new", {**sent, "_action": "save"}, selector="#writing")
    assert answer.status_code == 422
    soup = parsed(answer)
    assert fields_of(soup, "#writing")["content"] == [sent["content"]]
    assert fields_of(soup, "#writing")["content_format"] == ["blocks/1"]
    if "content" not in changes:
        assert "Trabalho de horas." in soup.select_one("#editor-static").text  # type: ignore[union-attr]


async def test_two_versions_of_blocks_are_shown_as_text(
    app: Litestar, author: Account, browser: Browser
) -> None:
    post = await make_post(app, author, content=blocks("Sal."), content_format="blocks/1")
    fields: dict[str, Any] = fields_of(await browser.soup(f"/admin/posts/{post.number}"), "#writing")
    with entered(app, "alfa"):
        async with tenant_read():
            await update_post(post.id, PostData(content=blocks("Menos sal.")), version=post.version)
    answer = await browser.post(
        f"/admin/posts/{post.number}", data={**fields, "content": blocks("Sal e pimenta."), "_action": "save"}
    )
    assert answer.status_code == 409
    soup = parsed(answer)
    assert soup.select_one("#theirs").text.strip() == "Menos sal."  # type: ignore[union-attr]
    assert soup.select_one("#editor-static").text.strip() == "Sal e pimenta."  # type: ignore[union-attr]
    merge: dict[str, Any] = fields_of(soup, "#merge")
    assert merge["content_format"] == ["blocks/1"]
    merged = await browser.post(
        f"/admin/posts/{post.number}", data={**merge, "content": blocks("Menos sal e pimenta.")}
    )
    assert merged.status_code == 303, merged.text[:2000]
    assert "Menos sal e pimenta." in (await _read(app, post.number)).content


async def test_texts_to_link_to(app: Litestar, author: Account, browser: Browser) -> None:
    await make_post(app, author, title="Água no verão", status="publish")
    await make_post(app, author, title="Água, um rascunho")
    boss = await People(app).make("beta", "editor")
    await make_post(app, boss, site="beta", title="Água alheia", status="publish")
    found = (await browser.get("/admin/links?q=agua", headers=JSON)).json()["items"]
    assert [(item["title"], item["url"]) for item in found] == [("Água no verão", "/agua-no-verao/")]
    assert (await browser.get("/admin/links", params={"q": "%_"}, headers=JSON)).json()["items"] == []
    reader = await People(app).browser("alfa", "subscriber")
    assert (await reader.get("/admin/links?q=agua", headers=JSON)).status_code == 403


async def test_pictures_by_their_numbers(app: Litestar, browser: Browser) -> None:
    item = (await upload(browser, picture(), "Praia.png")).json()
    path = f"/admin/blocks/media?numbers={item['number']},999,x,-1"
    found = (await browser.get(path, headers=JSON)).json()["items"]
    assert [(one["number"], one["url"]) for one in found] == [(item["number"], item["url"])]
    assert (await browser.get("/admin/blocks/media?numbers=", headers=JSON)).json()["items"] == []
    other = await People(app).browser("beta", "editor")
    assert (await other.get(path, headers=JSON)).json()["items"] == []
    reader = await People(app).browser("alfa", "subscriber")
    assert (await reader.get(path, headers=JSON)).status_code == 403


async def test_a_private_picture_is_not_told_to_those_who_may_not_see_it(
    app: Litestar, browser: Browser
) -> None:
    item = (await upload(browser, picture(), "Exame.png")).json()
    with entered(app, "alfa"):
        async with tenant_work():
            await execute(
                "UPDATE media SET access_level = {} WHERE tenant_id = {tenant} AND number = {}",
                "private",
                item["number"],
            )
    path = f"/admin/blocks/media?numbers={item['number']}"
    assert len((await browser.get(path, headers=JSON)).json()["items"]) == 1  # editors see private ones
    writer = await People(app).browser("alfa", "contributor")
    assert (await writer.get(path, headers=JSON)).json()["items"] == []


async def test_an_autosave_keeps_blocks(app: Litestar, author: Account, browser: Browser) -> None:
    post = await make_post(app, author, content=blocks("Um."), content_format="blocks/1")
    path = f"/admin/posts/{post.number}"
    fields: dict[str, Any] = fields_of(await browser.soup(path), "#writing")
    answer = await htmx_post(browser, f"{path}/autosave", {**fields, "content": blocks("Dois.")}, page=path)
    assert answer.status_code == 200, answer.text[:2000]
    assert "Um." in (await _read(app, post.number)).content


async def test_the_script_has_all_its_words(app: Litestar) -> None:
    with entered(app, "alfa"):
        words = set(editor_words())
    scripts = [path.read_text("utf-8") for path in (*_SCRIPTS.glob("*.js"), _SCRIPTS.parent / "editor.js")]
    used = {key for text in scripts for key in re.findall(r'say\(\s*"(\w+)"', text)}
    assert len(used) > 60
    assert used - words == set()
    catalogue = (_SCRIPTS / "catalogue.js").read_text("utf-8")
    kinds = set(re.findall(r'name: "(\w+)"', catalogue)) | {f"heading_{level}" for level in (2, 3, 4, 5, 6)}
    assert {f"block_{name}" for name in kinds} - words == set()
    fields = set(
        re.findall(r'(?:text|options|tick|served)\("(\w+)"', (_SCRIPTS / "fields.js").read_text("utf-8"))
    )
    labelled = {name for name in fields if name not in ("text",)}
    assert {f"field_{name}" for name in labelled} - words == set()
