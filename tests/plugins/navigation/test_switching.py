"""Off means gone, on means back, for one site; archives, uninstalling and the API take part."""

from pathlib import Path
from typing import Any

from core.db import execute, tenant_read
from core.sites import uninstall_plugin
from tests.core.sites.test_restore import export, remove, restore
from tests.kit.client import Browser
from tests.kit.plugin import entered
from tests.plugins.navigation.world import World, item, navigating, to_post

ADDRESSES = (
    "/admin/navigation",
    "/admin/navigation/new",
    "/admin/navigation/1",
    "/api/v1/navigation",
    "/api/v1/navigation/1",
)


async def answers(person: Browser) -> list[int]:
    return [(await person.get(path)).status_code for path in ADDRESSES]


async def test_off_on_one_site_and_on_on_the_other(world: World) -> None:
    await navigating(world.app, "beta")
    admins = {}
    for site in ("alfa", "beta"):
        about = await world.page("Sobre", site)
        await world.menu(
            "Principal",
            [to_post(about, label=f"De {site}"), item(label="Fora", level=1)],
            "primary",
            site=site,
        )
        admins[site] = await world.people.browser(site, "administrator")
    assert set(await answers(admins["alfa"])) == {200}
    await world.switch("alfa", on=False)
    assert set(await answers(admins["alfa"])) == {404}
    assert "/admin/navigation" not in (await admins["alfa"].get("/admin")).text
    assert await world.seen() == ["Sobre"]  # the fallback
    assert await world.seen("/sobre/", "beta") == ["De beta", ["Fora"]]
    assert set(await answers(admins["beta"])) == {200}
    await world.switch("alfa", on=True)
    assert set(await answers(admins["alfa"])) == {200}
    assert await world.seen() == ["De alfa", ["Fora"]]
    assert await world.seen("/", "beta") == ["De beta", ["Fora"]]


async def test_what_goes_while_it_is_off_is_gone_when_it_is_back(world: World) -> None:
    from core.content import change_status, delete_post

    page = await world.page("Sobre")
    menu = await world.menu("Principal", [to_post(page), item(label="Fica")], "primary")
    await world.switch(on=False)
    with entered(world.app, "alfa"):
        async with tenant_read():
            await change_status(page.id, "trash")
            await delete_post(page.id)
    await world.switch(on=True)
    assert await world.seen() == ["Fica"]
    admin = await world.people.browser("alfa", "administrator")
    assert (await admin.soup(f"/admin/navigation/{menu.number}")).select_one(".entry .chip-bad") is not None


async def test_a_site_s_archive_holds_its_menus(world: World, tmp_path: Path) -> None:
    page = await world.page("Sobre")
    await world.menu("Principal", [to_post(page), item(label="Dois", level=1)], "primary")
    archive = await export(world.app, "alfa", tmp_path / "alfa.zip")
    await world.switch("beta", on=True)
    await world.menu("Deles", [item(label="Beta")], "primary", site="beta")
    await remove(world.app, "alfa")
    await restore(world.app, archive)
    assert await world.seen() == ["Sobre", ["Dois"]]
    assert await world.seen("/", "beta") == ["Beta"]


async def test_uninstalling_exports_and_erases_this_site_s_menus_only(world: World, tmp_path: Path) -> None:
    await navigating(world.app, "beta")
    for site in ("alfa", "beta"):
        await world.menu("Principal", [item(label="Um"), item(label="Dois", level=1)], "primary", site=site)
    await world.switch(on=False)
    with entered(world.app, "alfa"):
        async with tenant_read():
            await uninstall_plugin("navigation", tmp_path)
            for table in ("navigation_menus", "navigation_items", "navigation_places"):
                assert not await execute(f"SELECT id FROM {table} WHERE tenant_id = {{tenant}}")  # ours
    assert await world.seen("/", "beta") == ["Um", ["Dois"]]


async def test_the_api_reads_menus_with_their_entries(world: World) -> None:
    page = await world.page("Sobre")
    menu = await world.menu(
        "Principal",
        [
            to_post(page, css="azul"),
            item(label="Fora", level=1, url="https://a.example/", audience="in"),
            item("heading", "Mais"),
        ],
        "primary",
    )
    for number in range(3):
        await world.menu(f"Outro {number}")
    admin = await world.people.browser("alfa", "administrator")
    first: Any = (await admin.get("/api/v1/navigation?limit=2")).json()
    assert [found["name"] for found in first["items"]] == ["Principal", "Outro 0"] and first["next"]
    second = (await admin.get(f"/api/v1/navigation?limit=2&cursor={first['cursor']}")).json()
    assert [found["name"] for found in second["items"]] == ["Outro 1", "Outro 2"] and not second.get("next")
    found = (await admin.get(f"/api/v1/navigation/{menu.number}")).json()
    assert found["places"] == ["primary"] and found["count"] == 3
    about, more = found["items"]
    assert about["title"] == "Sobre" and about["label"] == "" and about["url"].endswith(".test/sobre/")
    assert about["classes"] == ["azul"] and about["state"] == "shown"
    assert [(c["title"], c["audience"], c["url"]) for c in about["children"]] == [
        ("Fora", "in", "https://a.example/")
    ]
    assert (more["kind"], more["url"], more["children"]) == ("heading", "", [])
    for person in (world.browser(), await world.people.browser("alfa", "editor")):
        assert (await person.get(f"/api/v1/navigation/{menu.number}")).status_code in (401, 403)
    assert (await admin.get("/api/v1/navigation/999")).status_code == 404


async def test_the_widget_shows_a_menu_wherever_it_is_placed(world: World) -> None:
    from plugins.navigation.widget import WIDGET, MenuWidget
    from tests.core.site.test_menus import page

    await world.menu(
        "Lateral",
        [item(label="Um", url="/um/"), item(label="Dois", level=1), item(label="Dentro", audience="in")],
    )
    with entered(world.app, "alfa"):
        async with tenant_read():
            shown = await WIDGET.render(MenuWidget(menu=1), page("/um/"))
            assert "current-menu-item" in shown and "Dois" in shown
            assert await WIDGET.render(MenuWidget(menu=99), page("/um/")) == ""
            assert WIDGET.problem is not None and WIDGET.choices is not None
            assert "excluído" in await WIDGET.problem(MenuWidget(menu=99))
            assert [choice.label for choice in await WIDGET.choices("menu") or ()] == [
                "Escolha um menu",
                "Lateral",
            ]
