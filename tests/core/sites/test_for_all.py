"""Plugins of level installation: an operator turns them on for every site."""

from types import SimpleNamespace
from typing import Any

import pytest
from litestar import get

from core.app import runtime_of
from core.context import Actor, acting, current_tenant
from core.contract.markers import hookimpl
from core.db import platform_read
from core.errors import Forbidden, Invalid, NotFound, Refused
from core.hooks import use_plan
from core.i18n import use_language
from core.plugins import Plugin
from core.sites import create_site, disable_for_all, disable_plugin, enable_for_all, enable_plugin
from core.tenancy import Tenants
from tests.kit.client import Browser
from tests.kit.plugin import entered

OPERATOR = Actor(kind="operator", name="Operadora")


@pytest.fixture
def heard() -> list[str]:
    """What the plugin's hooks heard, and for which site."""
    return []


@pytest.fixture
def plugins(heard: list[str]) -> tuple[Plugin, ...]:
    """`bell` is for all sites and requires `rope`, which is too; `chime` is a site's and requires `bell`."""

    @hookimpl
    def on_plugin_enabling(plugin: str) -> None:
        heard.append(f"{current_tenant().slug}: {plugin}?")

    @hookimpl
    def on_plugin_enabled(plugin: str) -> None:
        heard.append(f"{current_tenant().slug}: {plugin}")

    @hookimpl
    def on_plugin_disabling(plugin: str) -> None:
        if heard and heard[0] == "stay":
            raise Refused("The bell stays.")

    @get("/bell", opt={"capability": "public"})
    async def ring() -> str:
        return "ding"

    @hookimpl
    def filter_document_title(title: str) -> str:
        return f"Ding: {title}"

    hooks = SimpleNamespace(
        filter_document_title=filter_document_title,
        on_plugin_enabling=on_plugin_enabling,
        on_plugin_enabled=on_plugin_enabled,
        on_plugin_disabling=on_plugin_disabling,
    )
    return (
        Plugin(name="rope", version="1.0", title="Rope", level="installation"),
        Plugin(
            name="bell",
            version="1.0",
            title="Bell",
            level="installation",
            requires=("rope",),
            parts={"hooks": hooks, "routes": [ring]},
        ),
        Plugin(name="chime", version="1.0", title="Chime", requires=("bell",)),
    )


@pytest.fixture
async def operated(app_with: Any, plugins: tuple[Plugin, ...]) -> Any:
    """The application, and being its operator."""
    app = await app_with(*plugins)
    runtime = runtime_of(app)
    plan = use_plan(runtime.registry.platform_plan())
    with runtime.active(), acting(None, OPERATOR), plan, use_language("en"):
        async with platform_read():
            yield app


async def _answers(app: Any, *sites: str) -> list[int]:
    found = []
    for site in sites:
        async with Browser(app, site) as visitor:
            found.append((await visitor.get("/bell")).status_code)
    return found


async def test_it_is_on_for_every_site_at_once_and_off_again(operated: Any, heard: list[str]) -> None:
    assert await _answers(operated, "alfa", "beta") == [404, 404]
    assert await enable_for_all("bell") == ("rope", "bell")
    assert await enable_for_all("bell") == ()
    assert await _answers(operated, "alfa", "beta") == [200, 200]
    both = [f"{site}: {plugin}" for site in ("alfa", "beta") for plugin in ("rope", "bell")]
    assert sorted(heard) == sorted([*both, *(f"{line}?" for line in both)])
    assert await disable_for_all("bell") == ("bell",)
    assert await disable_for_all("bell") == ()
    assert await _answers(operated, "alfa", "beta") == [404, 404]
    assert runtime_of(operated).registry.installation == {"rope"}


async def test_its_hooks_come_and_go_with_it(operated: Any) -> None:
    async def titles() -> list[bool]:
        found = []
        for site in ("alfa", "beta"):
            async with Browser(operated, site) as visitor:
                found.append("<title>Ding: " in (await visitor.get("/")).text)
        return found

    assert await titles() == [False, False]
    await enable_for_all("bell")
    assert await titles() == [True, True]
    await disable_for_all("bell")
    assert await titles() == [False, False]


async def test_other_processes_and_new_sites_have_it_too(operated: Any, heard: list[str]) -> None:
    runtime = runtime_of(operated)
    await enable_for_all("bell")
    runtime.registry.turn_on_for_all(())  # as in a process that has not heard yet
    await Tenants().refresh()
    assert runtime.registry.installation == {"rope", "bell"}
    heard.clear()
    await create_site("gama", title="Gama", hosts=("gama.test",))
    assert sorted(heard) == ["gama: bell", "gama: bell?", "gama: rope", "gama: rope?"]
    async with Browser(operated, host="gama.test") as visitor:
        assert (await visitor.get("/bell")).status_code == 200


async def test_what_is_in_use_stays(operated: Any, heard: list[str]) -> None:
    await enable_for_all("bell")
    with pytest.raises(Invalid, match="bell"):
        await disable_for_all("rope")
    with entered(operated, "alfa"):
        await enable_plugin("chime")
    with pytest.raises(Invalid, match="chime"):
        await disable_for_all("bell")
    with entered(operated, "alfa"):
        await disable_plugin("chime")
    heard[:] = ["stay"]
    with pytest.raises(Refused):
        await disable_for_all("bell")
    assert await _answers(operated, "alfa", "beta") == [200, 200]


async def test_it_is_the_operators_alone_and_only_for_such_plugins(operated: Any, people: Any) -> None:
    with pytest.raises(Invalid, match="say which site"):
        await enable_for_all("chime")
    with pytest.raises(Invalid, match="say which site"):
        await disable_for_all("comments")
    with pytest.raises(NotFound, match="bell"):
        await enable_for_all("bel")
    with entered(operated, "alfa", Actor(kind="user", name="Admin")):
        for change in (enable_for_all, disable_for_all):
            with pytest.raises(Forbidden):
                await change("bell")
    assert await _answers(operated, "alfa", "beta") == [404, 404]
