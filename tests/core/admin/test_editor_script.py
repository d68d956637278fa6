"""The block editor in Chromium: each kind of block by keyboard, on to the page; pasting; moving; converting."""

import json
import re

import pytest
from litestar import Litestar

from core.accounts import Account
from core.content import get_post_by_number
from core.contract.views import PostView
from core.db import tenant_read
from tests.chromium import Visitor
from tests.core.admin.clipboards import GOOGLE_DOCS, WEB_PAGE, WORD
from tests.core.admin.desk import Desk
from tests.core.admin.kit import make_post
from tests.core.admin.test_editor import blocks
from tests.core.admin.test_media_picker import picture
from tests.kit.people import People
from tests.kit.plugin import entered

pytestmark = pytest.mark.browser


@pytest.fixture
async def author(app: Litestar, people: People) -> Account:
    return await people.make("alfa", "editor", email="bia@example.org")


@pytest.fixture
async def desk(author: Account, visitor: Visitor) -> Desk:
    return Desk(visitor)


async def _post(app: Litestar, number: int) -> PostView:
    with entered(app, "alfa"):
        async with tenant_read():
            return await get_post_by_number(number, edit=True)


async def _write_words(desk: Desk) -> None:
    """Write blocks that are begun by typing."""
    await desk.type("Um **forte** e um *leve* com `código`.")
    await desk.press("Enter")
    await desk.type("## Seção")
    await desk.press("Enter")
    await desk.type("- primeiro")
    await desk.press("Enter", "Tab")
    await desk.type("dentro")
    await desk.press("Enter", "Enter", "Enter")
    await desk.type("1. passo")
    await desk.press("Enter", "Enter")
    await desk.type("> dito")
    await desk.press("Alt+Enter")
    await desk.settings("citation")
    await desk.type("Fonte Antiga")
    await desk.press("Escape")
    await desk.below()
    await desk.type("```python ")
    await desk.type("x = 1")
    await desk.below()


async def _write_things(desk: Desk) -> None:
    """Write blocks of the slash menu, and a picture that is pasted."""
    await desk.add("caixa")
    await desk.type("Atenção ao calor")
    await desk.below()
    await desk.add("tabela")
    await desk.type("Idade")
    await desk.press("Tab")
    await desk.type("Dose")
    await desk.below()
    await desk.add("colunas")
    await desk.type("Esquerda")
    await desk.press("ArrowDown")
    await desk.type("Direita")
    await desk.press("Control+End")
    await desk.add("botao")
    await desk.settings("text")
    await desk.type("Marcar consulta")
    await desk.press("Tab")
    await desk.type("/contato/")
    await desk.press("Escape")
    await desk.below()
    await desk.add("embed")
    await desk.settings("url")
    await desk.type("https://www.youtube.com/watch?v=abcdefghijk")
    await desk.press("Escape")
    await desk.below()
    await desk.add("html")
    await desk.settings("html")
    await desk.type("<details><summary>Mais</summary>Oculto</details>")
    await desk.press("Escape")
    await desk.below()
    await desk.type("---")
    await desk.press("Enter")
    await desk.type("Antes da foto")
    await desk.paste_file("praia.png", picture())
    await desk.page.wait_for_selector(".blocks-text figure.media img")


_KINDS = [
    "paragraph",
    "heading",
    "bullet_list",
    "ordered_list",
    "quote",
    "code",
    "callout",
    "table",
    "columns",
    "button",
    "embed",
    "html",
    "separator",
    "paragraph",
    "image",
]
_WORDS = ("forte", "Seção", "dentro", "passo", "dito", "Fonte Antiga", "x = 1", "Atenção ao calor", "Dose")
_PARTS = (
    "strong",
    "em",
    "h2",
    "ul ul",
    "ol",
    "blockquote",
    "pre code.language-python",
    "aside.callout",
    "table",
    "div.columns",
    'a.button[href="/contato/"]',
    "figure.embed",
    "details",
    "hr",
    "figure img",
)


async def test_each_kind_of_block_by_keyboard_and_on_the_page(app: Litestar, desk: Desk) -> None:
    page = desk.page
    await desk.sit_down()
    await page.fill("#title", "Tudo em blocos")
    await desk.press("Enter")
    await _write_words(desk)
    await _write_things(desk)
    assert await desk.visitor.axe() == []
    number = await desk.save()
    found = json.loads((await _post(app, number)).content)["doc"]["content"]
    assert [block["type"] for block in found] == _KINDS
    await page.reload()
    await page.wait_for_selector("#editor-text")
    await page.click("button[name=_action][value=publish]")
    await page.wait_for_selector("#write-status .chip-good")
    await page.goto("/tudo-em-blocos/")
    article = page.locator("article").first
    shown = await article.inner_text()
    assert [words for words in _WORDS if words not in shown] == []
    assert [part for part in _PARTS if not await article.locator(part).count()] == []
    assert desk.visitor.complaints == []


async def test_blocks_are_moved_copied_removed_and_brought_back(app: Litestar, desk: Desk) -> None:
    await desk.sit_down()
    await desk.page.click("#editor-text")
    for word in ("um", "dois", "três"):
        await desk.type(word)
        await desk.press("Enter")
    await desk.press("ArrowUp", "Alt+Shift+ArrowUp")
    await desk.page.wait_for_selector("#editor-voice:has-text('2')", state="attached")
    assert [block["content"][0]["text"] for block in await desk.stored()] == ["um", "três", "dois"]
    await desk.press("Control+Shift+d")
    stored = await desk.stored()
    assert [block["content"][0]["text"] for block in stored] == ["um", "três", "três", "dois"]
    ids = [block["attrs"]["id"] for block in stored]
    assert len(set(ids)) == 4 and all(re.fullmatch("[a-z0-9]{8}", one) for one in ids)
    await desk.press("Alt+Shift+z", "Alt+Shift+ArrowDown")
    await desk.press("Control+z", "Control+z", "Control+z")
    assert [block["content"][0]["text"] for block in await desk.stored()] == ["um", "três", "dois"]
    await desk.press("Control+y")
    assert len(await desk.stored()) == 4
    # the toolbar's menu does the same
    await desk.press("Alt+F10")
    await desk.page.click('[data-menu="block"] summary')
    await desk.page.click('[data-tool="remove"]')
    assert len(await desk.stored()) == 3
    assert desk.visitor.complaints == []


async def test_what_is_pasted_is_clean(desk: Desk) -> None:
    await desk.sit_down()
    await desk.page.click("#editor-text")
    await desk.paste(WORD)
    assert await desk.shape() == (
        'heading("Cuidados com a pele"), paragraph(bold("Importante:"), " use ", italic("protetor"), '
        '". Fale com o ", link("médico"), "."), bullet_list(list_item(paragraph("Chapéu"), '
        'bullet_list(list_item(paragraph("de aba larga")))), list_item(paragraph("Óculos"))), '
        'ordered_list(list_item(paragraph("Primeiro passo"))), table(table_row(table_cell(paragraph("Idade")), '
        'table_cell(paragraph("Dose"))), table_row(table_cell(paragraph("Adultos")))), paragraph("Fim", sup("2"))'
    )
    await desk.press("Control+a", "Delete")
    await desk.paste(GOOGLE_DOCS)
    assert await desk.shape() == (
        'heading("Sono"), paragraph("Dormir ", bold("bem"), italic(" ajuda"), " a ", link("memória"), strike(".")), '
        'bullet_list(list_item(paragraph("Escuro"), bullet_list(list_item(paragraph("sem telas")))), '
        'list_item(paragraph("Silêncio")))'
    )
    assert "https://example.org/memoria" in json.dumps(await desk.stored())
    await desk.press("Control+a", "Delete")
    await desk.paste(WEB_PAGE)
    assert await desk.shape() == (
        'heading("Vacinas"), paragraph("Texto em ", bold("div"), " com ", inline_code("code"), "."), '
        'image("Foto: arquivo"), quote(paragraph("Citação.")), code("a = 1\\nb = 2"), '
        'ordered_list(list_item(paragraph("três"))), paragraph("mau"), separator'
    )
    await desk.press("Control+a", "Delete")
    await desk.paste("", "linha um\nlinha dois\n\nlinha três")
    assert await desk.shape() == 'paragraph("linha um"), paragraph("linha dois"), paragraph("linha três")'
    assert desk.visitor.complaints == []  # no style of the clipboard met the policy


async def test_an_address_becomes_a_link_of_the_chosen_words(desk: Desk) -> None:
    await desk.sit_down()
    await desk.page.click("#editor-text")
    await desk.type("leia")
    await desk.press("Shift+Home")
    await desk.paste("", "https://example.org/a")
    assert await desk.shape() == 'paragraph(link("leia"))'
    await desk.press("End", "Enter")
    await desk.paste("", "https://example.org/b")
    assert 'paragraph(link("https://example.org/b"))' in await desk.shape()


async def test_links_find_texts_of_the_site(app: Litestar, author: Account, desk: Desk) -> None:
    await make_post(app, author, title="Água no verão", status="publish")
    await desk.sit_down()
    await desk.page.click("#editor-text")
    await desk.type("veja")
    await desk.press("Shift+Home", "Control+k")
    await desk.page.wait_for_selector(".link-dialog[open]")
    assert not await desk.page.evaluate("document.getElementById('palette').open")
    await desk.type("agua")
    await desk.page.wait_for_selector(".link-hits [role=option]")
    await desk.press("ArrowDown")
    assert await desk.visitor.axe() == []
    await desk.press("Enter")
    (paragraph,) = await desk.stored()
    assert paragraph["content"][0]["marks"] == [{"type": "link", "attrs": {"href": "/agua-no-verao/"}}]
    await desk.press("Control+k")
    await desk.page.fill("#link-address", "javascript:alert(1)")
    await desk.press("Enter")
    await desk.page.wait_for_selector("#link-wrong:not(:empty)")
    await desk.press("Escape")
    assert desk.visitor.complaints == []


async def test_a_table_grows_and_its_cells_are_merged(desk: Desk) -> None:
    await desk.sit_down()
    await desk.page.click("#editor-text")
    await desk.add("tabela")
    await desk.press("Alt+Enter")
    await desk.page.wait_for_selector("#side-block:not([hidden])")
    await desk.page.click("#side-block button:has-text('Linha abaixo')")
    await desk.page.click("#side-block button:has-text('Coluna depois')")
    (table,) = await desk.stored()
    assert [len(row["content"]) for row in table["content"]] == [4, 4, 4, 4]
    await desk.page.locator("#editor-text td").nth(0).click()
    await desk.page.keyboard.down("Shift")
    await desk.page.locator("#editor-text td").nth(1).click()
    await desk.page.keyboard.up("Shift")
    await desk.page.click("#side-block button:has-text('Mesclar células')")
    (table,) = await desk.stored()
    assert table["content"][0]["content"][0]["attrs"] == {"colspan": 2}
    await desk.page.check("#block-field-header_column")
    (table,) = await desk.stored()
    assert table["attrs"]["header_column"] is True
    assert await desk.visitor.axe() == []


async def test_a_save_that_is_refused_keeps_the_blocks(app: Litestar, author: Account, desk: Desk) -> None:
    post = await make_post(app, author, content=blocks("Um."), content_format="blocks/1")
    await desk.sit_down(f"/admin/posts/{post.number}")
    await desk.page.click("#editor-text p")
    await desk.press("Control+End")
    await desk.type(" Trabalho de horas.")
    await desk.page.evaluate("document.querySelector('#slug').closest('details').open = true")
    await desk.page.fill("#slug", "???")
    await desk.press("Control+s")
    await desk.page.wait_for_selector("#save-state.failed")
    assert "Trabalho de horas." in await desk.page.inner_text("#editor-text")
    await desk.page.fill("#slug", "")
    await desk.press("Control+s")
    await desk.page.wait_for_selector("#save-state:not(.failed):not(.dirty) time")
    assert "Trabalho de horas." in (await _post(app, post.number)).content


async def test_two_versions_are_merged_in_the_editor(app: Litestar, author: Account, desk: Desk) -> None:
    post = await make_post(app, author, content=blocks("Sal."), content_format="blocks/1")
    page = desk.page
    await desk.sit_down(f"/admin/posts/{post.number}")
    other = await page.context.new_page()
    await other.goto(f"/admin/posts/{post.number}")
    for tab, words in ((other, " Menos sal."), (page, " E pimenta.")):
        await tab.click("#editor-text p")
        await tab.keyboard.press("Control+End")
        await tab.keyboard.type(words)
        await tab.keyboard.press("Control+s")
        if tab is other:
            await tab.wait_for_selector("#save-state:not(.dirty) time")
    await page.wait_for_selector("#merge")
    assert "Menos sal." in await page.inner_text("#theirs")
    await page.click("#editor-text p")
    await desk.press("Control+End")
    await desk.type(" Menos sal.")
    await page.click("#merge .btn-main")
    await page.wait_for_selector("form[data-writing]")
    assert "Sal. E pimenta. Menos sal." in (await _post(app, post.number)).content


async def test_the_screen_fits_a_phone(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await desk.sit_down()
    await page.click("#editor-text")
    await desk.add("botao")
    await desk.settings("text")
    await desk.type("Ligar")
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert await desk.visitor.axe() == []
    await page.click(".narrow-back")
    assert await page.evaluate("document.activeElement.id") == "editor-text"
    assert (await desk.stored())[0]["attrs"]["text"] == "Ligar"
    assert desk.visitor.complaints == []
