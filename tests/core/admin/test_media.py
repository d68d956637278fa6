"""The library's screens: with and without script, in Portuguese, and never a deletion nobody was warned of."""

import io
from typing import Any

import pytest
from litestar import Litestar
from PIL import Image

from core.app import runtime_of
from tests.core.admin.kit import HTMX, fields_of, make_post, said, send
from tests.kit.client import Browser
from tests.kit.people import People


def picture(color: str = "teal", size: tuple[int, int] = (400, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


async def add(browser: Browser, *files: tuple[str, bytes]) -> Any:
    token = await browser.token("/admin/media")
    return await browser.post(
        "/admin/media/add", data={"_csrf": token}, files=[("files", one) for one in files]
    )


async def post_file(browser: Browser, path: str, data: bytes, *, page: str) -> Any:
    token = await browser.token(page)
    return await browser.post(path, data={"_csrf": token}, files={"file": ("novo.png", data)})


@pytest.fixture
async def author(app: Litestar) -> Browser:
    return await People(app).browser("alfa", "author")


async def test_files_come_in_without_a_script(app: Litestar, author: Browser) -> None:
    answer = await add(author, ("Praia.png", picture()))
    assert answer.headers["location"] == "/admin/media/1"
    answer = await add(author, ("um.png", picture()), ("dois.png", picture()), ("mau.svg", b"<svg/>"))
    text = await said(author, answer)
    assert "2 arquivos enviados" in text and "mau.svg" in text
    soup = await author.soup("/admin/media")
    assert [card.get_text(strip=True) for card in soup.select(".media-name")] == ["dois", "um", "Praia"]
    assert len(soup.select(".media-thumb img")) == 3 and "MB usados" in soup.text
    assert "Sem texto alternativo" in soup.text
    other = await People(app).browser("beta", "author")
    assert (await other.soup("/admin/media")).select(".media-name") == []
    assert (await other.get("/admin/media/1")).status_code == 404


async def test_the_library_is_searched_and_narrowed_down(author: Browser) -> None:
    await add(author, ("Praia ao sol.png", picture()), ("Bula.pdf", b"%PDF-1.7"))
    for query, names in (
        ("q=sol", ["Praia ao sol"]),
        ("kind=document", ["Bula"]),
        ("kind=video", []),
        ("sort=title", ["Bula", "Praia ao sol"]),
        ("month=1999-01", []),
        ("month=nonsense&kind=nonsense", ["Bula", "Praia ao sol"]),
    ):
        part = await author.get(f"/admin/media?{query}", headers=HTMX)
        assert part.text.lstrip().startswith('<div class="list')
        found = [line.split("<")[0] for line in part.text.split('class="media-name">')[1:]]
        assert found == names, query
    months = (await author.soup("/admin/media")).select('[name="month"] option')
    assert len(months) == 2
    listed = await author.soup("/admin/media?view=list")
    assert [row.select_one(".title-link").get_text(strip=True) for row in listed.select("tbody tr")] == [  # type: ignore[union-attr]
        "Bula",
        "Praia ao sol",
    ]


async def test_a_file_is_described(author: Browser) -> None:
    await add(author, ("Praia.png", picture()))
    about = {
        "title": "A praia",
        "alt": "Areia e mar",
        "caption": "Em março",
        "focal_x": "20",
        "focal_y": "80",
    }
    answer = await send(author, "/admin/media/1", about, selector="#media-form")
    assert "“A praia” foi salv" in await said(author, answer)
    soup = await author.soup("/admin/media/1")
    values = fields_of(soup, "#media-form")
    assert {name: values[name] for name in about} == {name: [value] for name, value in about.items()}
    wrong = await send(author, "/admin/media/1", {"focal_x": "101", "alt": "x" * 501}, selector="#media-form")
    assert wrong.status_code == 422 and "A praia" in wrong.text
    stale = await send(author, "/admin/media/1", {"title": "Outra", "_version": "1"}, selector="#media-form")
    assert stale.status_code == 409 and "Outra" in stale.text


async def test_nothing_in_use_is_deleted_without_a_warning(app: Litestar, author: Browser) -> None:
    await add(author, ("um.png", picture()), ("dois.png", picture("red")))
    writer = await People(app).make("alfa", "editor")
    await make_post(app, writer, title="Que mostra", content='<p><img src="/media/1/um.png" alt=""></p>')
    assert "Que mostra" in (await author.soup("/admin/media/1")).text
    token = await author.token("/admin/media")
    asked = await author.post("/admin/media/delete", data={"_csrf": token, "ids": ["1", "2"]})
    assert asked.status_code == 200 and "Que mostra" in asked.text and "em uso" in asked.text
    assert (await author.get("/media/1/um.png")).status_code == 200
    gone = await author.post(
        "/admin/media/delete", data={"_csrf": token, "ids": ["1", "2"], "_confirmed": "1"}
    )
    assert "2 arquivos excluídos" in await said(author, gone)
    assert (await author.get("/media/1/um.png")).status_code == 404


async def test_what_others_brought_is_theirs(app: Litestar, author: Browser) -> None:
    await add(author, ("um.png", picture()))
    other = await People(app).browser("alfa", "author")
    assert (await other.soup("/admin/media/1")).select("#media-form button") == []
    token = await other.token("/admin/media")
    refused = await other.post("/admin/media/delete", data={"_csrf": token, "ids": "1", "_confirmed": "1"})
    await said(other, refused)
    assert (await author.get("/media/1/um.png")).status_code == 200
    assert (await other.post("/admin/media/1/crop", data={"_csrf": token, "left": "0"})).status_code == 403


async def test_a_picture_is_cropped_replaced_and_shared(author: Browser) -> None:
    await add(author, ("um.png", picture()))
    token = await author.token("/admin/media/1")
    box = {"left": "10", "top": "10", "width": "100", "height": "50"}
    cropped = await author.post("/admin/media/1/crop", data={"_csrf": token, **box})
    assert "recortada" in await said(author, cropped)
    shown = Image.open(io.BytesIO((await author.get("/media/1/um.png")).content))
    whole = Image.open(io.BytesIO((await author.get("/admin/media/1/whole")).content))
    assert shown.size == (100, 50) and whole.size == (400, 300)
    outside = await author.post("/admin/media/1/crop", data={"_csrf": token, **box, "width": "900"})
    assert "fora da imagem" in await said(author, outside)
    back = await author.post("/admin/media/1/crop", data={"_csrf": token, **box, "_action": "whole"})
    assert "inteira" in await said(author, back)
    replaced = await post_file(
        author, "/admin/media/1/replace", picture("red", (90, 80)), page="/admin/media/1"
    )
    assert "substituído" in await said(author, replaced)
    bad = await post_file(author, "/admin/media/1/replace", b"%PDF-1.7", page="/admin/media/1")
    assert "outro tipo" in await said(author, bad)
    shown = Image.open(io.BytesIO((await author.get("/media/1/um.png")).content))
    assert shown.size == (90, 80)
    await send(author, "/admin/media/1", {"access_level": "private"}, selector="#media-form")
    link = await author.post("/admin/media/1/link", data={"_csrf": token, "life": "10"})
    address = link.text.partition('id="address" value="')[2].partition('"')[0]
    async with Browser(author._transport.app, "alfa") as visitor:  # type: ignore[attr-defined]
        assert (await visitor.get("/media/1/um.png")).status_code == 404
        opened = await visitor.get(address)
        assert opened.status_code == 200 and opened.headers["cache-control"] == "private, no-store"


async def test_a_post_gets_its_image_from_the_library(app: Litestar, author: Browser) -> None:
    await add(author, ("um.png", picture()))
    made = await send(
        author, "/admin/posts/new", {"title": "Com imagem", "featured": "1"}, selector="#writing"
    )
    soup = await author.soup(made.headers["location"])
    shown = soup.select_one("[data-featured-picture] img")
    assert shown is not None and "/media/1/" in str(shown["src"])
    wrong = await send(author, made.headers["location"], {"featured": "99"}, selector="#writing")
    assert wrong.status_code == 422
    off = await send(author, made.headers["location"], {"featured": ""}, selector="#writing")
    assert (await author.soup(off.headers["location"])).select("[data-featured-picture] img") == []


async def test_the_room_of_a_site_can_be_used_up(app: Litestar, author: Browser) -> None:
    import asyncio

    import msgspec

    runtime = runtime_of(app)
    before = runtime.media_setup
    runtime.media_setup = msgspec.structs.replace(before, quota=6_000)
    try:
        sent = await asyncio.gather(
            *(htmx_file(author, f"{number}.png", picture("teal", (400, 300 + number))) for number in range(8))
        )
        taken = [answer for answer in sent if answer.status_code == 201]
        refused = [answer for answer in sent if answer.status_code == 422]
        assert taken and refused and len(taken) + len(refused) == 8
        assert "espaço" in refused[0].text
        used = (await author.soup("/admin/media")).select_one("progress.meter")
        assert used is not None and 0 < float(str(used["value"])) <= 100
        kept = [path for path in runtime.media.root.rglob("*") if path.is_file()]
        assert sum(path.stat().st_size for path in kept) <= 6_000 and len(kept) == 2 * len(taken)
    finally:
        runtime.media_setup = before


async def htmx_file(browser: Browser, name: str, data: bytes) -> Any:
    headers = {"accept": "application/json", "x-csrf-token": await browser.token("/admin")}
    return await browser.post("/admin/media/upload", files={"file": (name, data)}, headers=headers)
