"""Clients of the API for its tests: with a token, with a session, or without anything."""

import itertools
from typing import Any

import httpx
from litestar import Litestar

from core.accounts import NewUser, TokenForm, actor_of, create_token, create_user
from core.accounts.views import Account
from core.context import current_tenant
from core.db import tenant_read
from tests.kit.plugin import entered
from tests.kit.templates import SITES

__all__ = ["Api", "make_person", "open_api", "token_for"]

_number = itertools.count(1)


class Api(httpx.AsyncClient):
    """A program that uses one site's API."""

    def __init__(self, app: Litestar, site: str = "alfa", token: str = "", *, person: Any = None) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        super().__init__(
            transport=httpx.ASGITransport(app=app),  # type: ignore[arg-type]  # Litestar is ASGI
            base_url=f"http://{SITES[site][0]}/api/v1",
            headers=headers,
        )
        self.person: Account = person
        """Who it is, None for a visitor."""

    async def json(self, path: str, status: int = 200, **options: Any) -> Any:
        """GET and return the JSON of an answer."""
        answer = await self.get(path, **options)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:1000]}"
        return answer.json()

    async def change(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """Send a body and return the JSON of the answer, None if there is none."""
        answer = await self.request(method, path, json=body)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:1000]}"
        return answer.json() if answer.content else None


async def open_api(
    app: Litestar, site: str = "alfa", *roles: str, scopes: frozenset[str] | None = None
) -> Api:
    """Make somebody with these roles and return a program with a token of theirs; without roles, a visitor's.

    Args:
        app: The application.
        site: Short name of the site.
        roles: The person's roles.
        scopes: What the token may; everything that the person may unless given.
    """
    if not roles:
        return Api(app, site)
    person = await make_person(app, site, *roles)
    return Api(app, site, await token_for(app, site, person, scopes), person=person)


async def make_person(app: Litestar, site: str, *roles: str) -> Account:
    """Make somebody without a password: hashing one takes longer than most tests."""
    name = f"fulana{next(_number)}"
    with entered(app, site):
        async with tenant_read():
            return await create_user(
                NewUser(
                    email=f"{name}@example.org", username=name, display_name=name.capitalize(), roles=roles
                )
            )


async def token_for(app: Litestar, site: str, person: Any, scopes: frozenset[str] | None = None) -> str:
    """Return an API token of somebody."""
    from core.accounts import freshness

    with entered(app, site):
        async with tenant_read():
            actor = await actor_of(person)
    with entered(app, site, actor) as tenant:
        assert current_tenant().id == tenant.id
        fresh = freshness.is_fresh
        freshness.is_fresh = lambda: True
        try:
            async with tenant_read():
                text, _view = await create_token(
                    TokenForm(title="test", scopes=scopes or actor.capabilities, days=30)
                )
        finally:
            freshness.is_fresh = fresh
    return text
