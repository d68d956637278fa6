"""What the admin's tests share: forms as browsers send them, and content to work on."""

from typing import Any

import httpx
from bs4 import BeautifulSoup
from litestar import Litestar

from core.accounts import Account, actor_of
from core.content import change_status, create_post
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import tenant_read
from tests.kit.client import Browser
from tests.kit.plugin import entered

__all__ = ["HTMX", "fields_of", "htmx_post", "make_post", "parsed", "said", "send"]

HTMX = {"hx-request": "true"}


def parsed(answer: httpx.Response) -> BeautifulSoup:
    """Return the HTML of an answer."""
    return BeautifulSoup(answer.text, "html.parser")


def fields_of(soup: BeautifulSoup, selector: str = "form") -> dict[str, list[str]]:
    """Return what a browser would send for a form as it stands, without its buttons."""
    form = soup.select_one(selector)
    assert form is not None, f"no form {selector}"
    found: dict[str, list[str]] = {}
    for field in form.select("input, textarea, select"):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or field.has_attr("disabled") or kind in ("file", "submit", "button"):
            continue
        if kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                found.setdefault(str(name), []).append(str(field.get("value", "on")))
        elif field.name == "select":
            option = field.select_one("option[selected]") or field.select_one("option")
            found.setdefault(str(name), []).append(str(option.get("value", "")) if option else "")
        elif field.name == "textarea":
            # the line feed that a parser drops stands for none of the text
            found.setdefault(str(name), []).append(field.text.removeprefix("\n"))
        else:
            found.setdefault(str(name), []).append(str(field.get("value", "")))
    return found


async def send(
    browser: Browser,
    path: str,
    changes: dict[str, Any] | None = None,
    *,
    selector: str = "form",
    to: str = "",
) -> httpx.Response:
    """Open a page, change what its form holds, and send it to the form's address."""
    soup = await browser.soup(path)
    form = soup.select_one(selector)
    assert form is not None, f"no form {selector} on {path}"
    data: dict[str, Any] = fields_of(soup, selector)
    for name, value in (changes or {}).items():
        if value is None:
            data.pop(name, None)
        else:
            data[name] = value
    return await browser.post(to or str(form.get("action")), data=data)


async def htmx_post(browser: Browser, path: str, data: dict[str, Any], *, page: str) -> httpx.Response:
    """POST as htmx does, with the token in a header."""
    token = await browser.token(page)
    return await browser.post(path, data=data, headers={**HTMX, "x-csrf-token": token})


async def said(browser: Browser, answer: httpx.Response) -> str:
    """Follow a redirect and return what the toasts say."""
    assert answer.status_code == 303, answer.text[:2000]
    soup = await browser.soup(answer.headers["location"])
    return " ".join(toast.get_text(" ", strip=True) for toast in soup.select(".toast p"))


async def make_post(
    app: Litestar, author: Account, *, site: str = "alfa", status: str = "draft", **fields: Any
) -> PostView:
    """Make a post of somebody, as that person."""
    with entered(app, site):
        async with tenant_read():
            actor = await actor_of(author)
    with entered(app, site, actor):
        async with tenant_read():
            post = await create_post(PostData(**{"title": "Um post", "content": "<p>Texto.</p>"} | fields))
            if status != "draft":
                post = await change_status(post.id, status)  # type: ignore[arg-type]  # one of the statuses
            return post
