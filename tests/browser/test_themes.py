"""Readers' pages of both themes in Chromium: axe, layout that stays where it is, and reading without script."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from core.accounts import actor_of
from core.content import change_status, create_post
from core.contract.content import PostData
from core.db import tenant_read
from core.importing import import_wxr
from core.sites import enable_plugin, switch_theme
from tests.chromium import Visitor
from tests.kit.people import People
from tests.kit.plugin import entered

pytestmark = pytest.mark.browser

SITES = Path(__file__).parents[2] / "sites"
CONTENT = {"claro": SITES / "demo" / "content.wxr.xml", "clinica": SITES / "clinica" / "content.wxr.xml"}
PATHS = {
    "claro": ("/", "/sete-habitos-para-dormir-melhor/", "/equipe/como-escrever/", "/category/sono/"),
    "clinica": ("/inicio/", "/servicos/", "/servicos/pediatria/", "/equipe/", "/convenios/", "/contato/"),
}
BOTH = ("/tudo/", "/fechado/", "/?s=a", "/?s=zzzz", "/nada/", "/feito/")
RICH = """<p class="lead">Um <a href="/">link</a>, <strong>negrito</strong>, <mark>marca</mark> e <code>código</code>.</p>
<h2>Lista</h2><ul><li>um<ol><li>dois</li></ol></li></ul><blockquote><p>Dito.</p><cite>Alguém</cite></blockquote>
<h3>Tabela</h3><div class="table-scroll"><table><caption>Doses</caption><thead><tr><th scope="col">A</th></tr></thead>
<tbody><tr><td>1</td></tr></tbody></table></div><pre><code>x = 1</code></pre>
<aside class="callout callout-warning"><p class="callout-title">Atenção</p><p>Leia.</p></aside>
<div class="columns"><div class="column"><p>Esquerda</p></div><div class="column"><p>Direita</p></div></div>
<p><a class="button" href="/">Botão</a> <a class="wp-block-button__link" href="/">Outro</a></p><hr>
<details><summary>Mais</summary><p>Texto.</p></details><p dir="rtl" lang="ar">مرحبا</p>"""
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value})
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""


@pytest.fixture(params=["claro", "clinica"])
async def theme(request: pytest.FixtureRequest, app: Litestar) -> AsyncIterator[str]:
    """A site with everything that a theme shows, in each of our themes."""
    name = str(request.param)
    author = await People(app).make("alfa", "editor")
    with entered(app, "alfa"):
        async with tenant_read():
            await enable_plugin("comments")
            await switch_theme(name)
            await import_wxr(CONTENT[name])
            actor = await actor_of(author)
    with entered(app, "alfa", actor):
        async with tenant_read():
            for title, more in (
                ("Tudo", {"content": RICH}),
                ("Fechado", {"content": "<p>x</p>", "password": "abre-te"}),
                ("Feito", {"content": "<p>Um</p><!--nextpage--><p>Dois</p>"}),
            ):
                await change_status((await create_post(PostData(title=title, **more))).id, "publish")
    yield name


async def test_axe_finds_nothing_and_nothing_moves(theme: str, visitor: Visitor) -> None:
    found = {}
    for path in (*PATHS[theme], *BOTH):
        for width in (1280, 390):
            await visitor.page.set_viewport_size({"width": width, "height": 900})
            await visitor.page.goto(path, wait_until="load")
            if problems := await visitor.axe():
                found[path, width] = problems
            overflow = await visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, f"{path} is {overflow} px too wide at {width}"
            assert await visitor.page.evaluate(SHIFTS) < 0.1, (path, width)
    assert found == {}
    assert [c for c in visitor.complaints if "404" not in c and "403" not in c] == []


async def test_pages_are_small_and_need_no_script(theme: str, visitor: Visitor) -> None:
    """Style sheets and scripts stay below 30 kB, and are all that comes before the text is there."""
    sizes: dict[str, int] = {}

    async def count(response: Any) -> None:
        if response.request.resource_type in ("stylesheet", "script", "font"):
            sizes[response.url] = len(await response.body())

    context = await visitor.page.context.browser.new_context(  # type: ignore[union-attr]  # there is one
        java_script_enabled=False, locale="pt-BR"
    )
    page = await context.new_page()
    page.on("response", count)
    await visitor.page.goto("/tudo/")
    await page.goto(visitor.page.url)
    assert await page.locator("main h1").is_visible()
    assert await page.locator("main .prose table").is_visible()
    await page.wait_for_load_state("networkidle")
    await context.close()
    assert sizes and sum(sizes.values()) < 30_000 + 4_000, sizes  # the tokens are a file of their own


async def test_print_leaves_the_text_alone(theme: str, visitor: Visitor) -> None:
    await visitor.page.goto("/tudo/")
    await visitor.page.emulate_media(media="print")
    for selector in (".menu", ".site-search", ".site-footer"):
        assert not await visitor.page.locator(selector).first.is_visible(), selector
    assert await visitor.page.locator("main .prose").is_visible()
