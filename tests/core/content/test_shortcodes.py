"""Shortcodes in HTML and in blocks; plugins that bring them, and are switched off."""

import logging
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from core.content import get_post, render, used_in
from core.contract.content import Reading, Shortcode, ShortcodeUse
from core.db import tenant_read
from core.media import create_media
from core.sites import disable_plugin, enable_plugin
from tests.core.content.blocks import block, doc
from tests.core.content.things import make, probe
from tests.core.media.test_media import picture

CALLS: list[int] = []


class Options(msgspec.Struct, frozen=True, kw_only=True):
    tone: str = "calm"
    size: int = 1
    words: tuple[str, ...] = ()


async def box(uses: Sequence[ShortcodeUse]) -> Sequence[str]:
    CALLS.append(len(uses))
    return [
        f"<div class=box-{use.attrs.size}>{use.attrs.tone}:{use.body}:{'+'.join(use.attrs.words)}</div>"
        for use in uses
    ]


async def breaks(uses: Sequence[ShortcodeUse]) -> Sequence[str]:
    raise ValueError("never mind")


BRINGS = [
    Shortcode(name="box", title="Box", attrs=Options, render=box),
    Shortcode(name="breaks", title="Breaks", attrs=Options, render=breaks, block=False),
]


@pytest.fixture
async def boxed(make_world: Any) -> Any:
    CALLS.clear()
    return await make_world(probe("caixa", register_shortcodes=lambda: BRINGS))


async def html_of(content: str, **fields: Any) -> str:
    return (await render(await make(content=content, **fields))).html


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("<p>[box]</p>", "<div class=box-1>calm::</div>"),
        ("<p>[box tone=“x” size='3']</p>", "<div class=box-3>x::</div>"),
        ("<p>a [box size=2]<b>c</b>[/box] d</p>", "<p>a <div class=box-2>calm:<b>c</b>:</div> d</p>"),
        ("<p>[box]</p><p>dentro</p><p>[/box]</p>", "<div class=box-1>calm:<p>dentro</p>:</div>"),
        ("[box][box size=2]x[/box][/box]", "<div class=box-1>calm:<div class=box-2>calm:x:</div>:</div>"),
        ("[box um dois]", "<div class=box-1>calm::um+dois</div>"),
        ("[box size=grande]", "<div class=box-1>calm::</div>"),
        ("<p>[[box]] e [sic] e [1]</p>", "<p>[box] e [sic] e [1]</p>"),
        ("<pre>[box]</pre><p><code>[box]</code></p>", "<pre>[box]</pre><p><code>[box]</code></p>"),
        ('<p title="[box]">x</p>', '<p title="[box]">x</p>'),
        ("<p>x[/box]</p>", "<p>x[/box]</p>"),
        ("<p>a[breaks]b[/breaks]c</p>", "<p>abc</p>"),
    ],
)
async def test_shortcodes_in_html(boxed: Any, content: str, shown: str, caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL)
    with boxed.on("alfa", await boxed.person("administrator")):
        async with tenant_read():
            assert (await html_of(content)).replace("\n", "") == shown


async def test_all_of_one_name_and_level_are_one_call(boxed: Any) -> None:
    with boxed.on("alfa", await boxed.person("administrator")):
        async with tenant_read():
            await html_of("[box][box][box]x[/box]")
    assert sum(CALLS) == 3
    assert len(CALLS) <= 2


async def test_there_is_an_end_to_nesting_and_to_numbers(boxed: Any) -> None:
    with boxed.on("alfa", await boxed.person("administrator")):
        async with tenant_read():
            deep = "[box]" + "[box]" * 20 + "x" + "[/box]" * 21
            assert (await html_of(deep)).count("<div") == 5
            assert "[box]" in await html_of("[box] " * 3000)


async def test_a_plugin_that_is_off_loses_nothing(boxed: Any) -> None:
    with boxed.on("alfa", await boxed.person("administrator")):
        async with tenant_read():
            html = await make(content="<p>[box size=2]corpo[/box]</p>")
            blocks = await make(
                content=doc(block("shortcode", name="box", attrs_text="size=2", body="<b>corpo</b>")),
                content_format="blocks/1",
            )
            assert (await render(blocks)).html == "<div class=box-2>calm:<b>corpo</b>:</div>"
            assert {use.number for use in await used_in("shortcode", "box")} == {html.number, blocks.number}
    with boxed.on("alfa"):
        async with tenant_read():
            await disable_plugin("caixa")
    with boxed.active():
        await boxed.tenants.refresh(force=True)
    with boxed.on("alfa", await boxed.person("administrator")):
        async with tenant_read():
            assert (await render(html)).html == "<p>[box size=2]corpo[/box]</p>"
            assert (await render(blocks)).html == "<b>corpo</b>"
            assert "[box]" in (await render(blocks, reading=Reading(notes=True))).html
            assert (await get_post(blocks.id)).content == blocks.content
    with boxed.on("alfa"):
        async with tenant_read():
            await enable_plugin("caixa")
    with boxed.active():
        await boxed.tenants.refresh(force=True)
    with boxed.on("alfa", await boxed.person("administrator")):
        async with tenant_read():
            assert (await render(blocks)).html == "<div class=box-2>calm:<b>corpo</b>:</div>"


async def test_those_of_wordpress(site: Any, statements: Any) -> None:
    one, two = await create_media(picture(), "a.png"), await create_media(picture(), "b.png")
    post = await make(
        content=f'[gallery ids="{two.number},{one.number},77" columns=2][gallery ids="{one.number}"]'
        '[caption align="alignright"]<img src="/x.png" alt="X"> Legenda[/caption][audio src="/a.mp3"]'
        "[video mp4=javascript:alert(1)][embed]https://youtu.be/abc[/embed]"
    )
    with statements() as seen:
        html = (await render(post)).html
    assert len(seen) == 2  # pictures, embeds
    assert html.index("/media/2/") < html.index("/media/1/")
    assert '<figure class="wp-caption alignright"><img src="/x.png"' in html
    assert '<audio src="/a.mp3" controls' in html
    assert "javascript" not in html
    assert 'class="embed embed-video"' in html
    assert "Legenda" in post.summary
    assert "[gallery" not in post.summary
