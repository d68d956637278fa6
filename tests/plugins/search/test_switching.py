"""The index is made when the plugin is switched on; until it is whole, and without it, the core finds by itself."""

from types import SimpleNamespace
from typing import Any

from litestar import Litestar

from core.contract.markers import hookimpl
from core.db import execute, platform_execute, tenant_read, tenant_work
from core.plugins import Plugin
from core.sites import enable_plugin
from plugins.search import index
from tests.kit.plugin import entered
from tests.plugins.search.world import World, searching


async def documents(world: World, site: str = "alfa") -> int:
    with entered(world.app, site):
        async with tenant_read():
            rows = await execute("SELECT count(*) AS n FROM search_documents WHERE tenant_id = {tenant}")
    return int(rows[0]["n"])


async def test_switching_it_off_and_on_loses_nothing(app: Litestar) -> None:
    world = World(app)
    await world.post("Antes do plugin", "<p>vacinação</p>")
    assert await world.titles("vacinações") == []  # the core compares words as they are
    assert await world.titles("vacinação") == ["Antes do plugin"]
    with entered(app, "alfa"):
        async with tenant_read():
            await enable_plugin("search")
    assert await world.titles("vacinação") == ["Antes do plugin"]  # the index is not there yet
    await world.work()
    assert await world.titles("vacinações") == ["Antes do plugin"]
    await world.switch(on=False)
    assert await world.titles("vacinações") == [] and await world.titles("vacinação") == ["Antes do plugin"]
    await world.post("Enquanto estava fora", "<p>vacinação</p>")
    await world.switch(on=True)
    assert len(await world.titles("vacinações")) == 2


async def test_a_run_that_was_cut_off_goes_on(app: Litestar, monkeypatch: Any) -> None:
    world = World(app)
    for number in range(7):
        await world.post(f"Texto {number}", "<p>chá</p>")
    monkeypatch.setattr(index, "_BATCH", 2)
    written = 0
    put = index.put

    async def failing(post: Any) -> None:
        nonlocal written
        written += 1
        if written == 5:
            raise RuntimeError("the machine stops here")
        await put(post)

    monkeypatch.setattr(index, "put", failing)
    await world.switch(on=True)
    assert await documents(world) == 4
    monkeypatch.setattr(index, "put", put)
    with entered(app, "alfa"):
        async with tenant_work():
            await platform_execute("UPDATE jobs SET run_at = created_at WHERE kind = 'search.index'")
    await world.work()
    assert await documents(world) == 7


async def test_another_language_makes_the_index_anew(world: World) -> None:
    await world.post("Running for your health", "<p>Exercises</p>")
    assert await world.titles("exercising") == []
    await world.settings("site", language="en")
    await world.work()
    assert await world.titles("exercising") == ["Running for your health"]


async def test_plugins_say_what_can_be_found(app_with: Any) -> None:
    @hookimpl
    async def filter_search_text(text: str, post: Any) -> str:
        return f"{text} palavra-do-plugin"

    more = Plugin(
        name="more",
        version="1.0",
        title="More",
        requires=("search",),
        parts={"hooks": SimpleNamespace(filter_search_text=filter_search_text)},
    )
    world = await searching(await app_with(more, on=("alfa",)))
    await world.post("Um", "<p>texto</p>")
    assert await world.titles("palavra do plugin") == ["Um"]
