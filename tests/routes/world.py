"""Two sites with one of everything that an address can name, and somebody of each role."""

import base64
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from litestar import Litestar

from core.accounts import Account, actor_of, list_tokens
from core.accounts.sessions import open_session
from core.app import runtime_of
from core.clock import now
from core.content import TermData, change_status, create_post, create_term, make_preview_link
from core.contract.content import PostData
from core.db import (
    SqliteDatabase,
    execute,
    next_number,
    platform_execute,
    platform_work,
    tenant_read,
    tenant_table_names,
    tenant_work,
)
from core.ids import new_id
from core.jobs import enqueue
from core.media import MediaData, create_media
from core.sites import enable_plugin
from plugins.navigation.operations import create_menu
from tests.core.api.kit import make_person, open_api, token_for
from tests.kit.plugin import entered
from tests.kit.templates import SITES
from tests.routes.addresses import parameters_of

__all__ = [
    "ABSENT",
    "ROLES",
    "Snapshot",
    "Things",
    "World",
    "enable_everything",
    "fill",
    "make_world",
    "values_for",
]

ROLES = ("anonymous", "subscriber", "contributor", "author", "editor", "administrator")

FAR = 7_000_000
"""Numbers of the second site lie beyond this one, so that none of them is a number of the first."""
ABSENT = FAR + 999_999
"""A number that nothing has on either site, as long as those of the second."""
NOWHERE = UUID("01900000-0000-7000-8000-00000000abcd")
"""An id that nothing has on either site."""


PIXEL = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
"""The smallest picture."""


class Things(msgspec.Struct, kw_only=True):
    """What there is on a site: numbers of rows, by what they are."""

    post: int
    draft: int
    locked: int
    page: int
    category: int
    tag: int
    person: int
    media: int
    comment: int
    """0 where the plugin is off."""
    widget: int
    """0 where the plugin is off."""
    menu: int
    """0 where the plugin is off."""
    category_id: UUID
    person_id: UUID
    session_id: UUID
    token_id: UUID
    job_id: UUID
    redirect_id: UUID
    missing_id: UUID
    link_id: UUID
    owner: Account
    urls: tuple[str, ...]
    """Pages of the site that show them."""


class World(msgspec.Struct, kw_only=True):
    """Both sites, and who asks."""

    app: Litestar
    alfa: Things
    beta: Things
    people: Mapping[str, Account | None]
    """Somebody of each role on the first site; None for nobody."""


_NAMED = {
    ("content", "type"): "post",
    ("terms", "taxonomy"): "category",
    ("terms", "name"): "category",
    ("content", "name"): "post",
    ("plugins", "name"): "comments",
    ("plugin", "name"): "comments",
    ("roles", "name"): "subscriber",
    ("themes", "name"): "clinica",
    ("settings", "page"): "reading",
    ("media", "name"): "arquivo.png",
    ("revisions", "revision"): "1",
    ("versions", "number"): "0",
    ("look", "name"): "logo-nothing.webp",
    ("preview", "token"): "nothing",
    ("new", "name"): "post",
    ("trash", "name"): "post",
    ("discard", "key"): "abcdefgh",
    ("answers", "word"): "follow",
    ("answers", "token"): "nothing",
    **{(before, "token"): "nothing" for before in ("confirm-email", "first", "join", "reset")},
}
"""What stands where an address names something that every site has."""

_ROWS = {
    ("posts", "number"): "post",
    ("pages", "number"): "page",
    ("content", "number"): "post",
    ("terms", "number"): "category",
    ("users", "number"): "person",
    ("media", "number"): "media",
    ("media", "key"): "media",
    ("comments", "number"): "comment",
    ("comments", "key"): "comment",
    ("widgets", "number"): "widget",
    ("navigation", "number"): "menu",
    ("terms", "key"): "category_id",
    ("users", "key"): "person_id",
    ("sessions", "key"): "session_id",
    ("tokens", "key"): "token_id",
    ("jobs", "key"): "job_id",
    ("redirects", "key"): "redirect_id",
    ("missing", "key"): "missing_id",
    ("links", "link"): "link_id",
}
"""What stands where an address names a row: a field of `Things`."""

_BY_PATH = {"/comments/{number:int}": "post"}
"""The same for addresses whose number is of something else than their name says."""


def values_for(path: str, things: Things | None) -> dict[tuple[str, str], str]:
    """Return what stands in the place of each parameter of a path.

    Args:
        path: A route's path.
        things: What is there to be named; None for what is nowhere.

    Raises:
        AssertionError: A parameter that this module knows nothing for.
    """
    found = {}
    for name, _kind, before in parameters_of(path):
        key = (before, name)
        if key in _NAMED:
            found[key] = _NAMED[key]
        elif key in _ROWS:
            what = _BY_PATH.get(path, _ROWS[key])
            absent = NOWHERE if what.endswith("_id") else ABSENT
            found[key] = str(absent if things is None else getattr(things, what))
        else:
            raise AssertionError(
                f"Nobody said what stands for {{{name}}} after {before!r} in {path}: add it to tests/routes/world.py."
            )
    return found


def names_rows(path: str) -> bool:
    """Tell whether an address names a row, which may be another site's."""
    return any((before, name) in _ROWS for name, _kind, before in parameters_of(path))


async def fill(app: Litestar, site: str, owner: Account | None = None) -> Things:
    """Make one of everything on a site, by `owner` or by an editor made for it."""
    owner = owner or await make_person(app, site, "editor")
    person = await make_person(app, site, "author")
    with entered(app, site):
        async with tenant_read():
            actor = await actor_of(owner)
    with entered(app, site, actor):
        async with tenant_read():
            category = await create_term("category", TermData(name="Vacinas"))
            tag = await create_term("post_tag", TermData(name="Dengue"))
            terms = {"category": (category.id,), "post_tag": (tag.id,)}
            media = await create_media(PIXEL, "arquivo.png", MediaData(access_level="private"))
            draft = await create_post(PostData(title="Rascunho"))
            post = await create_post(PostData(title="Vacinas em dia", content="<p>Oi</p>", terms=terms))
            locked = await create_post(PostData(title="Reservado", password="abre-te-sesamo"))
            page = await create_post(PostData(type="page", title="Sobre nós", content="<p>Oi</p>"))
            shown = [await change_status(made.id, "publish") for made in (post, locked, page)]
    with entered(app, site):
        urls = (
            "/",
            *(made.url for made in shown),
            category.url,
            tag.url,
            owner.view.url,
            "/?s=vacinas",
            "/feed/",
        )
        async with tenant_work():
            _token, session = await open_session(owner.id, 1, owner.capabilities)
            job = await enqueue("accounts.tidy", {"site": site})
    assert job is not None
    await _give_up(app, site, job)
    await token_for(app, site, owner)
    with entered(app, site, actor):
        async with tenant_read():
            (token,) = await list_tokens()
    return Things(
        post=post.number,
        draft=draft.number,
        locked=locked.number,
        page=page.number,
        category=category.number,
        tag=tag.number,
        person=person.number,
        media=media.number,
        comment=await _comment(app, site, post.number),
        widget=await _widget(app, site),
        menu=await _menu(app, site),
        category_id=category.id,
        person_id=person.id,
        session_id=session.id,
        token_id=token.id,
        job_id=job,
        redirect_id=await _led_on(app, site),
        missing_id=await _missed(app, site),
        link_id=await _link(app, site, post.id),
        owner=owner,
        urls=urls,
    )


async def _link(app: Litestar, site: str, post: UUID) -> UUID:
    """Make a link to look at a post."""
    with entered(app, site):
        async with tenant_read():
            _token, link = await make_preview_link(post, 24)
            return link.id


async def _give_up(app: Litestar, site: str, job: UUID) -> None:
    """Mark a job as failed for good."""
    with entered(app, site):
        async with platform_work():
            await platform_execute("UPDATE jobs SET status = 'failed' WHERE id = {}", job)


async def _menu(app: Litestar, site: str) -> int:
    """Make a menu that stands nowhere; 0 where its plugin is off."""
    with entered(app, site) as tenant:
        if "navigation" not in tenant.enabled:
            return 0
        async with tenant_read():
            return (await create_menu("Cardápio")).number


async def _led_on(app: Litestar, site: str) -> UUID:
    """Make a redirect, and return its id."""
    row = new_id()
    with entered(app, site):
        async with tenant_work():
            await execute(
                "INSERT INTO seo_redirects (id, tenant_id, source, target, status, created_at, updated_at)"
                " VALUES ({}, {tenant}, '/antigo', '/', 301, {}, {})",
                row,
                now(),
                now(),
            )
    return row


async def _missed(app: Litestar, site: str) -> UUID:
    """Note an address that leads nowhere, and return its id."""
    row = new_id()
    with entered(app, site):
        async with tenant_work():
            await execute(
                "INSERT INTO seo_missing (id, tenant_id, path, hits, first_seen_at, last_seen_at)"
                " VALUES ({}, {tenant}, '/nada/', 1, {}, {})",
                row,
                now(),
                now(),
            )
    return row


async def _comment(app: Litestar, site: str, post: int) -> int:
    """Make a comment that is shown, over the API of its plugin; 0 where that is off."""
    api = await open_api(app, site, "administrator")
    answer = await api.post("/comments", json={"post": post, "content": "Muito bom"})
    if answer.status_code == 404:
        return 0
    number = int(answer.json()["number"])
    await api.change("POST", f"/comments/{number}/status", {"status": "approved"})
    return number


async def _widget(app: Litestar, site: str) -> int:
    """Place a widget over the API of its plugin; 0 where that is off."""
    api = await open_api(app, site, "administrator")
    answer = await api.post("/widgets", json={"type": "text", "region": "footer"})
    return int(answer.json()["number"]) if answer.status_code == 201 else 0


async def enable_everything(app: Litestar, site: str) -> None:
    """Turn every installed plugin on."""
    with entered(app, site):
        async with tenant_read():
            for name in runtime_of(app).registry.plugins:
                await enable_plugin(name)


async def make_world(app: Litestar) -> World:
    """Fill both sites, with every installed plugin on, and make somebody of each role."""
    for site in SITES:
        await enable_everything(app, site)
    with entered(app, "beta"):
        async with tenant_work():
            for name in ("posts", "terms", "users", "media", "comments", "widgets", "navigation"):
                await next_number(name, FAR)
    people = {role: None if role == "anonymous" else await make_person(app, "alfa", role) for role in ROLES}
    return World(app=app, alfa=await fill(app, "alfa"), beta=await fill(app, "beta"), people=people)


async def rows_of(app: Litestar, site: str, but: frozenset[str] = frozenset()) -> dict[str, list[Any]]:
    """Return every row of a site, by table, to see whether anything has changed."""
    found: dict[str, list[Any]] = {}
    with entered(app, site):
        async with tenant_read():
            for table in await tenant_table_names():
                if table in but:
                    continue
                rows = await execute(
                    f"SELECT * FROM {table} WHERE tenant_id = {{tenant}}"
                )  # a name of the catalogue
                found[table] = sorted(rows, key=repr)
    return found


class Snapshot:
    """A SQLite database as it was, to go back to after something was changed."""

    def __init__(self, app: Litestar, path: Path) -> None:
        self._app = app
        self._path = path
        self._copy = path.with_suffix(".before")

    async def take(self) -> None:
        """Keep the database as it is now."""
        await self._closed(lambda: shutil.copy(self._path, self._copy))

    async def restore(self) -> None:
        """Make the database what it was."""
        await self._closed(lambda: shutil.copy(self._copy, self._path))

    async def _closed(self, work: Any) -> None:
        runtime = runtime_of(self._app)
        assert isinstance(runtime.database, SqliteDatabase)
        await runtime.database.stop()
        work()
        await runtime.database.start()
        with runtime.active():
            await runtime.tenants.refresh(force=True)
