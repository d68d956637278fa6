"""The format `blocks/1`: what is stored, what is refused and how it is shown."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.content import content_text, list_posts, render, render_parts, update_post
from core.content.blocks.clean import clean_blocks, decode
from core.content.blocks.compile import compile_document
from core.content.pieces import outline_of
from core.contract.content import ListingQuery, PostData, Reading
from core.db import execute, tenant_work
from core.errors import Invalid
from core.media import create_media
from tests.core.content.blocks import block, doc, p, text
from tests.core.content.test_formats import EVIL, Inspector
from tests.core.content.things import make
from tests.core.media.test_media import picture

LINK = {"type": "link", "attrs": {"href": "https://example.org/a"}}


def shown(*blocks: dict[str, Any]) -> str:
    """Return the HTML of blocks that need nothing from elsewhere."""
    return outline_of(compile_document(decode(clean_blocks(doc(*blocks))).doc))


def cell(*words: str, **attrs: Any) -> dict[str, Any]:
    return block("table_cell", *(p(each) for each in words), **attrs)


@pytest.mark.parametrize(
    ("given_block", "html"),
    [
        (p("a < b & ", text("c", "bold", "italic")), "<p>a &lt; b &amp; <strong><em>c</em></strong></p>"),
        (p("x", {"type": "hard_break"}, "y", align="center"), '<p class="has-text-align-center">x<br>y</p>'),
        (
            p(text("um", LINK), text("dois", "bold", LINK), " três"),
            '<p><a href="https://example.org/a" rel="noopener">um<strong>dois</strong></a> três</p>',
        ),
        (
            p(text("ici", {"type": "lang", "attrs": {"lang": "fr"}}), text("2", "sup")),
            '<p><span lang="fr">ici</span><sup>2</sup></p>',
        ),
        (block("heading", "Sinais", level=3, anchor="sinais"), '<h3 id="c-sinais">Sinais</h3>'),
        (
            p(text("abaixo", {"type": "link", "attrs": {"href": "#sinais"}})),
            '<p><a href="#c-sinais">abaixo</a></p>',
        ),
        (block("bullet_list", block("list_item", p("um"))), "<ul><li>um</li></ul>"),
        (
            block(
                "ordered_list",
                block("list_item", p("um"), block("bullet_list", block("list_item", p("x")))),
                start=3,
            ),
            '<ol start="3"><li>um<ul><li>x</li></ul></li></ol>',
        ),
        (
            block("bullet_list", block("list_item", p("um"), p("dois"))),
            "<ul><li><p>um</p><p>dois</p></li></ul>",
        ),
        (
            block("quote", p("Beba água."), citation="Dra. Ana <3"),
            '<blockquote><p>Beba água.</p><p class="citation"><cite>Dra. Ana &lt;3</cite></p></blockquote>',
        ),
        (
            block("code", "if a < b:\n    x", language="python"),
            '<pre tabindex="0"><code class="language-python">if a &lt; b:\n    x</code></pre>',
        ),
        (
            block(
                "table",
                block("table_row", cell("A"), cell("B", align="right")),
                block("table_row", cell("1"), cell("2", "3", colspan=2)),
                caption="Doses",
                header_column=True,
            ),
            (
                '<div class="table-scroll" tabindex="0"><table><caption>Doses</caption>'
                '<thead><tr><th scope="col">A</th><th scope="col" class="has-text-align-right">B</th></tr></thead>'
                '<tbody><tr><th scope="row">1</th><td colspan="2"><p>2</p><p>3</p></td></tr></tbody></table></div>'
            ),
        ),
        (
            block(
                "image",
                "Le",
                text("genda", "bold"),
                src="https://example.org/x.jpg",
                alt="Um mosquito",
                align="wide",
            ),
            (
                '<figure class="media alignwide"><img src="https://example.org/x.jpg" alt="Um mosquito" loading="lazy"'
                ' decoding="async"><figcaption>Le<strong>genda</strong></figcaption></figure>'
            ),
        ),
        (block("image"), ""),
        (
            block("button", text="Marcar", url="/marcar?a=1&b=2", style="outline", align="center"),
            '<p class="buttons has-text-align-center"><a class="button button-outline" href="/marcar?a=1&amp;b=2">Marcar</a></p>',
        ),
        (
            block("columns", block("column", p("a"), width=33), block("column", block("separator"))),
            (
                '<div class="columns columns-2"><div class="column column-33"><p>a</p></div>'
                '<div class="column"><hr></div></div>'
            ),
        ),
        (
            block("callout", p("Procure ajuda."), tone="danger", title="Atenção"),
            (
                '<aside class="callout callout-danger" role="note"><p class="callout-title">Atenção</p>'
                "<p>Procure ajuda.</p></aside>"
            ),
        ),
        (block("html", html="<dl><dt>a<dd onclick=x>b</dl><!--more-->"), "<dl><dt>a</dt><dd>b</dd></dl>"),
    ],
)
def test_each_block_has_its_html(given_block: dict[str, Any], html: str) -> None:
    assert shown(given_block).replace("\n<", "<").strip() == html


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        ([p("a"), {"type": "script"}], "Bloco 2 (type): Invalid value 'script'"),
        ([p("a"), p("b"), block("heading", "x", level=1)], "Bloco 3 (attrs.level)"),
        ([p("a", evil="1")], "unknown field"),
        ([p(text("a", "blink"))], "Invalid value 'blink'"),
        (
            [block("columns", block("column", block("columns")), block("column", p("a")))],
            "Invalid value 'columns'",
        ),
        ([block("columns", block("column", block("page_break")), block("column", p("a")))], "page_break"),
        (
            [block("bullet_list", block("list_item", block("bullet_list", block("list_item", p("a")))))],
            "parágrafo",
        ),
        ([p(text("a", {"type": "link", "attrs": {"href": "javascript:alert(1)"}}))], "Bloco 1 (paragraph)"),
        ([p(text("a", {"type": "link", "attrs": {"href": "java\tscript:alert(1)"}}))], "Bloco 1 (paragraph)"),
        ([block("button", text="x", url="data:text/html,x")], "Bloco 1 (button)"),
        ([block("image", src="javascript:alert(1)")], "Bloco 1 (image)"),
        ([block("embed", url="ftp://example.org/")], "Bloco 1 (embed)"),
        ([p("a\x00b")], "Bloco 1 (paragraph)"),
        ([block("code", text("x", "bold"))], "marks"),
        ([p("x")] * 5001, "5000"),
    ],
)
def test_what_is_wrong_names_its_block(blocks: list[dict[str, Any]], told: str) -> None:
    with pytest.raises(Invalid) as caught:
        clean_blocks(doc(*blocks))
    assert told in caught.value.errors["content"]


@pytest.mark.parametrize(
    "sent", ["{", "[]", '{"version":2,"doc":{"type":"doc"}}', "x" * 1_000_001, "[" * 100_000]
)
def test_what_is_no_document_is_refused(sent: str) -> None:
    with pytest.raises(Invalid):
        clean_blocks(sent)


def test_blocks_nest_so_far_and_no_further() -> None:
    def nested(depth: int) -> dict[str, Any]:
        inner = block("list_item", p("x"), *([nested(depth - 1)] if depth else []))
        return block("bullet_list", inner)

    clean_blocks(doc(nested(3)))
    for depth in (8, 60):
        with pytest.raises(Invalid):
            clean_blocks(doc(nested(depth)))


def test_a_document_has_one_shortest_form() -> None:
    long = doc(
        p(text("a"), text("b"), text("c", "bold"), text("d", "bold"), align="", id=None),
        block("heading", "t", level=2, anchor="", id="abcd1234"),
        block("heading", "t", id="abcd1234"),
        block("image", media=4, src="https://example.org/x.png", decorative=True, alt="x"),
    )
    made = clean_blocks(long)
    first, second, third, image = json.loads(made)["doc"]["content"]
    assert first["content"] == [text("ab"), text("cd", "bold")]
    assert list(first["attrs"]) == ["id"]
    assert second["attrs"] == {"id": "abcd1234"}
    assert third["attrs"]["id"] != "abcd1234"
    assert image["attrs"].keys() == {"id", "media", "decorative"}
    assert clean_blocks(made) == made
    assert clean_blocks(long) == made
    assert clean_blocks(doc()) == clean_blocks(" ") == ""


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_dangerous_comes_out_of_any_place(evil: str) -> None:
    """IO01: what people type is text, and pieces of HTML go through the one list."""
    blocks = [
        p(evil, text(evil, "bold")),
        block("code", evil),
        block("html", html=evil),
        block("quote", p(evil)),
        block("image", evil, src="https://example.org/x.jpg"),
    ]
    line = " ".join(evil.split())[:900]
    blocks += [
        block("image", src="https://example.org/x.jpg", alt=line),
        block("quote", p("x"), citation=line),
        block("button", text=line, url="/"),
        block("callout", p("x"), title=line),
        block("table", block("table_row", cell(evil)), caption=line),
        p(text("x", {"type": "link", "attrs": {"href": "/", "title": line}})),
    ]
    Inspector().feed(shown(*blocks))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "attrs", "content", "marks", "text", "id", "href"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_a_document_or_a_clear_refusal(value: Any) -> None:
    sent = json.dumps({"version": 1, "doc": {"type": "doc", "content": [value]}})
    with suppress(Invalid):
        made = clean_blocks(sent)
        assert clean_blocks(made) == made


async def test_a_post_of_blocks_is_a_post_like_others(site: Any) -> None:
    post = await make(
        content=doc(
            p("Beba água e descanse."),
            block("more"),
            p("Dipirona só com orientação."),
            block("page_break"),
            block("heading", "Segunda parte"),
        ),
        content_format="blocks/1",
    )
    first, second = await render_parts(post)
    assert '<span id="more-' in first.html
    assert second.html.strip() == "<h2>Segunda parte</h2>"
    assert (await render(post, teaser=True)).html.strip() == "<p>Beba água e descanse.</p>"
    assert post.summary == "Beba água e descanse."
    assert post.has_more
    assert content_text(post) == "Beba água e descanse. Dipirona só com orientação. Segunda parte"
    found = await list_posts(ListingQuery(search="orientacao", statuses=("draft",)), "admin")
    assert [item.id for item in found.items] == [post.id]


async def test_a_refused_document_loses_nothing(site: Any) -> None:
    post = await make(content=doc(p("Antes.")), content_format="blocks/1")
    with pytest.raises(Invalid, match="content"):
        await update_post(post.id, PostData(content=doc({"type": "nada"})), version=post.version)
    assert "Antes." in (await render(post)).html


async def test_pictures_of_many_blocks_cost_one_query(site: Any, statements: Any) -> None:
    first = await create_media(picture(), "mosquito.png")
    second = await create_media(picture(), "sala.png")
    async with tenant_work():
        await execute(
            "UPDATE media SET alt_text = 'Um mosquito', caption = 'Da sala' WHERE tenant_id = {tenant}"
        )
    post = await make(
        content=doc(
            block("image", "Perto", media=first.number),
            block("image", media=first.number, alt="Outro", link="https://example.org/"),
            block("image", media=second.number, decorative=True),
            block("image", media=999),
            block(
                "gallery",
                images=[{"media": first.number}, {"media": second.number, "alt": "", "caption": "<i>"}],
                columns=2,
            ),
        ),
        content_format="blocks/1",
    )
    with statements() as seen:
        html = (await render(post)).html
    assert len(seen) == 1
    assert html.count('alt="Um mosquito"') == 2
    assert 'alt="Outro"' in html
    assert html.count('alt=""') == 2
    assert '<a href="https://example.org/" rel="noopener"><img' in html
    assert "<figcaption>Perto</figcaption>" in html
    assert "<figcaption>&lt;i&gt;</figcaption>" in html
    assert '<ul class="gallery columns-2 cropped">' in html
    assert "999" not in html
    assert "999" in (await render(post, reading=Reading(notes=True))).html
    assert "Perto" in post.summary

    plain = await make(content=doc(p("Só texto.")), content_format="blocks/1")
    with statements() as seen:
        await render(plain)
    assert seen == []
