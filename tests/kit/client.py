"""A browser without a screen: cookies, forms with their tokens, and the sites by name."""

import re
from typing import Any

import httpx
from bs4 import BeautifulSoup
from litestar import Litestar

from .templates import SITES

__all__ = ["Browser"]

_TOKEN = re.compile(r'name="_csrf"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="_csrf"')


class Browser(httpx.AsyncClient):
    """A client of one site of an app in this process. It sends what a browser sends along.

    Args:
        app: The application.
        site: Short name of the site; see `tests.kit.templates.SITES`.
        host: Another host name, for tests of hosts.
    """

    def __init__(
        self, app: Litestar, site: str = "alfa", *, host: str = "", raise_errors: bool = True
    ) -> None:
        name = host or SITES[site][0]
        super().__init__(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=raise_errors),  # type: ignore[arg-type]  # Litestar is ASGI
            base_url=f"http://{name}",
            headers={"sec-fetch-site": "same-origin", "accept": "text/html,*/*"},
            follow_redirects=False,
        )

    async def soup(self, path: str, status: int = 200) -> BeautifulSoup:
        """GET a page and return it parsed.

        Raises:
            AssertionError: Another status came back.
        """
        answer = await self.get(path, follow_redirects=True)
        assert answer.status_code == status, f"{path}: {answer.status_code}\n{answer.text[:2000]}"
        return BeautifulSoup(answer.text, "html.parser")

    async def token(self, path: str) -> str:
        """Return the form token of a page."""
        found = _TOKEN.search((await self.get(path, follow_redirects=True)).text)
        assert found, f"{path} holds no form token"
        return found.group(1) or found.group(2)

    async def submit(
        self, path: str, data: dict[str, Any] | None = None, *, page: str = ""
    ) -> httpx.Response:
        """POST a form with the token of `page` (the form's own address unless given)."""
        token = await self.token(page or path)
        return await self.post(path, data={**(data or {}), "_csrf": token})

    async def sign_in(self, email: str, password: str) -> httpx.Response:
        """Sign in through the form."""
        answer = await self.submit("/admin/login", {"identifier": email, "password": password})
        assert answer.status_code in (302, 303), answer.text[:2000]
        return answer
