"""Patterns: written once, shown in many posts as they are now; and converting a text there and back."""

from typing import Any

import pytest

from core.content import (
    change_status,
    convert_post,
    list_patterns,
    preview_block,
    render,
    restore_revision,
    revisions,
    update_post,
    used_in,
)
from core.contract.content import PostData, Reading
from core.errors import Conflict, Invalid
from tests.core.content.blocks import block, doc, p
from tests.core.content.things import make


async def pattern(*blocks: Any, title: str = "Aviso", publish: bool = True) -> Any:
    made = await make(title, doc(*blocks), type="pattern", content_format="blocks/1")
    return await change_status(made.id, "publish") if publish else made


def shows(number: int) -> str:
    return doc(p("Antes."), block("pattern", pattern=number))


async def test_a_post_shows_a_pattern_as_it_is_now(site: Any, statements: Any) -> None:
    aviso = await pattern(p("Procure ajuda."), block("page_break"), p("Já."))
    post = await make(content=shows(aviso.number), content_format="blocks/1")
    with statements() as seen:
        made = await render(post)
    assert len(seen) == 1
    assert "<p>Procure ajuda.</p>" in made.html
    assert made.pages == 1
    assert "Procure" not in post.summary
    aviso = await update_post(aviso.id, PostData(content=doc(p("Ligue 192."))), version=aviso.version)
    assert "Ligue 192." in (await render(post)).html
    assert [use.number for use in await used_in("pattern", str(aviso.number))] == [post.number]
    assert [entry.title for entry in await list_patterns("AVI")] == ["Aviso"]
    await change_status(aviso.id, "draft")
    assert "Ligue" not in (await render(post)).html
    assert 'role="note"' in (await render(post, reading=Reading(notes=True))).html
    assert await list_patterns("avi") == ()


async def test_a_pattern_never_shows_itself(site: Any) -> None:
    first = await pattern(p("um"))
    second = await pattern(p("dois"), block("pattern", pattern=first.number))
    for shown in (first, second):
        with pytest.raises(Invalid, match="content"):
            await update_post(first.id, PostData(content=shows(shown.number)), version=first.version)
    post = await make(content=shows(second.number), content_format="blocks/1")
    assert "<p>um</p>" in (await render(post)).html


async def test_a_text_goes_to_blocks_and_back(site: Any) -> None:
    html = '<p>Um <b>texto</b>.</p><dl><dt>a</dt><dd>b</dd></dl><p><a href="https://youtu.be/x">https://youtu.be/x</a></p>'
    post = await make(content=html)
    done = await convert_post(post.id, "blocks/1", version=post.version)
    assert done.content_format == "blocks/1"
    assert "<strong>texto</strong>" in (await render(done)).html
    with pytest.raises(Conflict):
        await convert_post(post.id, "html", version=post.version)
    back = await convert_post(post.id, "html", version=done.version)
    assert back.content_format == "html"
    assert "https://youtu.be/x" in back.content
    first = min(entry.number for entry in await revisions(post.id))
    again = await restore_revision(post.id, first, version=back.version)
    assert (again.content, again.content_format) == (post.content, "html")


async def test_a_preview_shows_one_block(site: Any) -> None:
    aviso = await pattern(p("Procure ajuda."))
    shown = await preview_block(b'{"type":"pattern","attrs":{"pattern":%d}}' % aviso.number)
    assert "Procure ajuda." in shown
    for wrong in (b'{"type":"paragraph"}', b"{", b'{"type":"separator"},{"type":"separator"}'):
        with pytest.raises(Invalid):
            await preview_block(wrong)
