"""Customise: a look as a draft, published, undone, and of one site alone."""

import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from litestar import Litestar
from PIL import Image

from core.accounts import actor_of
from core.db import tenant_read, tenant_work
from core.sites import restore_look, switch_theme
from core.sites.look_tables import LookFile, LookVersion
from tests.core.admin.kit import fields_of, parsed, said, send
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered

PATH = "/admin/customise"
FORM = "#customise"


def picture(size: tuple[int, int] = (600, 300), kind: str = "PNG") -> bytes:
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    image.paste((200, 30, 60, 255), (20, 20, size[0] - 20, size[1] - 20))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


async def sheet(app: Litestar, rel: str = "theme.css", site: str = "alfa") -> str:
    """Return a style sheet of the front page as a visitor gets it, "" if the page has none."""
    async with Browser(app, site) as visitor:
        page = await visitor.soup("/")
        links = [str(link["href"]) for link in page.select("link[rel=stylesheet]")]
        found = next((url for url in links if rel in url), "")
        return (await visitor.get(found)).text if found else ""


async def test_a_draft_is_seen_by_those_who_work_on_it_and_published_by_all(
    app: Litestar, people: People
) -> None:
    admin = await people.browser("alfa", "administrator")
    done = await send(admin, PATH, {"token.accent.light": "#7A1FA2", "_action": "draft"}, selector=FORM)
    assert "rascunho" in (await said(admin, done))
    assert "#7a1fa2" not in await sheet(app)
    page = await admin.soup("/?look=draft")
    assert page.select(".preview-bar")
    url = str(page.select_one("link[href*='theme.css']")["href"])  # type: ignore[index]  # there is one
    assert "look=draft" in url
    answer = await admin.get(url)
    assert "--accent:#7a1fa2" in answer.text and answer.headers["cache-control"] == "private, no-store"
    async with Browser(app, "alfa") as visitor:
        for address in ("/?look=draft", "/?wear=clinica", url):
            assert "#7a1fa2" not in (await visitor.get(address)).text
        assert "clinica.css" not in (await visitor.get("/?wear=clinica")).text

    done = await send(admin, PATH, {"_action": "publish"}, selector=FORM)
    assert done.status_code == 303
    css = await sheet(app)
    assert "--accent:#7a1fa2" in css and "--ink:#20252a" in css
    assert "#7a1fa2" not in await sheet(app, site="beta")
    async with Browser(app, "alfa") as visitor:
        link = (await visitor.soup("/")).select_one("link[href*='theme.css']")
        cached = await visitor.get(str(link["href"]))  # type: ignore[index]  # there is one
        assert "max-age=31536000" in cached.headers["cache-control"]
        assert "max-age=0" in (await visitor.get("/-/theme.css?v=0")).headers["cache-control"]


async def test_a_look_is_undone_reset_and_discarded(app: Litestar, people: People) -> None:
    admin = await people.browser("alfa", "administrator")
    for colour in ("#111111", "#222222"):
        await send(admin, PATH, {"token.accent.light": colour, "_action": "publish"}, selector=FORM)
    await send(admin, PATH, {"token.accent.light": "#333333", "_action": "draft"}, selector=FORM)
    versions = await admin.soup(f"{PATH}/versions")
    assert len(versions.select(".look-versions li")) == 3  # two looks, and the theme as it comes
    back = versions.select("form[action$='/versions/1']")
    assert back
    await send(admin, f"{PATH}/versions", selector="form[action$='/versions/1']")
    assert "--accent:#111111" in await sheet(app)
    await send(admin, f"{PATH}/versions", selector="form[action$='/versions/0']")
    assert "--accent:#0a6a60" in await sheet(app)
    assert "#333333" in (await admin.get(PATH)).text  # the draft is still there
    await send(admin, PATH, {"_reset": "accent"}, selector=FORM)
    form = fields_of(await admin.soup(PATH), FORM)
    assert form["token.accent.light"] == ["#0a6a60"]
    await send(admin, PATH, selector=FORM, to=f"{PATH}/discard")
    assert not (await admin.soup(PATH)).select("button[formaction$='/discard']")
    missing = await send(
        admin, f"{PATH}/versions", selector="form[action$='/versions/0']", to=f"{PATH}/versions/99"
    )
    assert missing.status_code == 404


async def test_wrong_values_are_named_and_nothing_is_lost(people: People) -> None:
    admin = await people.browser("alfa", "administrator")
    answer = await send(
        admin,
        PATH,
        {
            "token.accent.light": "blue",
            "token.radius.light": "99",
            "token.head-face.light": "comic",
            "css": "a{color:red}\n@import 'x';",
            "_action": "publish",
        },
        selector=FORM,
    )
    assert answer.status_code == 422
    soup = parsed(answer)
    marked = {error["id"] for error in soup.select(".error")}
    assert {"token-accent-light-error", "token-radius-light-error", "css-error"} <= marked
    form = fields_of(soup, FORM)
    assert form["token.accent.light"] == ["blue"] and "@import" in form["css"][0]
    assert "Linha 2" in soup.select_one("#css-error").text  # type: ignore[union-attr]  # it is there


async def test_two_people_do_not_write_over_each_other(app: Litestar, people: People) -> None:
    admin = await people.browser("alfa", "administrator")
    old = fields_of(await admin.soup(PATH), FORM)
    await send(admin, PATH, {"token.accent.light": "#111111", "_action": "publish"}, selector=FORM)
    late: dict[str, Any] = {**old, "token.accent.light": "#222222", "_action": "publish"}
    answer = await admin.post(PATH, data=late)
    assert answer.status_code == 409
    again = fields_of(parsed(answer), FORM)
    assert again["token.accent.light"] == ["#222222"]
    assert "--accent:#111111" in await sheet(app)
    await admin.post(PATH, data={**again, "_action": "publish"})
    assert "--accent:#222222" in await sheet(app)


async def test_contrast_is_said_while_one_chooses(people: People) -> None:
    admin = await people.browser("alfa", "administrator")
    fine = await send(admin, PATH, selector=FORM, to=f"{PATH}/check")
    assert fine.status_code == 200 and "Difícil de ler" not in fine.text
    poor = await send(
        admin, PATH, {"token.ink.light": "#cccccc", "css": "b{color:red}"}, selector=FORM, to=f"{PATH}/check"
    )
    assert "é difícil ler “Texto” sobre Página (1,5)" in parsed(poor).get_text(" ", strip=True)
    css = parsed(poor).select_one("[data-checked-css]")["data-checked-css"]  # type: ignore[index]  # it is there
    assert "b:where" in str(css)


async def test_a_style_sheet_of_ones_own_comes_last_and_takes_its_right(
    app: Litestar, people: People
) -> None:
    admin = await people.browser("alfa", "administrator")
    await send(admin, PATH, {"css": "h1{color:var(--accent)}", "_action": "publish"}, selector=FORM)
    assert "h1:where" in await sheet(app, "custom.css")
    assert await sheet(app, "custom.css", "beta") == ""
    with entered(app, "alfa"):
        async with tenant_read():
            await switch_theme("clinica")
    assert await sheet(app, "custom.css") == ""  # each theme has its own
    editor = await people.browser("alfa", "editor")
    assert (await editor.get(PATH)).status_code == 403


async def test_a_logo_and_an_icon_are_made_and_shown(app: Litestar, people: People) -> None:
    admin = await people.browser("alfa", "administrator")
    form = fields_of(await admin.soup(PATH), FORM)
    answer = await admin.post(
        PATH,
        data={**form, "logo_alt": "Alfa Saúde", "_action": "publish"},
        files={
            "logo": ("l.png", picture(), "image/png"),
            "icon": ("i.png", picture((512, 512)), "image/png"),
        },
    )
    assert answer.status_code == 303, answer.text[:500]
    async with Browser(app, "alfa") as visitor:
        page = await visitor.soup("/")
        logo = page.select_one(".site-header .brand img")
        assert logo is not None and logo["alt"] == "Alfa Saúde" and int(str(logo["height"])) <= 160
        shown = await visitor.get(str(logo["src"]))
        assert shown.headers["content-type"] == "image/webp" and "31536000" in shown.headers["cache-control"]
        assert not page.select("link[rel=icon][type='image/svg+xml']")
        touch = await visitor.get(str(page.select_one("link[rel=apple-touch-icon]")["href"]))  # type: ignore[index]
        with Image.open(io.BytesIO(touch.content)) as image:
            assert image.size == (180, 180) and image.mode == "RGB"
        manifest = (await visitor.get(str(page.select_one("link[rel=manifest]")["href"]))).json()  # type: ignore[index]
        assert [icon["sizes"] for icon in manifest["icons"]] == ["192x192", "512x512"]
        assert (await visitor.get("/favicon.ico")).headers["content-type"] == "image/png"
        assert (await visitor.get("/-/look/icon-32-nothing.png")).status_code == 404
    async with Browser(app, "beta") as stranger:
        assert (await stranger.get(str(logo["src"]))).status_code == 404
        assert (await stranger.get("/-/site.webmanifest")).status_code == 404
    await send(admin, PATH, {"logo_remove": "1", "_action": "publish"}, selector=FORM)
    async with Browser(app, "alfa") as visitor:
        assert not (await visitor.soup("/")).select(".brand img")


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", picture((64, 64)), b""])
async def test_what_is_no_icon_is_refused_and_the_rest_is_kept(
    app: Litestar, people: People, data: bytes
) -> None:
    admin = await people.browser("alfa", "administrator")
    form = fields_of(await admin.soup(PATH), FORM)
    answer = await admin.post(
        PATH,
        data={**form, "_action": "publish"},
        files={"logo": ("l.png", picture(), "image/png"), "icon": ("i.png", data, "image/png")},
    )
    assert answer.status_code == 422
    soup: BeautifulSoup = parsed(answer)
    assert soup.select("#icon-error") and soup.select(".brand-shown img")  # the logo needs no second try
    with entered(app, "alfa"):
        async with tenant_read():
            names = [row["name"] for row in await LookFile.select(LookFile.name)]
    assert len(names) == 1


async def test_old_looks_and_their_pictures_go(app: Litestar, people: People) -> None:
    account = await people.make("alfa", "administrator")
    with entered(app, "alfa"):
        async with tenant_read():
            actor = await actor_of(account)
    with entered(app, "alfa", actor):
        async with tenant_work():
            await LookFile.insert(LookFile(name="logo-unused.webp", mime_type="image/webp", data=b"x"))
        for _round in range(52):
            async with tenant_read():
                await restore_look(0)
        async with tenant_read():
            numbers = [row["number"] for row in await LookVersion.select(LookVersion.number)]
            assert len(numbers) == 50 and min(numbers) == 3
            assert not await LookFile.exists()
