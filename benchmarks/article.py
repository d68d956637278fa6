"""An article page that is not cached, and a REST list of ten posts: CPU in process."""

import tempfile
from time import process_time
from typing import Any

import uvloop
from litestar import Litestar, Response, get

from core.accounts import NewUser, create_user
from core.app import create_app, runtime_of
from core.content import change_status, create_post
from core.context import Actor, acting
from core.contract.content import PostData
from core.db import Database, PostgresDatabase, initialise_server, migrate, platform_read, tenant_read
from core.hooks import use_plan
from core.settings import Settings
from core.sites import create_site, find_site
from core.tenancy import enter
from tests.kit.pg import Cluster

REPEATS = 400
_PARAGRAPH = "<p>" + "Dormir bem depende de uma sequência de decisões pequenas. " * 12 + "</p>"


async def _send(_message: Any) -> None:
    return None


async def _receive() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _cost(app: Any, path: str) -> tuple[float, int]:
    """Return CPU ms, and the size of the body."""
    size = 0

    async def measure(message: Any) -> None:
        nonlocal size
        if message["type"] == "http.response.body":
            size = len(message["body"])

    def scope() -> dict[str, Any]:
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"bench.test"), (b"accept", b"text/html")],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }

    for _ in range(40):
        await app(scope(), _receive, measure)
    cpu = process_time()
    for _ in range(REPEATS):
        await app(scope(), _receive, _send)
    return (process_time() - cpu) / REPEATS * 1000, size


def bare_app(size: int) -> Litestar:
    """Return an application that is nothing but the framework, with one constant page."""

    @get("/", media_type="text/html")
    async def page() -> Response[str]:
        return Response("x" * size, media_type="text/html")

    return Litestar([page], openapi_config=None, logging_config=None)


async def _fill() -> None:
    await create_site("bench", title="Bench", hosts=("bench.test",))
    with enter(find_site("bench"), Actor(kind="cli")):
        async with tenant_read():
            author = await create_user(
                NewUser(email="autora@example.org", display_name="Autora", roles=("author",))
            )
            for number in range(12):
                data = PostData(title=f"Texto {number}", content=_PARAGRAPH * 15, author_id=author.id)
                post = await create_post(data)
                await change_status(post.id, "publish")


async def make_site(
    settings: Settings, database: Database | None = None, owner: Database | None = None
) -> Litestar:
    """Return an application whose database holds one site with twelve texts.

    Args:
        settings: They name the database, unless one is given.
        database: The database, as the role that serves.
        owner: The same as the role that migrates, where that is another.
    """
    app = create_app(settings, database=database)
    runtime = runtime_of(app)
    plan = use_plan(runtime.registry.platform_plan())
    with runtime.active(), acting(None, Actor(kind="cli")), plan:
        await runtime.database.start()
        await migrate(owner or runtime.database, runtime.migration_sources())
        await runtime.tenants.refresh()
        async with platform_read():
            await _fill()
    return app


async def measure() -> dict[str, float]:
    """Return CPU milliseconds of an article page and of a REST list on both engines, and the size of the page."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=f"sqlite:///{folder}/bench.db",
            var=folder,
            sites=folder,
            worker=False,
            reload_templates=False,
        )
        found, size = await _costs(await make_site(settings), "SQLite")
        cluster = Cluster()
        cluster.start()
        try:
            await initialise_server(cluster.url("postgres", "postgres"), "bench", {})
            owner = PostgresDatabase(cluster.url("vitral_owner", "bench"), size=2, guarded=False)
            database = PostgresDatabase(cluster.url("vitral_app", "bench"))
            more, _size = await _costs(await make_site(settings, database, owner), "PostgreSQL")
            await owner.stop()
        finally:
            cluster.stop()
        bare, _size = await _cost(bare_app(size), "/")
    return {**found, **more, "constant page, CPU ms": bare, "article, kB": size / 1000}


async def _costs(app: Litestar, engine: str) -> tuple[dict[str, float], int]:
    page, size = await _cost(app, "/texto-3/")
    listed, _size = await _cost(app, "/api/v1/posts")
    await runtime_of(app).database.stop()
    return {f"article on {engine}, CPU ms": page, f"REST list of 10 on {engine}, CPU ms": listed}, size


if __name__ == "__main__":
    print(uvloop.run(measure()))
