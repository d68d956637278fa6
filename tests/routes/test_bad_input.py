"""Junk at every address that people use: never a fault of the server, always a page or a problem (issue 2; IO08, F23, F25).

The API has `test_schemathesis.py` for this; here are the pages of the site and of the admin.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar

from tests.routes.addresses import Address, address_of, addresses, parameters_of
from tests.routes.sessions import Visitor, signed_in
from tests.routes.world import World, enable_everything, make_world, values_for

QUERIES = (
    "page=1000000000",
    "page=-1",
    "page=abc&per_page=1000000000",
    "paged=99999999999999999999999999",
    "s=%00",
    "s=%ff%fe",
    "s=%E2%80%AE%27%22%3Cscript%3E",
    "s=" + "a" * 3000,
    "order=%27%3B--&orderby=(select%201)&status=nothing&role=%00",
    "q=%5C%25_%27&author=-1&cat=9e9&m=99999999&year=0&day=32",
    "id=00000000-0000-0000-0000-00000000000g&number=" + "9" * 400,
    "&".join(f"f{n}=x" for n in range(300)),
    "a[b][c]=1&a[b][c]=2&=x&%3D",
)
NUMBERS = ("0", "-1", "1e3", "9" * 40, "%00", "..%2F..%2Fetc%2Fpasswd", "1;drop", "%EF%BC%91")
NAMES = ("%00", "%ff", "'--", "..%2F..%2Fetc%2Fpasswd", "a" * 3000, "%3Cscript%3E", "%E2%80%AEx", "%2e%2e")
PAGES = (
    "/%00",
    "/%ff",
    "//",
    "/..%2f..%2fetc/passwd",
    "/_site/x",
    "/?p=99999999999999999999999999",
    "/?p=-1&preview=true",
    "/?page_id=abc",
    "/?m=99999999",
    "/?cat=-1&paged=2",
    "/?author=9e9",
    "/?feed=%00",
    "/?s=%F0%9F%92%89%00",
    "/page/1000000000/",
    "/page/" + "9" * 400 + "/",
    "/2026/99/99/",
    "/0000/00/",
    "/9999/12/31/page/2/",
    "/author/%00/",
    "/author/nobody/page/1000000000/",
    "/category/" + "a/" * 300,
    "/tag/'--/",
    "/feed/x/",
    "/search/%25%5C_/",
    "/vacinas-em-dia/1000000000/",
    "/vacinas-em-dia/-1/",
    "/" + "a" * 5000,
)
PLATFORM = ("/healthz", "/readyz")
"""Answered without a site, so without a theme."""
LAST = ("", "/disable", "/logout")
"""Ends of addresses in the order they are tried: after some forms, others would not be there any more."""
BODIES: dict[str, tuple[bytes, dict[str, str]]] = {
    "JSON": (b'{"title": "x"}', {"content-type": "application/json"}),
    "plain text": (b"title=x", {"content-type": "text/plain"}),
    "no type": (b"title=x", {}),
    "NUL": (b"title=a%00b&name=%00&email=%00", {"content-type": "application/x-www-form-urlencoded"}),
    "not UTF-8": (b"title=%ff%fe&name=%c3%28", {"content-type": "application/x-www-form-urlencoded"}),
    "raw bytes": (b"\xff\xfe\x00=\x80", {"content-type": "application/x-www-form-urlencoded"}),
    "everything twice": (
        b"title=a&title=b&version=1&version=2&action=x&action=y",
        {"content-type": "application/x-www-form-urlencoded"},
    ),
    "thousands of fields": (
        b"&".join(b"f%d=x" % n for n in range(5000)),
        {"content-type": "application/x-www-form-urlencoded"},
    ),
    "numbers that are none": (
        b"version=99999999999999999999999&number=-1&page=1e9&ids=x&parent=%27&menu_order=1e400",
        {"content-type": "application/x-www-form-urlencoded"},
    ),
    "a very long line": (
        b"title=" + b"x" * 900_000,
        {"content-type": "application/x-www-form-urlencoded"},
    ),
    "a broken upload": (
        b'--x\r\ncontent-disposition: form-data; name="file"; filename="../../a\x00.png"\r\n\r\n\x89PNG',
        {"content-type": "multipart/form-data; boundary=x"},
    ),
    "a wrong charset": (b"title=x", {"content-type": "application/x-www-form-urlencoded; charset=utf-16"}),
}


@pytest.fixture
async def world(app: Litestar) -> World:
    """Both sites filled, and people of every role."""
    return await make_world(app)


@pytest.fixture(params=["anonymous", "administrator"])
def role(request: pytest.FixtureRequest) -> str:
    """Somebody who knows nothing, and somebody who may do everything."""
    return str(request.param)


@pytest.fixture
async def visitor(world: World, role: str) -> Visitor:
    """A browser of theirs."""
    return await signed_in(world.app, "alfa", world.people[role])


def _pages(world: World) -> Iterator[Address]:
    for address in addresses(world.app):
        if not address.is_api and not address.path.startswith("/-/"):
            yield address


def _check(answer: httpx.Response, what: Any) -> None:
    """Accept a page, a part, a file, a redirect or a problem; refuse faults and pages without a theme."""
    assert answer.status_code < 500, (what, answer.status_code, answer.text[:500])
    kind = answer.headers.get("content-type", "")
    if answer.status_code < 400 or not answer.content:
        return
    assert kind.startswith(("text/html", "application/problem+json")), (what, kind)
    if kind.startswith("text/html") and answer.request.url.path not in PLATFORM:
        assert "stylesheet" in answer.text or "notice" in answer.text, (what, answer.text[:500])


async def test_pages_with_junk_in_the_query(world: World, visitor: Visitor) -> None:
    paths = [
        address_of(address.path, values_for(address.path, world.alfa))
        for address in _pages(world)
        if address.method == "GET"
    ]
    for path in (*paths, *world.alfa.urls):
        for query in QUERIES:
            joined = f"{path}{'&' if '?' in path else '?'}{query}"
            _check(await visitor.ask("GET", joined), joined[:200])


async def test_addresses_with_junk_in_them(world: World, visitor: Visitor) -> None:
    for address in _pages(world):
        if address.method != "GET":
            continue
        whole = values_for(address.path, world.alfa)
        for name, kind, before in parameters_of(address.path):
            for junk in NUMBERS if kind == "int" else NAMES:
                path = address_of(address.path, {**whole, (before, name): junk})
                _check(await visitor.ask("GET", path), path[:200])


async def test_pages_of_the_site_that_are_none(world: World, visitor: Visitor) -> None:
    for path in PAGES:
        for method in ("GET", "HEAD", "POST", "DELETE", "PUT"):
            answer = await visitor.ask(method, path)
            _check(answer, (method, path[:200]))
            if method == "GET" and "?" not in path and path not in ("//",):
                assert answer.status_code >= 300, path[:200]


def _turn(form: tuple[str, str]) -> int:
    return max(turn for turn, end in enumerate(LAST) if form[1].endswith(end))


async def test_forms_with_junk_in_them(world: World, role: str) -> None:
    forms = [
        (address.method, address_of(address.path, values_for(address.path, world.alfa)))
        for address in _pages(world)
        if address.method != "GET"
    ]
    forms += [("POST", path) for path in world.alfa.urls]
    for kind, (body, headers) in BODIES.items():
        await enable_everything(world.app, "alfa")
        visitor = await signed_in(world.app, "alfa", world.people[role])
        for method, path in sorted(forms, key=_turn):
            answer = await visitor.ask(method, path, content=body, headers=headers)
            _check(answer, (method, path, kind))
            if role == "administrator":
                assert answer.status_code != 401, (method, path, kind)
