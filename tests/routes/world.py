"""Something on each site for the tests of whole routes: one of everything that an address can name."""

from typing import Any

import msgspec
from litestar import Litestar

from core.accounts import Account
from tests.core.api.kit import Api, open_api
from tests.kit.people import People

__all__ = ["Things", "fill"]


class Things(msgspec.Struct, kw_only=True):
    """What there is on a site: numbers of rows, by what they are."""

    post: int
    draft: int
    locked: int
    page: int
    category: int
    tag: int
    person: int
    owner: Account


async def fill(app: Litestar, site: str, owner: Account | None = None) -> Things:
    """Make one of everything on a site and return what it is called.

    Args:
        app: The application.
        site: Short name of the site.
        owner: Whose posts they are; an administrator made for it unless given.
    """
    api = await open_api(app, site, "administrator")
    author = owner or api.person
    mine = {"author": author.number}
    category = await api.change("POST", "/terms/category", {"name": "Vacinas"}, 201)
    tag = await api.change("POST", "/terms/post_tag", {"name": "Dengue"}, 201)
    terms = {"category": [category["number"]], "post_tag": [tag["number"]]}
    post = await _publish(api, "/posts", title="Vacinas em dia", content="<p>Oi</p>", terms=terms, **mine)
    locked = await _publish(api, "/posts", title="Reservado", password="abre-te-sesamo", **mine)
    page = await _publish(api, "/pages", title="Sobre nós", content="<p>Oi</p>", **mine)
    draft = await api.change("POST", "/posts", {"title": "Rascunho", **mine}, 201)
    person = await People(app).make(site, "author")
    return Things(
        post=post,
        draft=draft["number"],
        locked=locked,
        page=page,
        category=category["number"],
        tag=tag["number"],
        person=person.number,
        owner=author,
    )


async def _publish(api: Api, path: str, **fields: Any) -> int:
    made = await api.change("POST", path, fields, 201)
    await api.change("POST", f"{path}/{made['number']}/status", {"status": "publish"})
    return int(made["number"])
