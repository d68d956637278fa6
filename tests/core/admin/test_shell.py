"""The frame around every screen: locked down, in two languages, by role, and usable without a script."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from litestar import Litestar

import core
from core.accounts import notify
from core.contract.work import Notification
from core.db import tenant_read
from tests.core.admin.kit import HTMX, make_post, said, send
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered

SCREENS = (
    "/admin",
    "/admin/posts",
    "/admin/posts/new",
    "/admin/posts/{post}",
    "/admin/posts/{post}/revisions",
    "/admin/posts/{post}/more",
    "/admin/pages",
    "/admin/pages/new",
    "/admin/terms/category",
    "/admin/terms/post_tag",
    "/admin/users",
    "/admin/users/new",
    "/admin/users/invite",
    "/admin/users/{user}",
    "/admin/users/{user}/delete",
    "/admin/roles",
    "/admin/roles/new",
    "/admin/roles/editor",
    "/admin/profile",
    "/admin/profile/security",
    "/admin/settings",
    "/admin/settings/reading",
    "/admin/settings/permalinks",
    "/admin/settings/writing",
    "/admin/settings/people",
    "/admin/plugins",
    "/admin/plugins/comments",
    "/admin/themes",
    "/admin/notifications",
    "/admin/tools/import",
    "/admin/tools/jobs",
    "/admin/search",
)
EVIL = "<img src=x onerror=alert(1)>{{7*7}}%s"


async def test_every_screen_of_an_administrator_is_locked_down(app: Litestar, people: People) -> None:
    author = await people.make("alfa", "administrator")
    post = await make_post(app, author, title=EVIL, excerpt=EVIL)
    browser = await people.browser("alfa", "administrator")
    for screen in SCREENS:
        path = screen.format(post=post.number, user=author.id)
        answer = await browser.get(path)
        assert answer.status_code == 200, f"{path}\n{answer.text[:1500]}"
        assert "<img src=x" not in answer.text, path
        _locked(answer.text, answer.headers["content-security-policy"], path)
        assert answer.headers["cache-control"] == "no-store"


def _locked(html: str, policy: str, path: str) -> None:
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce is not None
    scripts = re.findall(r"<script[^>]*>", html)
    assert scripts and all(f'nonce="{nonce[1]}"' in tag and " src=" in tag for tag in scripts), path
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        for name, value in tag.attrs.items():
            assert not name.startswith(("on", "hx-on", "style")), f"{path}: {name} on {tag.name}"
            assert not re.match(r"\s*(javascript|data|js):", str(value)), f"{path}: {name}={value}"
    config = re.search(r'name="htmx-config" content="([^"]+)"', html)
    assert config is not None, path
    found = json.loads(config[1].replace("&#34;", '"'))
    assert {name: found[name] for name in ("allowEval", "allowScriptTags", "selfRequestsOnly")} == {
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
    }
    assert (found["historyCacheSize"], found["includeIndicatorStyles"]) == (0, False)
    assert "inlineScriptNonce" not in found


async def test_every_form_carries_a_token_and_every_screen_a_heading(people: People) -> None:
    browser = await people.browser("alfa", "administrator")
    for screen in SCREENS:
        if "{" in screen:
            continue
        soup = await browser.soup(screen)
        assert len(soup.select("h1")) == 1, screen
        assert soup.select_one("main#main"), screen
        for form in soup.select('form[method="post"]'):
            assert form.select_one("input[name=_csrf]"), f"{screen}: {form.get('action')}"
        for image in soup.select("img"):
            assert image.has_attr("alt"), screen


async def test_no_template_holds_what_the_policy_forbids() -> None:
    folder = Path(core.__file__).parent / "admin" / "templates"
    for path in folder.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\shx-on|hx-vals=.js:|\sstyle=|\son[a-z]+=", text), path
        # a trigger filter in brackets would be evaluated
        assert not re.search(r'hx-trigger="[^"]*\[[^\]]*\][^"]*"', text.replace("[name=q]", "")), path
        assert "|safe\n" not in text and not re.search(r"\|\s*safe\b(?!_url)", text), path


async def test_the_menu_shows_what_somebody_may(people: People) -> None:
    async def entries(role: str) -> set[str]:
        soup = await (await people.browser("alfa", role)).soup("/admin")
        return {str(link["href"]) for link in soup.select(".nav a")}

    assert await entries("subscriber") == {"/admin"}
    assert await entries("author") == {"/admin", "/admin/posts", "/admin/media"}
    editor = await entries("editor")
    assert {"/admin/pages", "/admin/terms/category"} <= editor
    assert not editor & {"/admin/users", "/admin/settings", "/admin/plugins"}
    assert {
        "/admin/users",
        "/admin/roles",
        "/admin/themes",
        "/admin/plugins",
        "/admin/settings",
    } <= await entries("administrator")


@pytest.mark.parametrize(("language", "heading"), [("pt-BR", "Configurações"), ("en", "Settings")])
async def test_each_person_has_a_language(people: People, language: str, heading: str) -> None:
    browser = await people.browser("alfa", "administrator")
    answer = await browser.submit(
        "/admin/language", {"language": language, "next": "/admin/settings"}, page="/admin"
    )
    assert answer.headers["location"] == "/admin/settings"
    soup = await browser.soup("/admin/settings")
    assert soup.h1 is not None and soup.h1.text == heading
    assert soup.html is not None and soup.html["lang"] == language


async def test_light_and_dark_are_kept_in_the_browser(people: People) -> None:
    browser = await people.browser("alfa", "editor")
    for wanted, kept in (("dark", "dark"), ("purple", "dark"), ("auto", "auto")):
        await browser.submit("/admin/appearance", {"appearance": wanted, "next": "/admin"}, page="/admin")
        soup = await browser.soup("/admin")
        assert soup.html is not None and soup.html["data-appearance"] == kept


async def test_a_message_is_said_once_and_by_nobody_else(people: People) -> None:
    browser = await people.browser("alfa", "administrator")
    answer = await send(browser, "/admin/settings", {"tagline": "Olá"}, selector="main form")
    assert "salvas" in await said(browser, answer)
    assert not (await browser.soup("/admin")).select(".toast")
    browser.cookies.set("flash", "v1.9999999999.eyJ0ZXh0IjoiZm9yZ2VkIn0.AAAA", domain="alfa.test")
    assert not (await browser.soup("/admin")).select(".toast")


async def test_the_palette_finds_screens_and_content(app: Litestar, people: People) -> None:
    author = await people.make("alfa", "author")
    await make_post(app, author, title="Colesterol bom e ruim")
    editor = await people.browser("alfa", "editor")
    part = await editor.get("/admin/search?q=coleste", headers=HTMX)
    assert "<html" not in part.text
    assert "Colesterol bom e ruim" in part.text
    assert "HX-Request" in part.headers["vary"]
    screens = await editor.get("/admin/search?q=categ", headers=HTMX)
    assert "/admin/terms/category" in screens.text
    assert "<html" in (await editor.get("/admin/search?q=coleste")).text
    subscriber = await people.browser("alfa", "subscriber")
    assert "Colesterol" not in (await subscriber.get("/admin/search?q=coleste", headers=HTMX)).text


async def test_unread_notices_are_counted_opened_and_marked(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "editor")
    with entered(app, "alfa"):
        async with tenant_read():
            await notify(Notification(user_id=user.id, kind="x", title="Leia isto", url="/admin/posts"))
            await notify(Notification(user_id=user.id, kind="x", title="E isto"))
    browser = Browser(app, "alfa")
    await browser.sign_in(user.email, "uma-senha-bem-comprida-42")
    assert (await browser.soup("/admin")).select_one(".bell .dot").text == "2"  # type: ignore[union-attr]  # there are two
    soup = await browser.soup("/admin/notifications")
    form = next(form for form in soup.select(".line form") if form.select_one("[name=next]"))
    data = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    assert (await browser.post("/admin/notifications/read", data=data)).headers["location"] == "/admin/posts"
    assert (await browser.soup("/admin")).select_one(".bell .dot").text == "1"  # type: ignore[union-attr]  # as above
    await browser.submit("/admin/notifications/read", page="/admin/notifications")
    assert not (await browser.soup("/admin")).select(".bell .dot")


async def test_errors_stay_in_the_frame_and_keep_what_was_typed(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "author")
    missing = await browser.get("/admin/nowhere")
    assert (missing.status_code, "text/html" in missing.headers["content-type"]) == (404, True)
    assert "/static/core/admin" in missing.text
    denied = await browser.get("/admin/settings")
    assert denied.status_code == 403
    part = await browser.get("/admin/settings", headers=HTMX)
    assert part.headers["hx-retarget"] == "#notices"
    assert "<html" not in part.text
    visitor = Browser(app, "alfa")
    token = await visitor.token("/admin/login")
    lost = await visitor.post(
        "/admin/posts/new", data={"title": "Meu texto", "content": "Muito trabalho", "_csrf": token}
    )
    assert lost.status_code == 401
    assert "Muito trabalho" in lost.text


async def test_a_page_that_stayed_open_gets_the_new_token(people: People, app: Litestar) -> None:
    browser = await people.browser("alfa", "editor")
    answer = await browser.get("/admin/session", headers={"accept": "application/json"})
    token = answer.json()["token"]
    assert (await browser.post("/admin/logout", data={"_csrf": token})).status_code == 303
    gone = await browser.get("/admin/session", headers={"accept": "application/json"})
    assert gone.status_code == 401


def test_every_colour_is_said_for_day_and_for_night() -> None:
    css = (Path(core.__file__).parent / "assets" / "src" / "admin" / "tokens.css").read_text("utf-8")
    names = dict(re.findall(r"^\s*(--[a-z0-9-]+):\s*(.+);$", css, re.M))
    coloured = {name for name, value in names.items() if re.search(r"#[0-9a-f]{3,8}\b|\brgb\(", value)}
    assert len(coloured) > 30
    assert {name for name in coloured if "light-dark(" not in names[name]} == {"--ink-on"}
    for choice in ("light", "dark"):
        assert re.search(rf':root\[data-appearance="{choice}"\] \{{\s*color-scheme: {choice};', css)
