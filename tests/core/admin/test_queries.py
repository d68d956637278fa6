"""No screen asks more of the database the more it shows (field complaint 10)."""

from typing import Any

import pytest
from litestar import Litestar

from core.accounts import NewUser, create_user
from core.content import TermData, create_term
from core.db import tenant_read, work
from tests.core.admin.kit import make_post
from tests.kit.people import People
from tests.kit.plugin import entered

MOST = {
    "/admin": 14,
    "/admin/posts": 13,
    "/admin/pages": 13,
    "/admin/posts/new": 12,
    "/admin/terms/category": 8,
    "/admin/users": 10,
    "/admin/roles": 6,
    "/admin/search?q=texto": 8,
}
"""Queries that a screen may take, whatever is on the site."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    for scope in (work.ReadScope, work.Work):
        real: Any = scope.fetch

        async def fetch(self: Any, sql: str, args: Any = (), real: Any = real) -> Any:
            found.append(sql)
            return await real(self, sql, args)

        monkeypatch.setattr(scope, "fetch", fetch)
    return found


async def test_screens_take_as_many_queries_for_two_as_for_twenty(
    app: Litestar, people: People, asked: list[str]
) -> None:
    admin = await people.make("alfa", "administrator")
    browser = await people.browser("alfa", "administrator")

    async def more(start: int, stop: int) -> None:
        for number in range(start, stop):
            with entered(app, "alfa"):
                async with tenant_read():
                    term = await create_term("category", TermData(name=f"Categoria {number}"))
                    await create_user(NewUser(email=f"p{number}@example.org", roles=("author",)))
            await make_post(
                app, admin, title=f"Texto {number}", status="publish", terms={"category": (term.id,)}
            )
            await make_post(app, admin, type="page", title=f"Texto {number}", status="publish")
            await make_post(app, admin, title=f"Rascunho {number}")

    async def count() -> dict[str, int]:
        taken = {}
        for path in MOST:
            await browser.get(path)
            asked.clear()
            assert (await browser.get(path)).status_code == 200
            taken[path] = len(asked)
        return taken

    await more(0, 2)
    few = await count()
    await more(2, 14)
    many = await count()
    assert many == few
    assert {path: number for path, number in many.items() if number > MOST[path]} == {}
