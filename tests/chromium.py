"""Headless Chromium for tests marked `browser`: a server on a port, a page, and axe to look at it.

Without Chromium these tests are skipped; with `VITRAL_REQUIRE_BROWSER` set, as in CI, the run stops.
"""

import asyncio
import contextvars
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar
from playwright.async_api import Browser, Page, async_playwright

from tests.kit.templates import SITES

__all__ = ["Visitor", "axe_script"]

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # it would refuse root, whom containers run as
    "--host-resolver-rules=MAP *.test 127.0.0.1",
)
_AXE = Path(__file__).parents[1] / "core" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
_LISTEN = """

document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by the content security policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
_PAINTED = """scheme => new Promise(done => {
  const look = () => requestAnimationFrame(() =>
    matchMedia(`(prefers-color-scheme: ${scheme})`).matches ? requestAnimationFrame(done) : look());
  look();
})"""


def _program() -> str | None:
    given = os.environ.get("TESTKIT_CHROMIUM")
    return given or next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser where there is none, unless one is required.

    Raises:
        pytest.UsageError: A browser is required and missing.
    """
    marked = [item for item in items if item.get_closest_marker("browser")]
    if not marked or _program():
        return
    if os.environ.get("VITRAL_REQUIRE_BROWSER"):
        raise pytest.UsageError("The tests need Chromium here: apt-get install chromium.")
    for item in marked:
        item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def axe_script() -> str:
    """Return axe-core, the accessibility checker, as installed beside the sources of the assets."""
    if not _AXE.is_file():
        raise RuntimeError("axe-core is not installed: run `make install`.")
    return _AXE.read_text("utf-8")


@dataclass
class Visitor:
    """A person at a browser, on one site of the application.

    Args:
        page: Playwright's page. Paths are relative to the site: `await visitor.page.goto("/")`.
        complaints: What the browser's console reported as an error, violations of the policy among it.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)

    async def axe(self) -> list[str]:
        """Return axe's violations of WCAG 2.2 A and AA on the page, by day and by night, one line each."""
        await self._paint("light")
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        by_day = await self._violations({"type": "tag", "values": tags})
        await self._paint("dark")  # another palette, and nothing else
        by_night = await self._violations({"type": "rule", "values": ["color-contrast"]})
        return [*by_day, *(f"by night, {violation}" for violation in by_night)]

    async def _paint(self, scheme: Literal["light", "dark"]) -> None:
        """Change the palette, and wait until the page shows it: colours read too early are a mixture."""
        await self.page.emulate_media(color_scheme=scheme)
        await self.page.evaluate(_PAINTED, scheme)

    async def _violations(self, only: dict[str, Any]) -> list[str]:
        world = await self.page.context.new_cdp_session(self.page)
        # through the debugger: the page's policy forbids scripts that are not its own
        await world.send("Runtime.evaluate", {"expression": axe_script()})
        found = await self.page.evaluate("only => axe.run(document, {runOnly: only})", only)
        return [
            f"{violation['id']}: {violation['help']} at {node['target']}: {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]


@pytest.fixture(scope="session")
def port() -> int:
    """A free port of this machine, the same for all tests of a process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    return free


@pytest.fixture(scope="session")
async def chromium(port: int) -> AsyncIterator[Browser]:
    """One browser for the session; each visitor gets a profile of their own."""
    origins = ",".join(f"http://{host}:{port}" for host, _title in SITES.values())
    # as on localhost and over https: only then Chromium says where a request comes from (Sec-Fetch-Site)
    trusted = f"--unsafely-treat-insecure-origin-as-secure={origins}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_program(), args=[*_FLAGS, trusted])
        yield browser
        await browser.close()


@pytest.fixture
async def served(app: Litestar, port: int) -> AsyncIterator[int]:
    """Serve the test's application on a port of this machine; return the port."""
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    # requests must not find the test's own site and actor around them
    serving = asyncio.get_running_loop().create_task(server.serve(), context=contextvars.Context())
    await _until_open(port, serving)
    yield port
    server.stop()
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(serving, 10)


async def _until_open(port: int, serving: asyncio.Future[Any]) -> None:
    for _attempt in range(200):
        if serving.done():
            serving.result()
        with suppress(OSError):
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            await writer.wait_closed()
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"Nothing listens on port {port}.")


@pytest.fixture
async def visitor(chromium: Browser, served: int) -> AsyncIterator[Visitor]:
    """Somebody in front of the site `alfa`, who has not signed in."""
    host = SITES["alfa"][0]
    context = await chromium.new_context(
        base_url=f"http://{host}:{served}",
        locale="pt-BR",
        reduced_motion="reduce",  # colours that fade would be measured half-way
    )
    context.set_default_timeout(10_000)
    await context.add_init_script(_LISTEN)
    page = await context.new_page()
    somebody = Visitor(page)
    page.on(
        "console",
        lambda said: somebody.complaints.append(said.text) if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: somebody.complaints.append(str(error)))
    yield somebody
    await context.close()
