"""Blocks through the front door: what the editor asks for, what readers get, and what a password hides."""

from typing import Any

from litestar import Litestar

from core.clock import now
from core.content import change_status, create_post
from core.content.embeds import digest_of_url
from core.contract.content import PostData
from core.db import execute, tenant_read, tenant_work
from core.ids import new_id
from tests.core.content.blocks import block, doc, p
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered

JSON = {"accept": "application/json"}
URL = "https://youtu.be/abc"
FRAME = "https://www.youtube-nocookie.com/embed/abc"


async def ask(browser: Browser, path: str, body: Any) -> Any:
    headers = {**JSON, "x-csrf-token": await browser.token("/admin")}
    return await browser.post(path, json=body, headers=headers)


async def test_the_editor_gets_what_it_asks_for(app: Litestar) -> None:
    browser = await People(app).browser("alfa", "editor")
    made = await ask(browser, "/admin/blocks/from-html", {"html": "<p>Um <b>x</b></p><script>1</script>"})
    assert made.status_code == 200, made.text
    assert made.json()["version"] == 1
    assert [each["type"] for each in made.json()["doc"]["content"]] == ["paragraph"]
    assert (await ask(browser, "/admin/blocks/from-html", {"html": " "})).json()["doc"] == {
        "type": "doc",
        "content": [],
    }
    shown = await ask(
        browser, "/admin/blocks/preview", {"type": "shortcode", "attrs": {"name": "nada", "body": "x"}}
    )
    assert "[nada]" in shown.json()["html"]
    assert (await ask(browser, "/admin/blocks/preview", {"type": "paragraph"})).status_code == 422
    names = [each["name"] for each in (await browser.get("/admin/blocks/shortcodes", headers=JSON)).json()]
    assert {"gallery", "embed"} <= set(names)
    assert (await browser.get("/admin/blocks/patterns?q=x", headers=JSON)).json() == []
    reader = await People(app).browser("alfa", "subscriber")
    assert (await reader.get("/admin/blocks/patterns", headers=JSON)).status_code == 403
    assert (await ask(reader, "/admin/blocks/from-html", {"html": "x"})).status_code == 403


async def publish(**fields: Any) -> Any:
    post = await create_post(PostData(content_format="blocks/1", **fields))
    return await change_status(post.id, "publish")


async def _site(app: Litestar) -> tuple[Any, Any, Any]:
    author = await People(app).make("alfa", "author")
    with entered(app, "alfa"):
        async with tenant_read():
            async with tenant_work():
                await execute(
                "INSERT INTO embeds (id, tenant_id, digest, url, provider, title, frame_url, fetched_at)"
                " VALUES ({}, {tenant}, {}, {}, 'youtube', 'Sono', {}, {})",
                new_id(), digest_of_url(URL), URL, FRAME, now(),
            )  # fmt: skip
            common = {"author_id": author.id}
            return (
                await publish(title="Com vídeo", content=doc(p("Veja."), block("embed", url=URL)), **common),
                await publish(title="Sem vídeo", content=doc(p("Leia.")), **common),
                await publish(
                    title="Fechado",
                    password="abre",
                    content=doc(p("Segredo."), block("embed", url=URL)),
                    **common,
                ),
            )


def policy(answer: Any) -> str:
    rules = answer.headers["content-security-policy"].split("; ")
    return next(rule for rule in rules if rule.startswith("frame-src"))


async def test_a_page_lets_in_only_its_own_frames(app: Litestar) -> None:
    video, plain, closed = await _site(app)
    browser = Browser(app, "alfa")
    answer = await browser.get(video.url)
    assert policy(answer) == "frame-src www.youtube-nocookie.com"
    assert "<iframe" not in answer.text
    assert f'data-frame="{FRAME}"' in answer.text
    assert f'href="{URL}"' in answer.text
    assert "/static/core/embed-" in answer.text
    other = await browser.get(plain.url)
    assert policy(other) == "frame-src 'none'"
    assert "/static/core/embed-" not in other.text
    assert "/static/core/blocks-" in other.text
    locked = await browser.get(closed.url)
    assert policy(locked) == "frame-src 'none'"
    for hidden in ("Segredo", "youtu", FRAME):
        assert hidden not in locked.text
    assert "Segredo" not in (await browser.get("/feed/")).text
    item = (await browser.get(f"/api/v1/posts/{video.number}", headers=JSON)).json()
    assert "<p>Veja.</p>" in str(item) or "Veja." in str(item)
    assert "Segredo" not in (await browser.get(f"/api/v1/posts/{closed.number}", headers=JSON)).text
    assert "<p>Veja.</p>" in (await browser.get("/feed/")).text.replace("&lt;", "<").replace("&gt;", ">")
