"""Files over the API: uploaded, described, replaced, listed by cursor, deleted."""

import io
from typing import Any

from litestar import Litestar
from PIL import Image

from tests.core.api.kit import Api, open_api


def picture(size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


async def upload(api: Api, data: bytes, name: str, status: int = 201) -> Any:
    answer = await api.post("/media", files={"file": (name, data)})
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_the_life_of_a_file(app: Litestar) -> None:
    api = await open_api(app, "alfa", "author")
    made = await upload(api, picture(), "Praia.png")
    assert (made["title"], made["mimeType"], made["width"], made["focalX"]) == ("Praia", "image/png", 40, 50)
    path = f"/media/{made['number']}"
    changed = await api.change("PATCH", path, {"alt": "Mar", "focalX": 10, "version": made["version"]})
    assert (changed["alt"], changed["focalX"], changed["focalY"]) == ("Mar", 10, 50)
    stale = await api.patch(path, json={"alt": "Rio", "version": made["version"]})
    assert stale.status_code == 409 and stale.json()["current"]["alt"] == "Mar"
    wrong = await api.patch(path, json={"focalX": 101, "version": changed["version"]})
    assert wrong.status_code == 422 and "focalX" in wrong.text
    replaced = await api.put(f"{path}/file", files={"file": ("x.jpg", picture((20, 20), "JPEG"))})
    assert replaced.json()["width"] == 20 and replaced.json()["url"] == made["url"]
    assert (await api.json(path))["alt"] == "Mar"
    await api.change("DELETE", path, status=204)
    await api.json(path, 404)


async def test_what_is_not_taken_is_a_problem_and_leaves_nothing(app: Litestar) -> None:
    api = await open_api(app, "alfa", "author")
    for bad in (b"", b"<svg onload=alert(1)>", picture()[:-45]):
        problem = await upload(api, bad, "a.png", 422)
        assert problem["errors"][0]["field"] == "file"
    assert (await api.post("/media", json={"file": "x"})).status_code == 415
    assert (await api.json("/media"))["items"] == []
    for roles in ((), ("subscriber",)):
        other = await open_api(app, "alfa", *roles)
        assert (await other.get("/media")).status_code in (401, 403)


async def test_lists_go_on_by_cursor(app: Litestar) -> None:
    api = await open_api(app, "alfa", "author")
    for number in range(5):
        await upload(api, picture(), f"Foto {number}.png")
    await upload(api, b"%PDF-1.7", "Bula.pdf")
    seen: list[str] = []
    page = await api.json("/media?limit=2&order=title&direction=asc")
    while True:
        seen += [item["title"] for item in page["items"]]
        if page["cursor"] is None:
            break
        page = await api.json(
            "/media", params={"limit": 2, "order": "title", "direction": "asc", "cursor": page["cursor"]}
        )
    assert seen == ["Bula", *(f"Foto {number}" for number in range(5))]
    newest = await api.json("/media?limit=2")
    following = await api.json("/media", params={"limit": 2, "cursor": newest["cursor"]})
    assert [item["title"] for item in newest["items"] + following["items"]] == [
        "Bula",
        "Foto 4",
        "Foto 3",
        "Foto 2",
    ]
    assert [item["title"] for item in (await api.json("/media?kind=document"))["items"]] == ["Bula"]
    assert len((await api.json("/media?search=foto"))["items"]) == 5
    other = await open_api(app, "beta", "author")
    assert (await other.json("/media"))["items"] == []
