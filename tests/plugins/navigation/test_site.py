"""What visitors see of menus: entries follow what they lead to, in every theme, and cost nothing per page."""

from typing import Any

from core.content import change_status, delete_post, delete_term, update_post
from core.contract.content import PostData
from core.db import tenant_read
from core.sites import enable_plugin
from tests.kit.plugin import entered
from tests.plugins.navigation.world import World, entry_of, item, to_post, to_term


async def test_entries_of_every_kind_lead_where_they_should(world: World) -> None:
    about = await world.page("Sobre nós")
    team = await world.page("Equipe", parent=about)
    sleep = await world.category("Sono")
    await world.menu(
        "Principal",
        [
            item("front"),
            to_post(about, css="destaque azul", hint="Quem somos"),
            to_post(team, 1, label="A equipe"),
            to_term(sleep, description="Tudo sobre sono"),
            item("heading", "Mais"),
            item(label="Fora", level=1, url="https://fora.example/x?a=1&b=2", new_tab=True),
            item(label="Escreva", level=1, url="mailto:oi@example.org"),
        ],
        "primary",
    )
    async with world.browser() as visitor:
        page = await visitor.soup("/sobre-nos/equipe/")
    assert await world.seen() == ["Início", "Sobre nós", ["A equipe"], "Sono", "Mais", ["Fora", "Escreva"]]
    links = {tag.get_text(): tag["href"] for tag in page.select("nav.menu a")}
    assert links["A equipe"] == "/sobre-nos/equipe/" and links["Sobre nós"] == "/sobre-nos/"
    assert links["Sono"] == "/category/sono/" and links["Escreva"] == "mailto:oi@example.org"
    outside = page.select_one("nav.menu a[target=_blank]")
    assert outside is not None and outside["rel"] == ["noopener"] and "nova aba" in outside.get_text()
    parent = entry_of(page, "Sobre nós")
    assert parent["class"] == [
        "menu-item", "menu-item-has-children", "destaque", "azul", "current-menu-ancestor", "current-menu-parent",
    ]  # fmt: skip
    assert parent.select_one("a[title='Quem somos']")
    current = page.select("nav.menu [aria-current=page]")
    assert [tag.get_text() for tag in current] == ["A equipe"]
    assert "current-menu-item" in entry_of(page, "A equipe")["class"]


async def test_entries_follow_their_content(world: World) -> None:
    page, below, topic = await world.page("Sobre"), await world.page("Equipe"), await world.category("Sono")
    menu = await world.menu("Principal", [to_post(page), to_post(below, 1), to_term(topic)], "primary")
    assert await world.seen() == ["Sobre", ["Equipe"], "Sono"]
    with entered(world.app, "alfa"):
        async with tenant_read():
            await update_post(page.id, PostData(title="Quem somos", slug="quem-somos"), version=page.version)
    async with world.browser() as visitor:
        shown = await visitor.soup("/")
    link = entry_of(shown, "Quem somos").find("a")
    assert link is not None and link["href"] == "/quem-somos/"  # type: ignore[index]  # a tag
    # what is not published vanishes, and what stood below it takes its place
    with entered(world.app, "alfa"):
        async with tenant_read():
            await change_status(page.id, "draft")
    assert await world.seen() == ["Equipe", "Sono"]
    with entered(world.app, "alfa"):
        async with tenant_read():
            await change_status(page.id, "publish")
    assert await world.seen() == ["Quem somos", ["Equipe"], "Sono"]
    with entered(world.app, "alfa"):
        async with tenant_read():
            await change_status(page.id, "trash")
            await delete_post(page.id)
            await delete_term(topic.id)
    assert await world.seen() == ["Equipe"]
    assert len((await world.fresh(menu))[1]) == 3  # the builder shows that they are gone


async def test_each_theme_shows_all_levels_without_script(world: World) -> None:
    levels = [item(label=f"Nível {level}", level=level) for level in range(11)]
    await world.menu("Fundo", levels, "primary", "footer")

    def nested(level: int) -> list[Any]:
        return [f"Nível {level}", *([nested(level + 1)] if level < 10 else [])]

    for theme in ("claro", "clinica"):
        await world.theme(theme)
        assert await world.seen() == nested(0)
        async with world.browser() as visitor:
            page = await visitor.soup("/")
        assert len(page.select("nav.menu details > summary")) == 10
        assert len(page.select(".site-footer nav li.menu-item")) == 11


async def test_places_are_kept_by_name_while_themes_change(world: World) -> None:
    await world.menu("Principal", [item(label="Um")], "primary")
    await world.menu("Outro", [item(label="Dois")], "footer", "lateral")
    await world.theme("clinica")
    await world.theme("claro")
    async with world.browser() as visitor:
        page = await visitor.soup("/")
    assert [a.get_text() for a in page.select("nav.menu a")] == ["Um"]
    assert [a.get_text() for a in page.select(".site-footer nav a")] == ["Dois"]


async def test_the_fallback_shows_where_no_menu_stands(world: World) -> None:
    await world.page("Contato")
    assert await world.seen() == ["Contato"]
    menu = await world.menu("Vazio", [], "primary")
    assert await world.seen() == []  # an empty menu is empty on purpose
    assert menu.places == ("primary",)


async def test_rules_say_who_sees_an_entry(world: World) -> None:
    await world.menu(
        "Principal",
        [
            item(label="Todos"),
            item(label="Entrar", audience="out"),
            item("heading", "Minha área", audience="in"),
            item(label="Perfil", level=1),
            item(label="Redação", audience="roles", roles=("editor", "author")),
        ],
        "primary",
    )
    assert await world.seen() == ["Todos", "Entrar"]
    reader, editor = (
        await world.people.browser("alfa", "subscriber"),
        await world.people.browser("alfa", "editor"),
    )
    assert await world.seen(browser=reader) == ["Todos", "Minha área", ["Perfil"]]
    assert await world.seen(browser=editor) == ["Todos", "Minha área", ["Perfil"], "Redação"]
    assert await world.seen() == ["Todos", "Entrar"]  # nobody's menu is another's
    async with world.browser() as visitor:
        answer = await visitor.get("/")
    assert "set-cookie" not in answer.headers and "private" not in answer.headers.get("cache-control", "")


async def test_a_page_asks_nothing_for_its_menus(world: World, queries: list[str], monkeypatch: Any) -> None:
    monkeypatch.setattr("core.site.keeping.monotonic", lambda: 0.0)  # a slow run must not read it twice
    pages = [await world.page(f"Página {number}") for number in range(12)]
    topic = await world.category("Sono")
    await world.menu("Principal", [*(to_post(page) for page in pages), to_term(topic)], "primary", "footer")
    async with world.browser() as visitor:
        queries.clear()
        await visitor.get("/pagina-3/")
        first = len(queries)
        assert len([sql for sql in queries if "navigation" in sql]) == 1
        queries.clear()
        await visitor.get("/pagina-3/")
    assert not [sql for sql in queries if "navigation" in sql]
    assert len(queries) == first - 2  # the entries with their terms, and the posts


async def test_an_article_with_comments_and_menus_that_were_not_kept_stays_in_the_budget(
    world: World, queries: list[str]
) -> None:
    with entered(world.app, "alfa"):
        async with tenant_read():
            await enable_plugin("comments")
    topic = await world.category("Sono")
    about = await world.page("Sobre")
    text = await world.page("Dormir bem", type="post", terms={"category": (topic.id,)}, comment_status="open")
    await world.menu("Principal", [to_post(about), to_term(topic)], "primary")
    await world.menu("Rodapé", [to_post(about)], "footer")
    async with world.browser() as visitor:
        await visitor.get("/sobre/")
        await world.page("Outra coisa")  # a commit: nothing is kept any more
        queries.clear()
        page = await visitor.soup(text.url)
    assert "current-menu-parent" in entry_of(page, "Sono")["class"]
    assert len(queries) <= 6, [sql[:90] for sql in queries]
