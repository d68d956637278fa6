"""From HTML to blocks and back: structure is kept where blocks have it, and no word is ever lost."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.content import clean_html
from core.content.blocks.clean import clean_blocks, decode
from core.content.blocks.compile import compile_document
from core.content.blocks.from_html import html_to_blocks
from core.content.pieces import outline_of
from core.hooks import use_plan
from core.plugins import Loader
from core.text import plain_text
from tests.core.content.blocks import block, p, text
from tests.core.content.test_formats import EVIL, Inspector
from tests.core.content.world import HOOKS


def blocks_of(html: str) -> list[dict[str, Any]]:
    """Return blocks without their ids."""
    made = html_to_blocks(html)
    assert clean_blocks(made) == made
    found: list[dict[str, Any]] = json.loads(made)["doc"]["content"] if made else []
    for each in found:
        each["attrs"].pop("id")
        if not each["attrs"]:
            del each["attrs"]
    return found


PLAN = Loader(core=HOOKS, points=()).load().platform_plan()
LINK = {"type": "link", "attrs": {"href": "https://example.org/a", "title": "A"}}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>um  <b>dois</b>\n<br>três</p>", [p("um ", text("dois", "bold"), {"type": "hard_break"}, "três")]),
        ('<p class="has-text-align-center"><a href="https://example.org/a" title="A"><em>x</em></a></p>', [p(text("x", LINK, "italic"), align="center")]),
        ("solto <i>e</i> livre<p>depois", [p("solto ", text("e", "italic"), " livre"), p("depois")]),
        ("<h1>T</h1><h3 id=sinais>S</h3>", [block("heading", "T"), block("heading", "S", anchor="sinais", level=3)]),
        ("<ul><li>a<ol start=3><li>b</ol><li><p>c</p></ul>", [block("bullet_list", block("list_item", p("a"), block("ordered_list", block("list_item", p("b")), start=3)), block("list_item", p("c")))]),
        ("<blockquote><p>q</p><cite>Ana</cite></blockquote>", [block("quote", p("q"), citation="Ana")]),
        ('<pre class="wp-block-code"><code class="language-python">a &lt; b\n  c</code></pre>', [block("code", "a < b\n  c", language="python")]),
        ("<p>a</p><!--more--><p>b</p><!--nextpage--><hr>", [p("a"), block("more"), p("b"), block("page_break"), block("separator")]),
        ('<figure class="wp-block-image alignwide"><img src="/media/12/x.jpg" alt="X"><figcaption>L <b>b</b></figcaption></figure>', [block("image", "L ", text("b", "bold"), media=12, alt="X", align="wide")]),
        ('<p>antes <a href="/x"><img src="https://example.org/y.png" alt=""></a> depois</p>', [p("antes"), block("image", src="https://example.org/y.png", link="/x"), p("depois")]),
        ('<ul class="wp-block-gallery columns-2"><li><figure><img src="/media/1/a.jpg"><figcaption>um</figcaption></figure></li><li><img src="/media/2/b.jpg" alt="B"></li></ul>', [block("gallery", columns=2, images=[{"media": 1, "caption": "um"}, {"media": 2, "alt": "B"}])]),
        ("<p>https://youtu.be/abc</p>", [block("embed", url="https://youtu.be/abc")]),
        ('<figure class="wp-block-embed"><div class="wp-block-embed__wrapper"><a href="https://vimeo.com/1">https://vimeo.com/1</a></div><figcaption>F</figcaption></figure>', [block("embed", url="https://vimeo.com/1", caption="F")]),
        ('<div class="wp-block-buttons"><div class="wp-block-button is-style-outline"><a class="wp-block-button__link" href="/b">B</a></div></div>', None),
        ('<div class="wp-block-columns"><div class="wp-block-column"><p>a</p></div><div class="wp-block-column"><p>b</p></div></div>', [block("columns", block("column", p("a")), block("column", p("b")))]),
        ("<table><thead><tr><th>A<th>B</thead><tbody><tr><th>1<td>2</table>", [block("table", block("table_row", block("table_cell", p("A")), block("table_cell", p("B"))), block("table_row", block("table_cell", p("1")), block("table_cell", p("2"))), header_column=True)]),
        ("<dl><dt>a</dt><dd>b</dd></dl>", [block("html", html="<dl><dt>a</dt><dd>b</dd></dl>")]),
        ("[gallery ids=&quot;1,2&quot;]", [block("shortcode", name="gallery", attrs_text='ids="1,2"')]),
        ('<p>a [embed]https://example.org/[/embed] b</p>', [block("html", html="<p>a [embed]https://example.org/[/embed] b</p>")]),
        ("<p> </p>\n<div></div>", []),
    ],
)  # fmt: skip
async def test_html_becomes_blocks(site: Any, html: str, expected: list[dict[str, Any]] | None) -> None:
    found = blocks_of(html)
    for each in found:
        for column in each.get("content", ()) if each["type"] == "columns" else ():
            for inner in column["content"]:
                inner.pop("attrs")
    if expected is None:
        assert [each["type"] for each in found] == ["button"]
        assert found[0]["attrs"] == {"text": "B", "url": "/b", "style": "outline"}
    else:
        assert found == expected


def words(html: str) -> list[str]:
    """Return what a reader sees of HTML, letter by letter but for white space."""
    return list(re.sub(r"[\s“”]+", "", plain_text(html)))


_TAGS = st.sampled_from(
    [
        "p",
        "h1",
        "h3",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "table",
        "tr",
        "td",
        "th",
        "caption",
        "figure",
        "figcaption",
        "div",
        "section",
        "aside",
        "dl",
        "dt",
        "dd",
        "details",
        "summary",
        "a",
        "b",
        "em",
        "span",
        "q",
        "cite",
        "br",
        "hr",
        "img",
        "sup",
    ]
)


@st.composite
def markup(draw: Any) -> str:
    out = []
    for _ in range(draw(st.integers(1, 14))):
        kind = draw(st.integers(0, 3))
        tag = draw(_TAGS)
        classes = draw(
            st.sampled_from(
                [
                    "",
                    "",
                    "wp-block-columns",
                    "wp-block-column",
                    "wp-block-gallery",
                    "callout",
                    "callout-title",
                    "button",
                ]
            )
        )
        attrs = f' class="{classes}"' if classes else ""
        attrs += ' href="/x"' if tag == "a" else ' src="/media/1/a.jpg"' if tag == "img" else ""
        out.append(
            f"<{tag}{attrs}>"
            if kind < 2
            else f"</{tag}>"
            if kind == 2
            else draw(st.text("abç <&[]", max_size=6)).replace("<", "&lt;")
        )
    return "".join(out)


@settings(max_examples=400, deadline=None)
@given(markup())
def test_no_word_is_lost(html: str) -> None:
    with use_plan(PLAN):
        made = html_to_blocks(html)
        shown = outline_of(compile_document(decode(made).doc)) if made else ""
    assert words(shown) == words(clean_html(html))


@pytest.mark.parametrize("evil", EVIL)
async def test_nothing_dangerous_becomes_blocks(site: Any, evil: str) -> None:
    made = html_to_blocks(evil)
    if made:
        Inspector().feed(outline_of(compile_document(decode(made).doc)))
