"""One URL serves the page or its part; redirects stay on the site."""

from typing import Any

import pytest
from litestar import Request, Response, get, post

from core.http import html, page_or_part, redirect


@get("/list")
async def listing(request: Request[Any, Any, Any]) -> Response[str]:
    return html(f"<p>{page_or_part(request)}</p>")


@post("/done")
async def done(request: Request[Any, Any, Any]) -> Response[None]:
    return redirect("/list?saved=1#top", request=request)


@get("/evil")
async def evil() -> Response[None]:
    return redirect("//evil.test/x", 302)


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, "page"),
        ({"hx-request": "true"}, "part"),
        ({"hx-request": "false"}, "page"),
        ({"hx-request": "true", "hx-boosted": "true"}, "page"),
        ({"hx-request": "true", "hx-history-restore-request": "true"}, "page"),
    ],
)
async def test_page_or_part(edge: Any, headers: dict[str, str], wanted: str) -> None:
    async with edge(listing) as client:
        answer = await client.get("/list", headers=headers)
    assert answer.text == f"<p>{wanted}</p>"
    assert "HX-Request" in answer.headers["vary"]


async def test_redirects(edge: Any) -> None:
    async with edge(listing, done, evil) as client:
        plain = await client.post("/done")
        htmx = await client.post("/done", headers={"hx-request": "true"})
        away = await client.get("/evil")
    assert (plain.status_code, plain.headers["location"]) == (303, "/list?saved=1#top")
    assert (htmx.status_code, htmx.headers["hx-redirect"]) == (204, "/list?saved=1#top")
    assert "location" not in htmx.headers
    assert (away.status_code, away.headers["location"]) == (302, "/")
