"""Browsers that are signed in without a form: tests of whole routes need hundreds of them."""

from typing import Any

import httpx
from litestar import Litestar

from core.accounts import Account, actor_of
from core.accounts.keys import digest, make_csrf
from core.accounts.sessions import open_session
from core.accounts.tables import User
from core.accounts.visit import SESSION_COOKIE
from core.db import tenant_work
from tests.kit.plugin import entered
from tests.kit.templates import SITES

__all__ = ["Visitor", "signed_in"]


class Visitor(httpx.AsyncClient):
    """A browser on one site, with a session or without one. It sends what a browser sends along."""

    def __init__(self, app: Litestar, site: str, *, session: str = "", csrf: str = "") -> None:
        super().__init__(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),  # type: ignore[arg-type]  # Litestar is ASGI
            base_url=f"http://{SITES[site][0]}",
            headers={"sec-fetch-site": "same-origin", "accept": "text/html,application/json;q=0.5"},
        )
        self._session = session
        self.csrf = csrf
        """Token for forms of this session."""

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request with the session as it was, whatever cookies earlier answers set."""
        self.cookies.clear()
        if self._session:
            self.cookies.set(SESSION_COOKIE, self._session)
        headers = {**options.pop("headers", {}), **({"x-csrf-token": self.csrf} if self.csrf else {})}
        return await self.request(method, path, headers=headers, **options)


async def signed_in(app: Litestar, site: str, account: Account | None) -> Visitor:
    """Return a browser with a fresh session of somebody; without one for None."""
    if account is None:
        return Visitor(app, site)
    with entered(app, site):
        async with tenant_work():
            (row,) = await User.select(User.security_stamp).where(User.id == account.id)
            actor = await actor_of(account)
            token, _view = await open_session(account.id, row["security_stamp"], actor.capabilities)
            return Visitor(app, site, session=token, csrf=make_csrf(digest(token)))
