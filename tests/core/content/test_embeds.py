"""Embeds: what providers say is checked, nothing of it is trusted, and readers ask nobody until they want to."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from core.content import embed_fetch, render
from core.content.embed_fetch import Hostile, fetch_embed, read_answer
from core.content.providers import PROVIDERS, provider_of
from core.contract.content import EmbedProvider
from core.http import Outbound, OutboundFailed
from tests.core.content.blocks import block, doc
from tests.core.content.things import make, probe
from tests.core.http.test_outbound import Server, says, sends_to, serving

TUBO = EmbedProvider(
    name="tubo",
    title="Tubo",
    urls=("tubo.test/v/*",),
    endpoint="http://tubo.test/oembed",
    frame_hosts=("player.tubo.test",),
)
URL = "https://tubo.test/v/1"


def answer(**changes: Any) -> bytes:
    made = {
        "type": "video",
        "version": "1.0",
        "title": "Sono & saúde <b>já</b>",
        "author_name": "Ana",
        "width": 400,
        "height": 300,
        "html": '<iframe src="https://player.tubo.test/e/1?a=1&amp;b=2" width="400"></iframe>',
    }
    return json.dumps({**made, **changes}).encode()


def http(body: bytes, status: int = 200) -> Any:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return says(head.encode() + body)


@pytest.fixture
async def site(make_world: Any) -> AsyncIterator[Any]:
    from core.db import tenant_read

    world = await make_world(probe("tubo", register_embed_providers=lambda: [TUBO]))
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            yield world


@pytest.fixture
async def provider(monkeypatch: Any) -> AsyncIterator[Server]:
    """Answer as the provider does, on loopback; only the client of this test lets that through."""
    async with serving() as server:

        async def resolver(host: str, port: int) -> list[str]:
            return ["127.0.0.1"] if host == "tubo.test" else ["10.0.0.1"]

        def client(asked: EmbedProvider) -> Outbound:
            return Outbound(
                hosts=("tubo.test",),
                ports=(server.port,),
                resolver=resolver,
                allowed=lambda address: address == "127.0.0.1",
            )

        monkeypatch.setattr(embed_fetch, "outbound_for", client)
        asked = msgspec.structs.replace(TUBO, endpoint=f"http://tubo.test:{server.port}/oembed")
        monkeypatch.setattr(
            embed_fetch, "provider_of", lambda url: asked if provider_of(url) is TUBO else None
        )
        yield server


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda each: each.name)
def test_the_list_is_in_order(provider: EmbedProvider) -> None:
    assert provider.endpoint.startswith("https://")
    assert provider.frame_hosts
    assert not any("*" in host for host in provider.frame_hosts)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.youtube.com/watch?v=abc", "youtube"),
        ("https://youtube.com/shorts/abc", "youtube"),
        ("https://youtu.be/abc", "youtube"),
        ("https://evil.test/?https://youtu.be/abc", ""),
        ("https://youtu.be.evil.test/abc", ""),
        ("https://evilyoutube.com/watch?v=1", ""),
        ("https://youtu.be@evil.test/abc", ""),
        ("https://open.spotify.com/episode/1", "spotify"),
        ("ftp://youtu.be/abc", ""),
    ],
)
async def test_an_address_has_its_provider_or_none(site: Any, url: str, name: str) -> None:
    found = provider_of(url)
    assert (found.name if found else "") == name


HOSTILE = {
    "no json": b"<html>",
    "a list": b"[]",
    "deep": b"[" * 90_000,
    "a photo": answer(type="photo"),
    "numbers for words": answer(title=7),
    "an object for html": answer(html={"a": 1}),
    "a script": answer(html="<script>alert(1)</script>"),
    "a script beside": answer(
        html='<iframe src="https://player.tubo.test/e/1"></iframe><script src="//evil.test"></script>'
    ),
    "no frame": answer(html="<p>x</p>"),
    "two frames": answer(
        html='<iframe src="https://player.tubo.test/1"></iframe><iframe src="https://player.tubo.test/2"></iframe>'
    ),
    "another host": answer(html='<iframe src="https://evil.test/"></iframe>'),
    "a host that looks alike": answer(html='<iframe src="https://player.tubo.test.evil.test/"></iframe>'),
    "a name and password": answer(html='<iframe src="https://player.tubo.test@evil.test/"></iframe>'),
    "javascript": answer(html='<iframe src="javascript:alert(1)"></iframe>'),
    "plain http": answer(html='<iframe src="http://player.tubo.test/"></iframe>'),
    "a port": answer(html='<iframe src="https://player.tubo.test:8443/"></iframe>'),
    "srcdoc only": answer(html='<iframe srcdoc="<script>alert(1)</script>"></iframe>'),
    "policy injection": answer(html='<iframe src="https://player.tubo.test;script-src *"></iframe>'),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Hostile):
        read_answer(TUBO, URL, body)


def test_of_an_honest_answer_little_is_kept() -> None:
    found = read_answer(TUBO, URL, answer(width="100%", author_name="A\u202eb"))
    assert found.title == "Sono & saúde já"
    assert found.author == ""
    assert (found.width, found.height) == (0, 300)
    assert found.frame_url == "https://player.tubo.test/e/1?a=1&b=2"


async def test_a_saved_post_is_asked_about_in_a_job(site: Any, provider: Server) -> None:
    provider.answers["/oembed?url=https%3A%2F%2Ftubo.test%2Fv%2F1&format=json"] = http(answer())
    post = await make(content=doc(block("embed", url=URL, caption="Um <vídeo>")), content_format="blocks/1")
    before = await render(post)
    assert before.frames == ()
    assert f'href="{URL}"' in before.html
    assert "data-frame" not in before.html

    await site.run_jobs()
    after = await render(post)
    assert after.frames == ("player.tubo.test",)
    assert 'data-frame="https://player.tubo.test/e/1?a=1&amp;b=2" data-shape="4-3"' in after.html
    assert "Sono &amp; saúde já" in after.html
    assert "<figcaption>Um &lt;vídeo&gt;</figcaption>" in after.html
    assert "<iframe" not in after.html
    assert "<script" not in after.html

    in_html = await make(content=f'<p>a</p><p><a href="{URL}">{URL}</a></p>')
    assert (await render(in_html)).frames == ("player.tubo.test",)
    assert len(provider.seen) == 1


@pytest.mark.parametrize(
    "reply",
    [
        sends_to("http://127.0.0.1/"),
        sends_to("http://10.0.0.1/"),
        sends_to("http://other.test/"),
        http(answer() + b" " * 100_001),
        http(answer(html="<script>x</script>")),
        http(answer(), status=404),
        http(answer(), status=503),
    ],
    ids=["loopback", "private", "other host", "huge", "script", "not found", "down"],
)
async def test_nothing_is_kept_of_what_is_refused(site: Any, provider: Server, reply: Any) -> None:
    provider.answers["/oembed?url=https%3A%2F%2Ftubo.test%2Fv%2F1&format=json"] = reply
    with suppress(OutboundFailed):  # it is tried again later
        assert await fetch_embed(URL) is None
    assert await site.rows("SELECT id FROM embeds WHERE tenant_id = {tenant}") == []


async def test_the_client_of_a_provider_asks_its_own_host_by_https_only() -> None:
    client = embed_fetch.outbound_for(PROVIDERS[0])
    assert client.hosts == frozenset({"www.youtube.com"})
    assert not client.plain_http
    assert client.ports == {443}
