"""The tutorial's theme, installed the way its readers install it, worn by one of two sites."""

from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from core.content import change_status, create_post
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import tenant_read
from core.sites import switch_theme
from tests.examples.install import install
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered


@pytest.fixture
async def app(app_with: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Litestar:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    install("caderno", folder, monkeypatch)
    install("reading-time", folder, monkeypatch)
    made: Litestar = await app_with("reading_time", on=("alfa", "beta"))
    with entered(made, "alfa"):
        async with tenant_read():
            await switch_theme("caderno")
    return made


async def posted(app: Litestar, site: str, title: str, **data: Any) -> PostView:
    author = await People(app).make(site, "author")
    with entered(app, site):
        async with tenant_read():
            given = PostData(title=title, content="<p>Querida leitora,</p>", author_id=author.id, **data)
            return await change_status((await create_post(given)).id, "publish")


async def test_the_child_adds_to_its_parent(app: Litestar) -> None:
    await posted(app, "alfa", "Primeira página")
    post = await posted(app, "alfa", "Segunda página")
    async with Browser(app, "alfa") as reader:
        page = await reader.soup(post.url)
        sheets = [str(link["href"]) for link in page.select("link[rel=stylesheet]")]
        assert ["/claro/style.css" in sheet for sheet in sheets].count(
            True
        ) == 1  # the parent's is still there
        assert "/caderno/caderno.css" in sheets[-1]
        assert "border-inline-start" in (await reader.get(sheets[-1])).text
        tokens = await reader.get(next(sheet for sheet in sheets if "theme.css" in sheet))
        assert "--accent:#b3261e" in tokens.text and "--ink:" in tokens.text
        listed = page.select("[aria-labelledby=pages-of-the-notebook] li")
        assert [entry.get_text().strip() for entry in listed] == ["Primeira página"]
        assert "Páginas do caderno" in page.get_text()
        assert "☕ 1 minuto de leitura" in page.get_text()
        front = await reader.soup("/")  # no template of the child's: the parent's
        assert front.select(".card")


async def test_an_author_chooses_a_template_of_the_theme(app: Litestar) -> None:
    post = await posted(app, "alfa", "Carta", template="letter")
    async with Browser(app, "alfa") as reader:
        page = await reader.soup(post.url)
    assert page.select("article.letter") and not page.select("[aria-labelledby=pages-of-the-notebook]")


async def test_the_other_site_keeps_its_own_look(app: Litestar) -> None:
    post = await posted(app, "beta", "Outra casa")
    async with Browser(app, "beta") as reader:
        page = await reader.soup(post.url)
    assert "caderno" not in str(page).lower() and "1 minuto de leitura" in page.get_text()
    assert "☕" not in page.get_text()
