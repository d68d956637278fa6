"""The writing screen of a text of 200 blocks in Chromium: until it can be written in, and until a key shows."""

import gzip
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Page, async_playwright

import core
from benchmarks.article import make_site
from benchmarks.start import VITRAL, free_port, serving
from core.accounts import NewUser, create_user, first_admin_link
from core.app import runtime_of
from core.content import create_post
from core.context import Actor, acting
from core.contract.content import PostData
from core.db import tenant_read
from core.hooks import use_plan
from core.settings import Settings
from core.sites import find_site
from core.tenancy import enter

BLOCKS = 200
ROUNDS = 5
KEYS = 60
_PARAGRAPH = "Dormir bem depende de uma sequência de decisões pequenas. " * 6
_OPENED = """() => new Promise((done) => {
  const look = () => document.getElementById("editor")?.editor ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""
_LISTEN = """() => {
  window.shown = [];
  document.getElementById("editor-text").addEventListener("keydown", () => {
    const pressed = performance.now();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.shown.push(performance.now() - pressed);
      channel.port2.postMessage(null);
    });
  }, true);
}"""


def document(blocks: int) -> str:
    """Return a text of so many blocks: headings, paragraphs, lists, quotes, tables, callouts."""

    def text(words: str, **marks: str) -> dict[str, Any]:
        return {"type": "text", "text": words, **({"marks": [marks]} if marks else {})}

    def paragraph(words: str = _PARAGRAPH) -> dict[str, Any]:
        return {"type": "paragraph", "content": [text(words), text("devagar", type="bold"), text(".")]}

    def cell(words: str) -> dict[str, Any]:
        return {"type": "table_cell", "content": [paragraph(words)]}

    kinds: list[Any] = [
        lambda at: {"type": "heading", "content": [text(f"Seção {at}")]},
        lambda _at: paragraph(),
        lambda _at: paragraph(),
        lambda _at: {
            "type": "bullet_list",
            "content": [{"type": "list_item", "content": [paragraph("Um item. ")]} for _ in range(4)],
        },
        lambda _at: paragraph(),
        lambda _at: {"type": "quote", "content": [paragraph()]},
        lambda _at: {"type": "callout", "content": [paragraph()]},
        lambda _at: {
            "type": "table",
            "content": [
                {"type": "table_row", "content": [cell("a"), cell("b"), cell("c")]} for _ in range(4)
            ],
        },
    ]
    content = [kinds[at % len(kinds)](at) for at in range(blocks)]
    return json.dumps({"version": 1, "doc": {"type": "doc", "content": content}})


async def _write(app: Any) -> tuple[int, str]:
    """Make the text; return its number and the one-time link of the first administrator."""
    runtime = runtime_of(app)
    with runtime.active(), acting(None, Actor(kind="cli")), use_plan(runtime.registry.platform_plan()):
        tenant = find_site("bench")
        with enter(tenant, Actor(kind="cli")):
            async with tenant_read():
                author = await create_user(NewUser(email="outra@example.org", roles=("author",)))
                data = PostData(title="Duzentos blocos", content=document(BLOCKS), content_format="blocks/1")
                data.author_id = author.id
                post = await create_post(data)
                return post.number, await first_admin_link(tenant) or ""


async def _sign_in(page: Page, link: str) -> None:
    await page.goto(urlsplit(link).path)
    await page.fill("[name=display_name]", "Ana Prado")
    await page.fill("[name=email]", "ana@example.org")
    await page.fill("[name=password]", "uma-senha-bem-comprida-42")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin")


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _sizes() -> dict[str, float]:
    folder = Path(core.__file__).parent / "static" / "dist"
    names = json.loads((folder / "manifest.json").read_text("utf-8"))
    script = (folder / names["editor.js"]).read_bytes()
    return {"script, kB": len(script) / 1000, "script, compressed, kB": len(gzip.compress(script)) / 1000}


async def _look(page: Page, path: str) -> tuple[list[float], list[float]]:
    """Return milliseconds of several openings, and of each key that was typed in the middle of the text."""
    opened = []
    for _round in range(ROUNDS):
        await page.goto(path, wait_until="commit")
        opened.append(await page.evaluate(_OPENED))
    await page.evaluate(_LISTEN)
    await page.locator("#editor-text > p").nth(60).click()
    await page.keyboard.type("a" * KEYS, delay=30)
    return opened, await page.evaluate("window.shown")


async def measure() -> dict[str, float]:
    """Return milliseconds until the editor stands, and until a key shows; and the size of its script."""
    programs = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    program = next(found for found in programs if found)
    port = free_port()
    origin = f"http://bench.test:{port}"
    options = [
        "--no-sandbox",
        "--host-resolver-rules=MAP *.test 127.0.0.1",
        f"--unsafely-treat-insecure-origin-as-secure={origin}",
    ]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        app = await make_site(Settings(database_url=url, var=folder, sites=folder, worker=False))
        number, link = await _write(app)
        await runtime_of(app).database.stop()
        environment = {
            **os.environ,
            "VITRAL_VAR": folder,
            "VITRAL_SITES": folder,
            "VITRAL_DATABASE_URL": url,
            "VITRAL_PORT": str(port),
        }
        with serving([VITRAL, "serve", "--no-worker"], environment, f"http://127.0.0.1:{port}/readyz"):
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=program, args=options)
                page = await browser.new_page(base_url=origin)
                await _sign_in(page, link)
                opened, shown = await _look(page, f"/admin/posts/{number}")
                await browser.close()
    return {
        "screen stands, ms": _middle(opened),
        "key shows, ms": _middle(shown),
        f"key shows, slowest of {KEYS}, ms": max(shown),
        **_sizes(),
    }
