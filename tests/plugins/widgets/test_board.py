"""The screen: adding, changing, moving and deleting, with script and without."""

from typing import Any

from tests.kit.client import Browser
from tests.plugins.widgets.world import Board, titles

PATH = "/admin/widgets"
HTMX = {"hx-request": "true"}


async def add(admin: Browser, kind: str, region: str = "footer", **fields: Any) -> Any:
    data = {"type": kind, "region": region, **fields}
    return await admin.submit(f"{PATH}/new", data, page=f"{PATH}/new?region={region}&type={kind}")


async def version(board: Board, number: int) -> int:
    return next(widget.version for widget in await board.all() if widget.number == number)


async def move(admin: Browser, board: Board, number: int, to: str, **fields: Any) -> Any:
    headers = fields.pop("headers", {})
    data = {"to": to, "_version": str(await version(board, number)), **fields}
    data["_csrf"] = await admin.token(PATH)
    return await admin.post(f"{PATH}/{number}/move", data=data, headers=headers)


async def test_the_board_shows_the_regions_of_the_theme_in_the_language_of_the_reader(board: Board) -> None:
    admin = await board.admin()
    page = await admin.soup(PATH)
    heads = [head.get_text() for head in page.select(".board-region h2")]
    assert heads == ["Barra lateral", "Rodapé", "Guardados"]
    first = page.select_one('[data-list="sidebar"]')
    assert first is not None
    assert [link.get_text() for link in first.select("h3")] == [
        "Buscar",
        "Categorias e tags",
        "Posts recentes",
    ]


async def test_every_kind_can_be_added_from_the_screen(board: Board) -> None:
    admin = await board.admin()
    page = await admin.soup(f"{PATH}/new?region=footer")
    links = [str(link["href"]) for link in page.select(".board-kinds a")]
    assert len(links) >= 11
    for link in links:
        form = (await admin.soup(link)).select_one("#widget-form")
        assert form is not None
        kind = str(form.select_one("[name=type]")["value"])  # type: ignore[index]  # it is there
        answer = await add(admin, kind, title=f"Meu {kind}")
        assert answer.headers["location"] == PATH, kind
    assert len((await board.rows())["footer"]) == len(links)


async def test_what_is_filled_in_is_stored_and_shown_again(board: Board) -> None:
    await board.post("Sono", type="page")
    tag = await board.term("Café", "post_tag")
    admin = await board.admin()
    await add(
        admin,
        "text",
        **{
            "title": "Nota",
            "show_title": "on",
            "settings.text": "Olá <b>você</b>",
            "visibility.where": "only",
            "visibility.places": ["front", "lists"],
            "visibility.terms": str(tag.id),
            "visibility.content": "/sono/\n",
            "visibility.who": "roles",
            "visibility.roles": "editor",
        },
    )
    widget = next(found for found in await board.all() if found.region == "footer")
    assert (widget.title, dict(widget.settings)) == ("Nota", {"text": "Olá <b>você</b>"})
    assert (widget.visibility.places, widget.visibility.roles) == (("front", "lists"), ("editor",))
    page = await admin.soup(f"{PATH}/{widget.number}")
    chosen = {str(box["value"]) for box in page.select("#widget-form input:checked") if box.get("value")}
    assert chosen >= {"only", "front", "lists", str(tag.id), "roles", "editor"}
    areas = {str(area["name"]): area.get_text().strip() for area in page.select("textarea")}
    assert areas == {"settings.text": "Olá <b>você</b>", "visibility.content": "/sono/"}
    card = (await admin.soup(PATH)).select_one(f'[data-card="{widget.number}"]')
    assert card is not None and "Só: Página inicial, Lista" in card.get_text()


async def test_bad_input_is_said_by_its_field_and_nothing_typed_is_lost(board: Board) -> None:
    admin = await board.admin()
    wrong: dict[str, dict[str, Any]] = {
        "settings.count": {"settings.count": "900"},
        "settings.term": {"settings.term": "x"},
        "visibility.where": {"visibility.where": "only"},
        "visibility.roles": {"visibility.who": "roles"},
        "visibility.content": {"visibility.content": "/nada/\n77777"},
    }
    for name, fields in wrong.items():
        answer = await add(admin, "recent_posts", title="Meu título", **fields)
        assert answer.status_code == 422, name
        assert f'id="{name}-error"' in answer.text and "Meu título" in answer.text, name
    deep = "<div>" * 600
    assert (await add(admin, "html", **{"settings.html": deep})).status_code == 422
    assert "footer" not in await board.rows()
    unknown = await add(admin, "recent_posts", **{"settings.colour": "red"})
    assert unknown.status_code == 400
    for path in (f"{PATH}/new?region=nowhere", f"{PATH}/new?region=footer&type=nothing", f"{PATH}/9999999"):
        assert (await admin.get(path)).status_code == 404, path


async def test_a_change_of_an_old_version_is_a_conflict_that_keeps_what_was_typed(board: Board) -> None:
    admin = await board.admin()
    await add(admin, "text", title="Um")
    (widget,) = [found for found in await board.all() if found.region == "footer"]
    path = f"{PATH}/{widget.number}"
    fields = {"title": "Dois", "show_title": "on", "_version": "1"}
    assert (await admin.submit(path, fields)).headers["location"] == PATH
    late = await admin.submit(path, {**fields, "title": "Três"})
    assert (
        late.status_code == 409 and 'value="Três"' in late.text and 'name="_version" value="2"' in late.text
    )
    assert (await admin.submit(path, {"title": "Sem versão"})).status_code == 400
    assert next(found.title for found in await board.all() if found.number == widget.number) == "Dois"


async def test_moving_by_steps_and_to_other_regions_is_announced(board: Board) -> None:
    admin = await board.admin()
    before = (await board.rows())["sidebar"]
    search = (await board.all())[0]
    assert before[0] == search.type == "search"
    part = await move(admin, board, search.number, "down", headers=HTMX)
    assert part.status_code == 200 and "<html" not in part.text
    assert "“Buscar” agora é o número 2 de 3 em “Barra lateral”." in part.text
    assert (await board.rows())["sidebar"] == [before[1], "search", before[2]]
    for _step in range(3):
        await move(admin, board, search.number, "down")
    assert (await board.rows())["sidebar"][-1] == "search"
    for _step in range(4):
        await move(admin, board, search.number, "up")
    assert (await board.rows())["sidebar"] == before
    plain = await move(admin, board, search.number, "region:footer")
    assert plain.status_code == 303
    assert await board.rows() == {"footer": ["search"], "sidebar": before[1:]}
    await move(
        admin, board, search.number, "place", region="sidebar", before=str((await board.all())[-1].number)
    )
    assert (await board.rows())["sidebar"] == [before[1], "search", before[2]]
    await move(admin, board, search.number, "aside")
    assert (await board.rows())[""] == ["search"]
    assert (await move(admin, board, search.number, "region:nowhere")).status_code == 422
    assert (await move(admin, board, search.number, "sideways")).status_code == 400


async def test_two_who_move_the_same_widget_the_second_one_sees_what_happened(board: Board) -> None:
    admin = await board.admin()
    search = (await board.all())[0]
    assert (await move(admin, board, search.number, "down")).status_code == 303
    data = {"to": "down", "_version": "1", "_csrf": await admin.token(PATH)}
    late = await admin.post(f"{PATH}/{search.number}/move", data=data, headers=HTMX)
    assert late.status_code == 409 and "Alguém alterou este widget antes." in late.text
    assert (await board.rows())["sidebar"][1] == "search"


async def test_deleting_asks_first_and_only_with_the_version_that_was_seen(board: Board) -> None:
    admin = await board.admin()
    search = (await board.all())[0]
    path = f"{PATH}/{search.number}/delete"
    asked = await admin.submit(path, {"_version": "1"}, page=PATH)
    assert asked.status_code == 200 and "Excluir “Buscar”?" in asked.text
    await admin.submit(path, {"_version": "7", "_confirmed": "1"}, page=PATH)
    assert "search" in (await board.rows())["sidebar"]
    await admin.submit(path, {"_version": "1", "_confirmed": "1"}, page=PATH)
    assert "search" not in (await board.rows())["sidebar"]


async def test_what_is_named_and_gone_is_said_and_shows_nothing(board: Board) -> None:
    from core.content import delete_term
    from core.db import tenant_read
    from tests.kit.plugin import entered

    term = await board.term("Saúde")
    await board.post("Sono", terms={"category": (term.id,)})
    await board.place("recent_posts", title="Saúde", term=str(term.id))
    admin = await board.admin()
    assert not (await admin.soup(PATH)).select(".board-problem")
    async with board.visitor() as visitor:
        assert await titles(visitor) == ["Saúde"]
        with entered(board.app, "alfa"):
            async with tenant_read():
                await delete_term(term.id)
        assert await titles(visitor) == []
    problem = (await admin.soup(PATH)).select_one(".board-problem")
    assert problem is not None and "foi excluída" in problem.get_text()


async def test_only_who_may_change_the_look_gets_in(board: Board) -> None:
    for role in ("editor", "subscriber"):
        person = await board.people.browser("alfa", role)
        assert (await person.get(PATH)).status_code == 403, role
    async with board.visitor() as visitor:
        assert (await visitor.get(PATH)).status_code in (302, 303, 401)


async def test_numbers_are_of_one_site_alone(board: Board) -> None:
    await board.switch("widgets", "beta", on=True)
    theirs = [widget.number for widget in await board.all("beta")]
    stranger = await board.place("text", site="beta", text="Deles")
    assert stranger.number not in [widget.number for widget in await board.all()] and theirs
    admin = await board.admin()
    assert (await admin.get(f"{PATH}/{stranger.number}")).status_code == 404
    data = {"to": "aside", "_version": "1", "_csrf": await admin.token(PATH)}
    assert (await admin.post(f"{PATH}/{stranger.number}/move", data=data)).status_code == 404
    assert [widget for widget in await board.all("beta") if widget.number == stranger.number]


async def test_the_panel_comes_as_a_part(board: Board) -> None:
    admin = await board.admin()
    number = (await board.all())[0].number
    part = await admin.get(f"{PATH}/{number}", headers=HTMX)
    assert "<html" not in part.text and 'id="sheet-title"' in part.text and "hx-post" in part.text
    saved = await admin.post(
        f"{PATH}/{number}",
        data={"title": "Procure", "_version": "1", "_csrf": await admin.token(PATH)},
        headers=HTMX,
    )
    assert saved.headers["hx-redirect"] == PATH
