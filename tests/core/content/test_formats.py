"""One allow-list for what people write (control IO01), and what survives it."""

import re
import time
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.content import (
    change_status,
    clean_html,
    convert_wordpress,
    create_post,
    list_posts,
    present,
    render,
)
from core.content.formats import split_parts
from core.contract.content import ListingQuery, PostData
from core.errors import Invalid, NotFound
from tests.core.content.things import make

EVIL = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//e.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img src=x:x onerror=alert(1)//",
    '<img """><script>alert(1)</script>">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    "<a href=vbscript:x>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object><embed src=//e.example>",
    "<form action=javascript:alert(1)><button>x</button><input type=image src=x onerror=alert(1)></form>",
    "<video><source onerror=alert(1)></video>",
    "<video poster=javascript:alert(1) src=javascript:alert(1)></video>",
    "<img srcset='javascript:alert(1) 1x, x 2x'>",
    "<body onload=alert(1)>",
    "<base href=//e.example>",
    "<link rel=stylesheet href=//e.example>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<style>@import 'javascript:alert(1)'</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p hx-get=/admin hx-trigger=load data-hx-post=/x>x</p>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<xmp><img title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<!--more--><img src=x onerror=alert(1)><!--nextpage--><script>1</script>",
    "<a title='<!--more-->' onclick=alert(1)>x</a>",
    '<a title="<!--nextpage--><script>alert(1)</script>">x</a>',
    "<details ontoggle=alert(1) open>x</details>",
    "<select><template><img src=x onerror=alert(1)></template></select>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<p id=cookie class='v-menu htmx-swapping js-x'>x</p>",
    "<a name=location id=document>x</a>",
    "<img usemap=#m><map name=m><area href=javascript:alert(1)></map>",
    "<table background=javascript:alert(1)><td background=javascript:alert(1)>x</table>",
    "<q cite=javascript:alert(1)>x</q>",
    "<" * 300,
    "<p>" * 2000,
]
FORBIDDEN_TAGS = {
    "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "button", "base", "link",
    "meta", "template", "noscript", "textarea", "select", "title", "area", "map", "xmp", "body", "html", "head",
}  # fmt: skip


class Inspector(HTMLParser):
    """Reads HTML as a browser would begin to, and refuses what must not be in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert tag not in FORBIDDEN_TAGS, tag
        for name, value in attrs:
            assert not name.startswith(("on", "data-", "hx-")) and name not in ("style", "srcdoc", "name"), (
                name
            )
            if name in ("href", "src", "poster", "cite"):
                compact = re.sub(r"[\x00-\x20]", "", value or "").lower()
                assert not re.match(r"(javascript|data|vbscript):", compact), value
            if name == "id":
                self.ids.append(value)
                assert value.startswith("c-"), value
            if name == "class":
                assert not any(part.startswith(("v-", "htmx-", "js-")) for part in value.split())


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_that_runs_survives(evil: str) -> None:
    for text in (evil, f"<p>{evil}", f"<ul><li>{evil}</table>", f"<a href='{evil}'>"):
        cleaned = clean_html(text)
        Inspector().feed(cleaned)
        assert clean_html(cleaned) == cleaned


_PIECES = st.sampled_from(
    [
        *EVIL[:-2],
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<b>",
        "</i>",
        "<!--more-->",
        "<!--nextpage-->",
        "x",
        "&lt;",
        "'",
        '"',
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text("<>/=\"' abim&;#!-", max_size=12)), max_size=12).map("".join))
@example("<a href='<!--more-->x'>")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    cleaned = clean_html(text)
    Inspector().feed(cleaned)
    assert clean_html(cleaned) == cleaned


def test_what_editors_need_stays() -> None:
    kept = (
        '<h2 id="c-dose" class="wp-block-heading has-text-align-center">Dose</h2>'
        '<p lang="ar" dir="rtl">مرحبا <abbr title="x">OMS</abbr> <sup>2</sup></p>'
        '<figure class="alignwide"><img src="/media/1/a.jpg" alt="A" width="10" height="20" loading="lazy"'
        ' srcset="/media/1/a.jpg 1x, https://example.org/b.jpg 2x" sizes="100vw"><figcaption>C</figcaption></figure>'
        '<table><thead><tr><th scope="col" colspan="2">T</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>'
        '<dl><dt>d</dt><dd>e</dd></dl><details open=""><summary>s</summary>x</details>'
        '<ol start="3" reversed="" type="a"><li value="4">x</li></ol>'
        '<audio src="/a.mp3" controls="" preload="none"></audio>'
        '<video src="/a.mp4" poster="/p.jpg" controls="" playsinline=""><track src="/t.vtt" kind="captions" srclang="pt"></video>'
        '<blockquote cite="https://example.org">q</blockquote><del datetime="2026-01-01">x</del><mark>m</mark>'
    )
    assert clean_html(kept) == kept
    assert clean_html('<a href="tel:+5511999">t</a>') == '<a href="tel:+5511999" rel="noopener">t</a>'
    assert (
        clean_html('<p id="a">x</p><a href="#a">y</a>')
        == '<p id="c-a">x</p><a href="#c-a" rel="noopener">y</a>'
    )


def test_marks_survive_and_other_comments_go() -> None:
    assert clean_html("<p>a</p><!-- x --><!--more Read on--><p>b</p><!-- nextpage --><p>c</p>") == (
        "<p>a</p><!--more--><p>b</p><!--nextpage--><p>c</p>"
    )
    assert split_parts("a<!--more-->b<!--nextpage-->c") == (("a", "b"), ("c", None))


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800", "x\x08", "\ufffe"])
async def test_what_cannot_be_stored_is_refused_in_every_field(site: Any, bad: str) -> None:
    for field in ("title", "content", "excerpt"):
        with pytest.raises(Invalid) as caught:
            await create_post(PostData(**{"title": "x", field: bad}))
        assert field in caught.value.errors


async def test_too_long_is_refused_and_never_cut(site: Any) -> None:
    with pytest.raises(Invalid):
        await make("x" * 1001)
    with pytest.raises(Invalid):
        await make(content="x" * 1_000_001)
    post = await make("x" * 1000)
    assert len(post.title) == 1000


@pytest.mark.parametrize(
    "deep",
    ["<pre>" * 600, "<div></x>" * 600, "<b>" * 300 + "x</i>" * 300 + "<EM>" * 300, "<ul><li>" * 600],
)
async def test_nesting_that_no_page_has_is_refused(site: Any, deep: str) -> None:
    with pytest.raises(Invalid) as caught:  # the parser takes the square of it
        await make(content=deep)
    assert "content" in caught.value.errors


@pytest.mark.parametrize(
    "long",
    ["<p>um" * 900, "<ul>" + "<li>um<br>" * 900, "<p>um</p>" * 900, "<div><b>um</b></div>" * 900],
)
async def test_long_content_with_elements_that_nobody_ends_is_taken(site: Any, long: str) -> None:
    assert (await make(content=long)).content.count("um") == 900


async def test_paged_posts_come_part_by_part(site: Any) -> None:
    post = await make(content="<p>um</p><!--nextpage--><p>dois</p><!--nextpage--><p>três</p>")
    post = await change_status(post.id, "publish")
    assert [(await render(post, n)).html for n in (1, 2, 3)] == ["<p>um</p>", "<p>dois</p>", "<p>três</p>"]
    assert (await render(post, 2)).pages == 3
    for part in (0, 4, -1):
        with pytest.raises(NotFound):
            await render(post, part)
    (shown,) = await present([post], html="full", part=3)
    assert (shown.page, shown.pages, shown.html) == (3, 3, "<p>três</p>")


async def test_what_is_stored_is_cleaned_again_when_it_is_shown(site: Any) -> None:
    from core.content import get_post
    from core.db import execute, tenant_work

    post = await make()
    async with tenant_work():
        await execute(
            "UPDATE posts SET content = {} WHERE tenant_id = {tenant} AND id = {}",
            "<script>1</script><p>x</p>",
            post.id,
        )
    assert (await render(await get_post(post.id))).html == "<p>x</p>"


async def test_summaries_come_from_the_excerpt_or_the_beginning(site: Any) -> None:
    words = " ".join(f"palavra{i}" for i in range(80))
    long = await make(content=f"<h2>Título</h2><p>{words}</p>")
    assert (
        long.summary.startswith("Título palavra0") and long.summary.endswith("palavra53 …") and long.has_more
    )
    by_hand = await make(content="<p>x</p>", excerpt="À mão & bem")
    assert (by_hand.summary, by_hand.has_more) == ("À mão & bem", True)
    more = await make(content="<p>antes</p><!--more--><p>depois</p>")
    assert (more.summary, more.has_more) == ("antes", True)
    short = await make(content="<p>curto</p>")
    assert (short.summary, short.has_more) == ("curto", False)


async def test_a_format_that_nobody_can_show_shows_nothing(site: Any, caplog: Any) -> None:
    from core.content import get_post
    from core.db import execute, tenant_work

    post = await make()
    async with tenant_work():
        await execute(
            "UPDATE posts SET content_format = 'blocks/9' WHERE tenant_id = {tenant} AND id = {}", post.id
        )
    assert (await render(await get_post(post.id))).html == ""
    assert "blocks/9" in caplog.text


@pytest.mark.parametrize(
    "piece",
    [
        "&",
        "<!--",
        "<!--more",
        "<!-- wp:a {",
        "<a ",
        "<a href='",
        "[caption ",
        '[audio "',
        "<b>",
        "<pre>",
        "<div><p>",
        "<table><tr><td>",
        "<!--nextpage-->",
    ],
)
def test_no_text_takes_the_square_of_its_length(piece: str) -> None:
    """A writer's text, or an import's, can't hold up the site: a bound against minutes, not a measurement."""
    text = piece * (200_000 // len(piece))
    start = time.perf_counter()
    with suppress(Invalid):  # what is nested too deeply is not taken at all
        clean_html(convert_wordpress(text))
    assert time.perf_counter() - start < 5


async def test_large_texts_are_saved_and_found(site: Any) -> None:
    post = await make("Livro", "<p>" + "palavra " * 9000 + "agulha</p>")
    assert len(post.content) > 60_000 and post.summary.endswith(" …")
    listed = await list_posts(ListingQuery(statuses=("draft",), search="agulha"), "admin")
    assert [p.id for p in listed.items] == [post.id]
