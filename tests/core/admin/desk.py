"""Somebody who writes in the block editor in Chromium, with hands on the keyboard."""

import base64
import json
import re
from typing import Any

from tests.chromium import Visitor
from tests.kit.people import PASSWORD

__all__ = ["Desk"]

_PASTE = """([html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.getElementById("editor-text").dispatchEvent(event);
}"""
_PASTE_FILE = """([name, bytes]) => {
  const data = new DataTransfer();
  const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
  data.items.add(new File([content], name, { type: "image/png" }));
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.getElementById("editor-text").dispatchEvent(event);
}"""


class Desk:
    """Somebody at the writing screen, with hands on the keyboard."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    async def sit_down(self, path: str = "/admin/posts/new") -> None:
        await self.page.goto("/admin/login")
        await self.page.fill("[name=identifier]", "bia@example.org")
        await self.page.fill("[name=password]", PASSWORD)
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_url("**/admin")
        await self.page.goto(path)

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)
            if re.search("Arrow|Home|End", key):  # the browser tells of a moved cursor with its next frame
                await self.page.evaluate(
                    "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
                )

    async def add(self, words: str) -> None:
        """Put a block in by the slash menu."""
        await self.type(f"/{words}")
        await self.page.wait_for_selector('#slash-menu:not([hidden]) [aria-selected="true"]')
        await self.press("Enter")

    async def below(self) -> None:
        """Go on below the block."""
        await self.press("Control+Enter")

    async def settings(self, field: str) -> None:
        """Wait until the settings of the block have the keyboard."""
        await self.page.wait_for_selector(f"#block-field-{field}:focus")

    async def paste(self, html: str = "", text: str = "x") -> None:
        await self.page.evaluate(_PASTE, [html, text])

    async def paste_file(self, name: str, data: bytes) -> None:
        await self.page.evaluate(_PASTE_FILE, [name, base64.b64encode(data).decode()])

    async def shape(self) -> str:
        """Return the document as the editor's library writes it down."""
        found: str = await self.page.evaluate(
            "document.getElementById('editor').editor.view.state.doc.toString()"
        )
        return found.removeprefix("doc(").removesuffix(")").removesuffix(", paragraph")

    async def stored(self) -> list[dict[str, Any]]:
        """Return the blocks as they stand in the form."""
        await self.page.evaluate("document.getElementById('editor').editor.flush()")
        text = await self.page.input_value("textarea[name=content]")
        found: list[dict[str, Any]] = json.loads(text)["doc"]["content"] if text else []
        return found

    async def save(self) -> int:
        await self.press("Control+s")
        await self.page.wait_for_url(re.compile(r"/admin/posts/\d+$"))
        await self.page.wait_for_selector("#save-state:not(.dirty) time")
        return int(self.page.url.rpartition("/")[2])
