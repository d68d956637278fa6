"""What the picker of files asks for."""

import io
from typing import Any

from litestar import Litestar
from PIL import Image

from tests.kit.client import Browser
from tests.kit.people import People

JSON = {"accept": "application/json"}


def picture(
    kind: str = "PNG", size: tuple[int, int] = (64, 48), color: str = "teal", **options: Any
) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind, **options)
    return out.getvalue()


async def send(browser: Browser, data: bytes, name: str, path: str = "/admin/media/upload") -> Any:
    token = await browser.token("/admin")
    headers = {**JSON, "x-csrf-token": token}
    return await browser.post(path, files={"file": (name, data)}, headers=headers)


async def test_what_is_uploaded_can_be_chosen(app: Litestar) -> None:
    browser = await People(app).browser("alfa", "author")
    answer = await send(browser, picture(), "Praia à noite.png")
    assert answer.status_code == 201, answer.text
    item = answer.json()
    assert item["title"] == "Praia à noite" and item["mime_type"] == "image/png"
    assert (item["width"], item["height"]) == (64, 48)
    assert (await browser.get(item["url"])).headers["content-type"] == "image/png"
    await send(browser, b"%PDF-1.7\n%%EOF", "Bula.pdf")
    found = (await browser.get("/admin/media/choose?kind=image", headers=JSON)).json()
    assert [one["number"] for one in found["items"]] == [item["number"]] and not found["more"]
    for words, count in (("bula", 1), ("NOITE praia", 1), ("nada", 0), ("", 2)):
        page = (await browser.get("/admin/media/choose", params={"q": words}, headers=JSON)).json()
        assert len(page["items"]) == count, words
    other = await People(app).browser("beta", "author")
    assert (await other.get("/admin/media/choose", headers=JSON)).json()["items"] == []


async def test_what_is_not_taken_says_why(app: Litestar) -> None:
    browser = await People(app).browser("alfa", "author")
    answer = await send(browser, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "file"
    token = await browser.token("/admin")
    nothing = await browser.post(
        "/admin/media/upload", files={}, data={"a": "b"}, headers={**JSON, "x-csrf-token": token}
    )
    assert nothing.status_code in (415, 422)
    assert (
        await browser.post("/admin/media/upload", files={"file": ("a.png", picture())})
    ).status_code == 403
    reader = await People(app).browser("alfa", "subscriber")
    assert (await reader.get("/admin/media/choose", headers=JSON)).status_code == 403
    assert (await browser.get("/admin/media/picker")).text.lstrip().startswith("<dialog")
