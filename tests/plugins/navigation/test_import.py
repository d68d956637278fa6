"""Menus from a WordPress export: whole, once, in whatever order entries come, now or when the plugin comes."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from core.contract.work import ImportedItem
from core.db import execute, tenant_read, tenant_work
from core.importing import import_wxr
from plugins.navigation.importing import take
from plugins.navigation.store import all_menus, items_of
from plugins.navigation.views import Item
from tests.kit.plugin import entered
from tests.plugins.navigation.world import World
from tests.wxr.test_pages import FILE

HERE = pytest.mark.skipif(not FILE.is_file(), reason="the theme unit test export is not beside the checkout")
LEVELS = [(f"Level {number:02}" if number else "Depth", number) for number in range(11)]


def raw(
    number: int, *, parent: int = 0, title: str = "", menu: str = "menu", url: str = "#", **more: Any
) -> ImportedItem:
    meta = {
        "type": "custom",
        "object": "custom",
        "object_id": str(number),
        "menu_item_parent": str(parent),
        "url": url,
    }
    given = {f"_menu_item_{key}": [value] for key, value in {**meta, **more.pop("meta", {})}.items()}
    data = {
        "post_id": str(number), "title": title or f"Item {number}", "status": "publish", "menu_order": number,
        "content": "", "excerpt": "", "terms": [["nav_menu", menu, "Um menu"]], "meta": given, **more,
    }  # fmt: skip
    return ImportedItem(
        source="https://antigo.example", kind="nav_menu_item", identity=f"{menu}|{number}", raw=data
    )


async def bring(world: World, items: Sequence[ImportedItem], site: str = "alfa") -> Mapping[str, Any]:
    with entered(world.app, site):
        async with tenant_read(), tenant_work():
            return await take(items)


async def found(world: World, site: str = "alfa") -> dict[str, list[Item]]:
    with entered(world.app, site):
        async with tenant_read():
            return {menu.slug: await items_of(menu.id) for menu in await all_menus()}


def outline(items: Sequence[Item]) -> list[tuple[str, int]]:
    return [(item.label, item.level) for item in items]


async def check_theme_unit_test(world: World, site: str = "alfa") -> None:
    menus = await found(world, site)
    counts = {slug: len(items) for slug, items in menus.items()}
    assert counts == {
        "all-pages": 18, "all-pages-flat": 18, "empty-menu": 0, "short": 6, "social-menu": 5, "testing-menu": 23,
    }  # fmt: skip
    testing = {item.label or item.target: item for item in menus["testing-menu"]}
    assert outline(menus["testing-menu"])[7:18] == LEVELS
    assert testing["Menu CSS Class"].css == "custom-menu-css-class"
    assert testing["Menu Title Attribute"].hint == "Custom Title Attribute"
    assert testing["Menu Description"].description == "Custom Menu Description"
    assert testing["New Window / Tab"].new_tab and testing["New Window / Tab"].kind == "custom"
    assert testing["Pages"].kind == "heading"  # "#" leads nowhere
    assert [item.kind for item in menus["testing-menu"] if item.target == "category"] == ["term"] * 3
    assert all(item.kind == "post" and item.target == "page" for item in menus["all-pages"])
    assert [item.level for item in menus["all-pages"]] == [
        0,
        0,
        0,
        1,
        1,
        1,
        1,
        1,
        0,
        1,
        2,
        2,
        2,
        1,
        1,
        0,
        0,
        0,
    ]
    assert not any(menu.places for menu in await _menus(world, site))


async def _menus(world: World, site: str) -> Any:
    with entered(world.app, site):
        async with tenant_read():
            return await all_menus()


@HERE
async def test_the_theme_unit_test_comes_whole_and_once(world: World) -> None:
    with entered(world.app, "alfa"):
        async with tenant_read():
            report = await import_wxr(FILE)
            assert (
                report.skipped == []
                and report.created["menu_items"] == 70
                and "menu_items" not in report.kept
            )
            again = await import_wxr(FILE)
    assert not any(again.created.values())
    await check_theme_unit_test(world)
    assert await found(world, "beta") == {}


@HERE
async def test_what_was_kept_before_the_plugin_came_is_taken_when_it_comes(world: World) -> None:
    with entered(world.app, "beta"):
        async with tenant_read():
            report = await import_wxr(FILE)
            assert (report.created["menu_items"], report.kept["menu_items"]) == (70, 70)
    await world.switch("beta", on=True)
    await check_theme_unit_test(world, "beta")
    with entered(world.app, "beta"):
        async with tenant_read():
            left = await execute(
                "SELECT kind FROM import_items WHERE tenant_id = {tenant} AND state = 'kept'"
            )
            assert not [row for row in left if "nav_menu" in row["kind"]]
            assert not any((await import_wxr(FILE)).created.values())
    assert await found(world) == {}


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
async def test_entries_find_their_parents_in_any_order(world: World, order: tuple[int, ...]) -> None:
    parents = {1: 0, 2: 1, 3: 2}
    for number in order:
        await bring(world, [raw(number, parent=parents[number])])
    assert outline((await found(world))["menu"]) == [("Item 1", 0), ("Item 2", 1), ("Item 3", 2)]


async def test_odd_entries_are_mended_or_skipped(world: World) -> None:
    given = [
        raw(1, parent=2),
        raw(2, parent=1),  # they stand below each other
        raw(3, parent=3),  # below itself
        raw(4, parent=99),  # what it stands below never comes
        raw(5, status="draft"),
        raw(6, terms=[]),  # of no menu
        raw(7, url="javascript:alert(1)"),
        raw(8, url="https://antigo.example/sobre/?a=1"),
        raw(9, url="https://antigo.example"),
        raw(
            10, meta={"type": "post_type", "object": "page", "object_id": "77"}
        ),  # a page that did not come along
        raw(11, title="<b>Negrito</b>&amp;a", meta={"classes": ["ok", "<x>"], "target": "_blank"}),
        raw(12, title="x" * 999, content="y" * 9999, menu_order=2**70),
    ]
    taken = await bring(world, given)
    assert set(taken) == {f"menu|{number}" for number in (1, 2, 3, 4, 7, 8, 9, 11, 12)}
    items = {item.label[:9]: item for item in (await found(world))["menu"]}
    assert len(items) == 9 and {item.level for item in items.values()} <= {0, 1}
    assert items["Item 7"].kind == "heading"
    assert (items["Item 8"].kind, items["Item 8"].url) == ("custom", "/sobre/?a=1")
    assert items["Item 9"].kind == "front"
    assert items["Negrito&a"].css == "" and items["Negrito&a"].new_tab
    assert await bring(world, given) == taken


async def test_a_menu_that_is_named_like_a_free_place_of_the_theme_gets_it(world: World) -> None:
    await bring(world, [raw(1, menu="footer", title="Rodapé", url="/um/")])
    await world.menu("Meu", [], "primary")
    await bring(world, [raw(2, menu="primary", title="Deles", url="/dois/")])
    assert await world.seen() == []
    async with world.browser() as visitor:
        page = await visitor.soup("/")
    assert [a.get_text() for a in page.select(".site-footer nav a")] == ["Rodapé"]
