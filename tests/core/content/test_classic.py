"""What WordPress keeps in content beside HTML becomes HTML once."""

from pathlib import Path
from typing import Any

import pytest

from core.content import clean_html, convert_wordpress, paragraphs
from core.contract.views import MediaView
from core.ids import new_id

EXPORT = Path(__file__).parents[4] / "shared" / "data" / "theme-unit-test.wxr.xml"


def image(number: int, **fields: Any) -> MediaView:
    values = {"title": f"I{number}", "alt": f"Alt {number}", "mime_type": "image/png"} | fields
    return MediaView(id=new_id(), number=number, url=f"/media/{number}/i.png", **values)


def test_blank_lines_make_paragraphs_and_line_breaks_breaks() -> None:
    assert paragraphs("Um\ndois\n\ntrês") == "<p>Um<br>\ndois</p>\n<p>três</p>"
    assert paragraphs("  \n\n ") == ""
    assert paragraphs("a\r\n\r\nb") == "<p>a</p>\n<p>b</p>"
    assert paragraphs("x<br />\ny") == "<p>x<br />\ny</p>"


def test_blocks_stand_outside_of_paragraphs() -> None:
    assert paragraphs("a\n<h2>T</h2>\nb") == "<p>a</p>\n<h2>T</h2>\n<p>b</p>"
    assert paragraphs("<ul>\n<li>a</li>\n<li>b\n\nc</li>\n</ul>") == (
        "<ul><li>a</li>\n<li><p>b</p>\n<p>c</p>\n</li>\n</ul>"
    )
    assert paragraphs("<blockquote>a\n\nb</blockquote>") == "<blockquote><p>a</p>\n<p>b</p>\n</blockquote>"
    assert paragraphs("<p>já\né</p>") == "<p>já<br>\né</p>"
    assert paragraphs("a\n<!--more-->\nb") == "<p>a</p>\n<!--more-->\n<p>b</p>"


def test_verbatim_text_stays_as_it_is() -> None:
    code = "<pre>um\n\n  dois &lt;p&gt;\n</pre>"
    assert paragraphs(f"a\n\n{code}\n\nb") == f"<p>a</p>\n{code}\n<p>b</p>"


def test_a_caption_is_a_figure() -> None:
    text = (
        '[caption id="x" align="alignleft" width="150"]<a href="/b"><img src="/a.png" alt="A"></a>'
        " Uma <em>legenda</em>[/caption]"
    )
    assert clean_html(convert_wordpress(f"antes\n\n{text}\n\ndepois")).replace("\n", "") == (
        '<p>antes</p><figure class="wp-caption alignleft"><a href="/b" rel="noopener"><img src="/a.png" alt="A"></a>'
        '<figcaption class="wp-caption-text">Uma <em>legenda</em></figcaption></figure><p>depois</p>'
    )
    old = convert_wordpress(
        '[caption align="aligncenter" caption="Só &quot;texto&quot;"]<img src="/a.png">[/caption]'
    )
    assert '<figcaption class="wp-caption-text">Só &quot;texto&quot;</figcaption>' in old


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('<p style="text-align: right;">a</p>', '<p class="has-text-align-right">a</p>'),
        ("<p style='color:red; TEXT-ALIGN:Center'>a</p>", '<p class="has-text-align-center">a</p>'),
        ('<h2 class="x" style="text-align:justify">a</h2>', '<h2 class="x has-text-align-justify">a</h2>'),
        ('<p style="color:red">a</p>', "<p>a</p>"),
        ('<p style="x-text-align:left">a</p>', "<p>a</p>"),
        ('<p data-style="text-align:left">a</p>', "<p>a</p>"),
    ],
)
def test_how_a_text_is_aligned_survives(written: str, shown: str) -> None:
    for text in (written, f"<!-- wp:paragraph -->\n{written}\n<!-- /wp:paragraph -->"):
        assert clean_html(convert_wordpress(text)).strip() == shown


def test_galleries_show_what_they_name_or_what_was_attached() -> None:
    images = {11: image(1), 12: image(2, caption="C & D"), 13: image(3, mime_type="application/pdf")}
    named = convert_wordpress('[gallery ids="12,11,13,99" columns="2"]', images=images)
    assert named.index("/media/2/") < named.index("/media/1/") and "columns-2" in named
    assert "/media/3/" not in named and "<figcaption>C &amp; D</figcaption>" in named
    for columns in ("²", "9" * 5000, "-1", ""):
        assert "columns-" in convert_wordpress(f'[gallery ids="12" columns="{columns}"]', images=images)
    attached = convert_wordpress("[gallery]", images=images, attached=[images[11]])
    assert attached.count("<img") == 1 and "columns-3" in attached and 'alt="Alt 1"' in attached
    assert convert_wordpress('[gallery exclude="11"]', images=images, attached=[images[11]]) == ""
    assert convert_wordpress("[gallery]") == ""


def test_players_and_embeds() -> None:
    assert '<audio src="https://e.example/a.mp3" controls>' in convert_wordpress(
        "[audio https://e.example/a.mp3]"
    )
    assert '<video src="/a.mp4" poster="/p.jpg" controls>' in convert_wordpress(
        '[video mp4="/a.mp4" poster="/p.jpg"][/video]'
    )
    link = '<a href="https://e.example/v?a=1&amp;b=2">https://e.example/v?a=1&amp;b=2</a>'
    assert convert_wordpress("[embed]https://e.example/v?a=1&b=2[/embed]") == f"<p>{link}</p>"
    assert (
        convert_wordpress("Veja:\n\nhttps://e.example/v?a=1&b=2\n\nfim")
        == f"<p>Veja:</p>\n<p>{link}</p>\n<p>fim</p>"
    )
    assert convert_wordpress("[audio]") == ""


@pytest.mark.parametrize("text", ["[unknown a=1]", "[[gallery]]", "uma [nota] qualquer", "[gallery"])
def test_other_brackets_are_text(text: str) -> None:
    assert convert_wordpress(text) == f"<p>{'[gallery]' if text == '[[gallery]]' else text}</p>"


def test_block_comments_go_and_what_is_in_them_stays() -> None:
    text = (
        "<!-- wp:paragraph -->\n<p>um</p>\n<!-- /wp:paragraph -->\n\nclássico\nno meio\n\n"
        '<!-- wp:group {"a":{"b":1}} --><div class="wp-block-group"><!-- wp:heading --><h2>T</h2><!-- /wp:heading --></div><!-- /wp:group -->'
        "<!-- wp:latest-posts /--><!-- wp:more -->\n<!--more-->\n<!-- /wp:more --><!-- wp:code --><pre>a\n\nb</pre><!-- /wp:code -->"
    )
    assert convert_wordpress(text) == (
        "<p>um</p>\n<p>clássico<br>\nno meio</p>\n"
        '<div class="wp-block-group">\n<h2>T</h2>\n</div>\n<!--more-->\n<pre>a\n\nb</pre>'
    )


def test_an_embed_block_becomes_a_link() -> None:
    text = (
        '<!-- wp:core-embed/youtube {"url":"https://e.example/v"} -->\n<figure class="wp-block-embed">'
        '<div class="wp-block-embed__wrapper">\nhttps://e.example/v\n</div><figcaption>V</figcaption></figure>\n'
        "<!-- /wp:core-embed/youtube -->"
    )
    assert '<a href="https://e.example/v">https://e.example/v</a>' in convert_wordpress(text)


@pytest.mark.skipif(not EXPORT.is_file(), reason="the public theme unit test file is not here")
def test_a_whole_export_comes_out_clean() -> None:
    import re

    text = EXPORT.read_text("utf-8")
    contents = re.findall(r"<content:encoded><!\[CDATA\[(.*?)\]\]></content:encoded>", text, re.S)
    assert len(contents) > 100
    for content in contents:
        made = clean_html(convert_wordpress(content))
        assert "<!-- wp:" not in made and "[caption " not in made and "[gallery " not in made
        assert clean_html(made) == made
        said = re.sub(r"\W+", "", re.sub(r"<[^>]+>|\[[^\]]*\]|<!--.*?-->", "", content, flags=re.S))[:40]
        if said and "<!--" not in content:
            assert said[:20] in re.sub(r"\W+", "", re.sub(r"<[^>]+>", "", made))
