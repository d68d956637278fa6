"""Sites as a whole: made or not made at all, changed, and gone without a trace in the others."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from core.app import runtime_of
from core.content import create_post
from core.context import Actor
from core.contract.content import PostData
from core.contract.markers import hookimpl
from core.db import Database, execute, platform_execute, platform_read, tenant_read, tenant_table_names
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from core.jobs import enqueue
from core.plugins import Plugin
from core.sites import create_site, delete_site, find_site, list_sites, resume_site, set_site, suspend_site
from tests.kit.client import Browser
from tests.kit.plugin import entered


async def _footprint() -> dict[str, int]:
    """Count the platform's rows, which tell about every site."""
    async with platform_read():
        counts = {}
        for table in ("tenants", "tenant_hosts", "enabled_plugins", "installation"):
            rows = await platform_execute(f"SELECT count(*) AS n FROM {table}")
            counts[table] = int(rows[0]["n"])
    return counts


async def _rows_of(app: Any, slug: str) -> dict[str, int]:
    with entered(app, slug):
        async with tenant_read():
            return {
                name: int(
                    (await execute(f"SELECT count(*) AS n FROM {name} WHERE tenant_id = {{tenant}}"))[0]["n"]
                )
                for name in await tenant_table_names()
            }


async def test_a_new_site_answers_at_once(app: Any, within: Any) -> None:
    with within("alfa"):
        made = await create_site(
            "gama",
            title="Gama",
            hosts=("GAMA.test.", "www.gama.test"),
            settings={"site": {"tagline": "Raios"}},
        )
        assert (made.hosts, made.status) == (("gama.test", "www.gama.test"), "active")
        assert [tenant.slug for tenant in list_sites()] == ["alfa", "beta", "gama"]
    for host in made.hosts:
        async with Browser(app, host=host) as visitor:
            answer = await visitor.get("/", follow_redirects=True)
            assert "Raios" in answer.text
    rows = await _rows_of(app, "gama")
    assert rows["user_roles"]
    assert rows["terms"] == 1


@pytest.mark.parametrize(
    ("slug", "hosts", "plugins", "settings", "wrong"),
    [
        ("Gama!", ("gama.test",), (), {}, Invalid),
        ("gama\n", ("gama.test",), (), {}, Invalid),
        ("admin", ("gama.test",), (), {}, Invalid),
        ("gama", (), (), {}, Invalid),
        ("gama", ("gama\n.test",), (), {}, Invalid),
        ("gama", ("ga ma.test",), (), {}, Invalid),
        ("gama", ("gama.test", "beta.test"), (), {}, Conflict),
        ("beta", ("gama.test",), (), {}, Conflict),
        ("gama", ("gama.test",), ("coments",), {}, NotFound),
        ("gama", ("gama.test",), (), {"site": {"posts_per_page": 0}}, Invalid),
        ("gama", ("gama.test",), (), {"nobody": {"x": 1}}, NotFound),
    ],
)
async def test_what_can_not_be_made_leaves_nothing(
    app: Any, within: Any, slug: str, hosts: Any, plugins: Any, settings: Any, wrong: type[Exception]
) -> None:
    with within("alfa"):
        before = await _footprint()
        with pytest.raises(wrong):
            await create_site(slug, title="Gama", hosts=hosts, plugins=plugins, settings=settings)
        assert await _footprint() == before
        await runtime_of(app).tenants.refresh(force=True)
        assert [tenant.slug for tenant in list_sites()] == ["alfa", "beta"]
        assert (await create_site("gama", title="Gama", hosts=("gama.test",))).slug == "gama"


async def test_a_plugin_may_refuse_a_new_site(app_with: Any) -> None:
    @hookimpl
    def on_site_creating(slug: str) -> None:
        raise Refused("Not on a Monday.")

    parts = {"hooks": SimpleNamespace(on_site_creating=on_site_creating)}
    app = await app_with(Plugin(name="mondays", version="1.0", title="Mondays", parts=parts))
    with entered(app, "alfa"):
        before = await _footprint()
        with pytest.raises(Refused, match="Monday"):
            await create_site("gama", title="Gama", hosts=("gama.test",), plugins=("mondays",))
        assert await _footprint() == before
        with pytest.raises(NotFound):
            find_site("gama")


async def test_sites_are_the_operators(app: Any, within: Any, people: Any) -> None:
    boss = await people.make("alfa", "administrator")
    actor = Actor(kind="user", id=boss.id, name="boss", roles=frozenset({"administrator"}))
    with within("alfa", actor=actor):
        with pytest.raises(Forbidden):
            list_sites()
        for refused in (
            create_site("gama", title="Gama", hosts=("gama.test",)),
            set_site("alfa", title="x"),
            suspend_site("beta"),
            resume_site("beta"),
            delete_site("beta", confirm="beta"),
        ):
            with pytest.raises(Forbidden):
                await refused


async def test_an_unknown_site_is_named_with_the_known_ones(app: Any, within: Any) -> None:
    with within("alfa"), pytest.raises(NotFound) as caught:
        find_site("alpha")
    assert "alpha" in str(caught.value)
    assert "alfa, beta" in caught.value.hint


async def test_hosts_move_with_the_change(app: Any, within: Any) -> None:
    with within("alfa"):
        with pytest.raises(Conflict):
            await set_site("alfa", hosts=("beta.test",))
        assert find_site("alfa").hosts == ("alfa.test",)
        with pytest.raises(Invalid):
            await set_site("alfa", title="  ")
        await set_site("alfa", title="Alfa e Ômega", hosts=("nova.test",))
        assert find_site("alfa").title == "Alfa e Ômega"
    for host, status in (("nova.test", 200), ("alfa.test", 404), ("beta.test", 200)):
        async with Browser(app, host=host) as visitor:
            assert (await visitor.get("/")).status_code == status


async def test_a_site_goes_with_all_its_rows_and_the_other_stays(app: Any, within: Any, people: Any) -> None:
    for site in ("alfa", "beta"):
        author = await people.make(site, "editor")
        with within(site):
            async with tenant_read():
                await create_post(PostData(type="post", title="Vacinas", author_id=author.id))
    with within("alfa") as gone:
        from core.db import tenant_work

        async with tenant_work():
            await enqueue("chores.work")
    other = await _rows_of(app, "beta")
    with within("beta"):
        with pytest.raises(Invalid):
            await delete_site("alfa", confirm="alpha")
        assert find_site("alfa")
        await delete_site("alfa", confirm="alfa")
        with pytest.raises(NotFound):
            find_site("alfa")
        async with tenant_read(gone):
            for name in await tenant_table_names():
                left = await execute(f"SELECT count(*) AS n FROM {name} WHERE tenant_id = {{tenant}}")
                assert (name, int(left[0]["n"])) == (name, 0)
        async with platform_read():
            for table in ("tenant_hosts", "enabled_plugins", "jobs"):
                rows = await platform_execute(
                    f"SELECT count(*) AS n FROM {table} WHERE tenant_id = {{}}", gone.id
                )
                assert (table, int(rows[0]["n"])) == (table, 0)
    assert await _rows_of(app, "beta") == other
    async with Browser(app, "alfa") as visitor:
        assert (await visitor.get("/")).status_code == 404


async def test_two_that_want_the_same_name_get_one_site(app: Any, within: Any, database: Database) -> None:
    with within("alfa"):
        results = await asyncio.gather(
            *(create_site("gama", title="Gama", hosts=(f"g{n}.test",)) for n in range(2)),
            return_exceptions=True,
        )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Tenant"]
