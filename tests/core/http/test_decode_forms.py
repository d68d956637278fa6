"""Forms come in whole, strictly decoded, and leave nothing behind (T4, IO08, F23)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import Request, post

from core.errors import Forbidden
from core.http import Decode, form_of


@post("/save")
async def save(request: Request[Any, Any, Any]) -> dict[str, Any]:
    files = {name: (await upload.read()).decode() for name, upload in form_of(request).files}
    return {
        "fields": form_of(request).fields,
        "litestar": {key: str(value) for key, value in (await request.form()).items() if key not in files},
        "files": files,
    }


async def test_forms_arrive(edge: Any) -> None:
    async with edge(save) as client:
        answer = await client.post("/save", data={"title": "Olá & mais", "tags": ["a", "b"], "empty": ""})
    assert answer.status_code == 201
    assert answer.json()["fields"] == [["title", "Olá & mais"], ["tags", "a"], ["tags", "b"], ["empty", ""]]
    assert answer.json()["litestar"]["title"] == "Olá & mais"


async def test_multipart_arrives_with_files_and_they_are_closed(edge: Any) -> None:
    kept: list[Any] = []

    @post("/upload", opt={"body_limit": 5_000_000})
    async def upload(request: Request[Any, Any, Any]) -> dict[str, Any]:
        form = form_of(request)
        file = form.file("picture")
        assert file is not None
        kept.append(file)
        data = await file.read()
        return {
            "title": form.get("title"),
            "name": file.filename,
            "size": len(data),
            "disk": file.rolled_to_disk,
        }

    async with edge(upload) as client:
        answer = await client.post(
            "/upload",
            data={"title": "Foto"},
            files={"picture": ("maçã.png", b"x" * 3_000_000, "image/png"), "other": ("", b"")},
        )
    assert answer.json() == {"title": "Foto", "name": "maçã.png", "size": 3_000_000, "disk": True}
    assert kept[0].file.closed


async def test_the_text_of_a_multipart_form_has_its_own_limit(edge: Any) -> None:
    """A route that takes large files doesn't thereby take large texts, which stay in memory."""

    @post("/upload", opt={"body_limit": 5_000_000})
    async def upload(request: Request[Any, Any, Any]) -> int:
        return len(form_of(request).get("text"))

    async with edge(upload) as client:
        fine = await client.post("/upload", data={"text": "x" * 900_000}, files={"f": b"y" * 2_000_000})
        large = await client.post("/upload", data={"text": "x" * 1_100_000}, files={"f": b"y"})
    assert (fine.text, large.status_code) == ("900000", 413)


async def test_files_of_a_refused_request_are_closed() -> None:
    kept: list[Any] = []

    async def refuses(scope: Any, receive: Any, send: Any) -> None:
        kept.extend(upload for _name, upload in form_of(scope).files)
        raise Forbidden("Not you.")

    pieces = [PART % (b"a", b'; filename="f"', b"x" * 10)]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": pieces.pop(), "more_body": False}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/save",
        "headers": [(b"content-type", b"multipart/form-data; boundary=x")],
    }
    with pytest.raises(Forbidden):
        await Decode(refuses, lambda scope: save)(scope, receive, None)  # type: ignore[arg-type]
    assert [upload.file.closed for upload in kept] == [True]


PART = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("media", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"title=%ff", 400),
        ("application/x-www-form-urlencoded", b"title=\xff", 400),
        ("application/x-www-form-urlencoded", b"title=a%00b", 400),
        ("application/x-www-form-urlencoded", b"ti%00tle=a", 400),
        ("application/x-www-form-urlencoded", b"title=%ed%a0%80", 400),
        ("application/x-www-form-urlencoded", b"a&" * 6000, 400),
        ("application/x-www-form-urlencoded; charset=latin-1", b"title=a", 415),
        ("multipart/form-data; boundary=x", PART % (b"a", b"", b"\xff"), 400),
        ("multipart/form-data; boundary=x", PART % (b"a", b"", b"\x00"), 400),
        ("multipart/form-data; boundary=x", PART % (b"a\x00", b"", b"x"), 400),
        ("multipart/form-data; boundary=x", PART % (b"\xff", b"", b"x"), 400),
        ("multipart/form-data; boundary=x", PART % (b"a", b'; filename="\xff"', b"x"), 400),
        ("multipart/form-data; boundary=x", PART % (b"a", b'; filename="a\x00b"', b"x"), 400),
        (
            "multipart/form-data; boundary=x",
            PART % (b"a", b"\r\nContent-Type: text/plain; charset=ebcdic", b"x"),
            415,
        ),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=", 400),
        ("multipart/form-data; boundary=x", b"no boundary at all", 400),
        ("multipart/form-data", PART % (b"a", b"", b"x"), 400),
        ("multipart/form-data; boundary=x", (PART % (b"a", b"", b"x"))[:-7] * 5001, 400),
    ],
)
async def test_bad_forms_are_refused(edge: Any, media: str, body: bytes, status: int) -> None:
    async with edge(save) as client:
        answer = await client.post(
            "/save", content=body, headers={"content-type": media, "accept": "text/html"}
        )
    assert answer.status_code == status, answer.text


async def test_form_bodies_stay_in_no_cache(edge: Any) -> None:
    """Litestar's parser keeps the last 1024 bodies, passwords and all, and up to 10 MB each."""
    from litestar._parsers import parse_url_encoded_form_data

    before = parse_url_encoded_form_data.cache_info().currsize
    async with edge(save) as client:
        await client.post("/save", data={"password": "correct horse battery staple"})
    assert parse_url_encoded_form_data.cache_info().currsize == before


async def chunks(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_a_form_in_single_bytes(edge: Any) -> None:
    body = b"a=%C3%A9&b=2"
    async with edge(save) as client:
        answer = await client.post(
            "/save",
            content=chunks(*(body[index : index + 1] for index in range(len(body)))),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
    assert answer.json()["fields"] == [["a", "é"], ["b", "2"]]
