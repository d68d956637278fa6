"""A post with every kind of block, as readers see it: both themes, day and night, desk and phone, and an embed opened."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.accounts import NewUser, create_user
from core.clock import now
from core.content import change_status, create_post
from core.content.embeds import digest_of_url
from core.contract.content import PostData
from core.db import execute, tenant_read, tenant_work
from core.ids import new_id
from core.media import create_media
from tests.chromium import Visitor
from tests.core.admin.test_media_picker import picture
from tests.core.content.blocks import block, doc, p, text

pytestmark = pytest.mark.browser

URL = "https://youtu.be/abc"
FRAME = "https://www.youtube-nocookie.com/embed/abc"
WORDS = "Dormir bem depende de uma sequência de decisões pequenas, e nenhuma delas é um remédio."
PICTURES = os.environ.get("VITRAL_PICTURES", "")


def cell(words: str) -> dict[str, Any]:
    return block("table_cell", p(words))


def every_block(pictures: list[int]) -> str:
    link = {"type": "link", "attrs": {"href": "https://example.org/"}}
    tones = [
        block("callout", p(WORDS), tone=tone, title=title)
        for tone, title in (("info", "Saiba"), ("success", "Bom"), ("warning", "Cuidado"), ("danger", "Pare"))
    ]
    return doc(
        p(
            "Um ",
            text("texto", "bold"),
            " com ",
            text("um link", link),
            " e ",
            text("marca", "highlight"),
            ".",
        ),
        block("heading", "Sinais", anchor="sinais"),
        block("bullet_list", block("list_item", p("um")), block("list_item", p("dois"))),
        block("quote", p(WORDS), citation="Ana"),
        block("code", "def dormir():\n    return 8", language="python"),
        block(
            "table",
            block("table_row", cell("Idade"), cell("Horas"), cell("Observação")),
            block("table_row", cell("0 a 3 meses"), cell("14 a 17"), cell(WORDS)),
            caption="Horas de sono",
        ),
        block("image", "Uma cama", media=pictures[0], alt="Cama", align="wide"),
        block("gallery", images=[{"media": n, "alt": "Cama"} for n in pictures], caption="Galeria"),
        block(
            "columns",
            block("column", p(WORDS), width=33),
            block("column", block("heading", "Dois", level=3), p(WORDS)),
        ),
        *tones,
        block("button", text="Marcar consulta", url="/marcar"),
        block("button", text="Saber mais", url="/saber", style="outline", align="center"),
        block("embed", url=URL, caption="Um vídeo"),
        block("embed", url="https://example.org/fora"),
        block("separator"),
    )


async def _post() -> str:
    async with tenant_work():
        await execute(
            "INSERT INTO embeds (id, tenant_id, digest, url, provider, title, author, frame_url, fetched_at)"
            " VALUES ({}, {tenant}, {}, {}, 'youtube', 'Como dormir', 'Ana', {}, {})",
            new_id(),
            digest_of_url(URL),
            URL,
            FRAME,
            now(),
        )
    author = await create_user(NewUser(email="autora@example.org", display_name="Autora", roles=("author",)))
    pictures = [
        (
            await create_media(
                picture(size=(900, 600), color=color), f"{color}.png", uploaded_by_id=author.id
            )
        ).number
        for color in ("teal", "navy", "olive")
    ]
    data = PostData(
        title="Todos os blocos", content=every_block(pictures), content_format="blocks/1", author_id=author.id
    )
    return (await change_status((await create_post(data)).id, "publish")).url


@pytest.mark.parametrize("theme", ["claro", "clinica"])
async def test_every_block_is_fit_to_read(visitor: Visitor, within: Callable[..., Any], theme: str) -> None:
    from core.sites import switch_theme

    with within("alfa"):
        async with tenant_read():
            await switch_theme(theme)
            url = await _post()
    page = visitor.page
    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 900})
        await page.goto(url)
        assert await visitor.axe() == []
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        if PICTURES:
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two
                await page.screenshot(path=Path(PICTURES) / f"{theme}-{width}-{scheme}.png", full_page=True)
    assert await page.locator("iframe").count() == 0
    await page.locator("a.embed-open").first.focus()
    await page.keyboard.press("Enter")
    frame = page.locator("iframe.embed-frame")
    assert await frame.get_attribute("src") == FRAME
    assert await frame.get_attribute("title") == "Como dormir"
    assert not [said for said in visitor.complaints if "policy" in said]
