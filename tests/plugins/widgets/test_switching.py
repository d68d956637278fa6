"""Off means that the theme's own fallback is back; on means that everything is. Themes keep each other's regions."""

from pathlib import Path

from core.db import tenant_read
from core.sites import switch_theme, uninstall_plugin
from tests.kit.plugin import entered
from tests.plugins.widgets.world import Board, equipped, footer, titles
from tests.routes.world import rows_of


async def test_enabling_changes_nothing_that_readers_see(board: Board) -> None:
    await board.post("Sono", "beta")
    async with board.visitor("beta") as visitor:
        before = (await visitor.soup("/nada/", 404)).select(".widgets a")
        await board.switch("widgets", "beta", on=True)
        after = (await visitor.soup("/nada/", 404)).select(".widgets a")
    assert [link["href"] for link in before] == [link["href"] for link in after] and before


async def test_off_on_one_site_and_back_with_everything(board: Board) -> None:
    await equipped(board.app, "beta")
    for site in ("alfa", "beta"):
        await board.place("text", site=site, title=f"Em {site}", text="Olá")
    kept = await board.all()
    async with board.visitor() as alfa, board.visitor("beta") as beta:
        await board.switch("widgets", on=False)
        assert (await titles(alfa), await titles(beta)) == ([], ["Em beta"])
        fallback = (await alfa.soup("/nada/", 404)).select(".widgets .widget-search")
        assert fallback and not fallback[0].get("id")
        admin = await board.admin()
        for path in ("/admin/widgets", "/admin/widgets/new", f"/admin/widgets/{kept[0].number}"):
            assert (await admin.get(path)).status_code == 404
        assert "/admin/widgets" not in (await admin.get("/admin")).text
        await board.switch("widgets", on=True)
        assert await titles(alfa) == ["Em alfa"]
    assert await board.all() == kept


async def test_a_kind_whose_plugin_is_off_is_said_to_be_and_keeps_its_place(board: Board) -> None:
    await board.switch("comments", on=True)
    made = await board.place("comments.recent", title="Conversas", count=3)
    await board.switch("comments", on=False)
    admin = await board.admin()
    card = (await admin.soup("/admin/widgets")).select_one(f'[data-card="{made.number}"]')
    assert card is not None and "está desligado" in card.get_text() and "Conversas" in card.get_text()
    assert (await admin.get(f"/admin/widgets/{made.number}")).status_code == 404
    async with board.visitor() as visitor:
        assert footer(await visitor.soup("/")) == []
    moved = await board.move(made, "sidebar")
    await board.switch("comments", on=True)
    found = next(widget for widget in await board.all() if widget.number == made.number)
    assert (found.region, dict(found.settings)) == ("sidebar", {"count": 3}) and found == moved


async def test_widgets_of_a_region_wait_for_a_theme_that_has_it(board: Board) -> None:
    async def wear(theme: str) -> None:
        with entered(board.app, "alfa"):
            async with tenant_read():
                await switch_theme(theme)

    await wear("clinica")
    made = await board.place("text", "front", title="Antes de vir", text="Traga um documento.")
    async with board.visitor() as visitor:
        assert "Traga um documento." in (await visitor.get("/")).text
        await wear("claro")
        assert "Traga um documento." not in (await visitor.get("/")).text
        admin = await board.admin()
        card = (await admin.soup("/admin/widgets")).select_one(f'[data-card="{made.number}"]')
        assert card is not None and not card.select('[value="up"]') and card.select('[value="region:footer"]')
        await wear("clinica")
        assert "Traga um documento." in (await visitor.get("/")).text


async def test_uninstalling_takes_what_is_of_this_site(board: Board, tmp_path: Path) -> None:
    await equipped(board.app, "beta")
    with entered(board.app, "alfa"):
        async with tenant_read():
            report = await uninstall_plugin("widgets", tmp_path)
    assert report.rows["widgets_placed"] == 3
    assert (await rows_of(board.app, "alfa"))["widgets_placed"] == []
    assert len((await rows_of(board.app, "beta"))["widgets_placed"]) == 3
