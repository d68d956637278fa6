"""What fits best comes first, whatever form a word has; nothing is found that may not be read."""

import pytest

from core.content import (
    TermData,
    change_status,
    create_term,
    delete_post,
    get_post,
    update_post,
    update_term,
)
from core.contract.content import PostData
from core.db import tenant_read
from tests.kit.plugin import entered
from tests.plugins.search.world import World

FILLER = "<p>" + "Comer devagar ajuda quem tem pressa. " * 20 + "</p>"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("vacinação", True),
        ("vacinações", True),
        ("vacinacao", True),
        ("VACINAÇÃO", True),
        ("vacinado", True),
        ("a vacinação do idoso", True),
        ("idosos vacinação", True),
        ("vacin", True),  # nothing has the word itself, so what begins like it is shown
        ("vacina dragão", True),  # nothing has both, so one is enough
        ("dragão", False),
        ("de para com", False),
    ],
)
async def test_forms_of_a_word_are_one(world: World, typed: str, found: bool) -> None:
    await world.post("Calendário de vacinação", "<p>As vacinas do idoso.</p>" + FILLER)
    await world.post("Outra coisa", FILLER)
    assert await world.titles(typed) == (["Calendário de vacinação"] if found else [])


async def test_titles_count_more_than_topics_and_topics_more_than_text(world: World) -> None:
    with entered(world.app, "alfa"):
        async with tenant_read():
            term = await create_term("category", TermData(name="Enxaqueca"))
    await world.post("Enxaqueca: quando procurar ajuda", FILLER)
    await world.post("No assunto", FILLER, terms={"category": [term.id]})
    await world.post("No texto", FILLER + "<p>Tenho enxaqueca.</p>")
    assert await world.titles("enxaqueca") == ["Enxaqueca: quando procurar ajuda", "No assunto", "No texto"]
    assert await world.titles("enxaqueca", orderby="date") == [
        "No texto",
        "No assunto",
        "Enxaqueca: quando procurar ajuda",
    ]


async def test_the_words_are_shown_as_they_were_written(world: World) -> None:
    await world.post("Um", FILLER + "<p>Dois &lt;b&gt;remédios&lt;/b&gt; &amp; um REMÉDIO.</p>" + FILLER)
    (hit,) = await world.hits("remedio")
    summary = hit.select_one(".summary")
    assert [mark.get_text() for mark in summary.select("mark")] == ["remédios", "REMÉDIO"]
    assert "Dois <b>remédios</b> & um REMÉDIO" in summary.get_text()
    assert not summary.select("b") and summary.get_text().startswith("… ")


async def test_what_nobody_may_read_is_not_found(world: World) -> None:
    secret = "girassol"
    for status in ("draft", "private", "pending", "trash"):
        post = await world.post(f"Era público {status}", f"<p>{secret}</p>")
        with entered(world.app, "alfa"):
            async with tenant_read():
                await change_status(post.id, status)
    gone = await world.post("Apagado", f"<p>{secret}</p>")
    with entered(world.app, "alfa"):
        async with tenant_read():
            await delete_post(gone.id)
    await world.post("Com senha", f"<p>{secret}</p>", password="segredo")
    await world.post("Do outro site", f"<p>{secret}</p>", site="beta")
    assert await world.titles(secret) == []
    assert await world.titles("senha") == ["Com senha"]
    (hit,) = await world.hits("senha")
    assert secret not in hit.get_text()
    assert await world.titles(secret, site="beta") == ["Do outro site"]


async def test_the_index_follows_every_change(world: World) -> None:
    post = await world.post("Antes", "<p>cavalo</p>")
    with entered(world.app, "alfa"):
        async with tenant_read():
            await update_post(post.id, PostData(content="<p>jumento</p>"), version=post.version)
            term = await create_term("category", TermData(name="Bicho"))
            fresh = await get_post(post.id)
            await update_post(post.id, PostData(terms={"category": [term.id]}), version=fresh.version)
    assert await world.titles("cavalo") == [] and await world.titles("jumentos") == ["Antes"]
    assert await world.titles("bicho") == ["Antes"]
    with entered(world.app, "alfa"):
        async with tenant_read():
            await update_term(term.id, TermData(name="Animal"), version=term.version)
    await world.work()
    assert await world.titles("animais") == ["Antes"] and await world.titles("bicho") == []


async def test_a_search_is_narrowed_down(world: World) -> None:
    with entered(world.app, "alfa"):
        async with tenant_read():
            above = await create_term("category", TermData(name="Corpo"))
            below = await create_term("category", TermData(name="Sono", parent_id=above.id))
    await world.post("Um post", "<p>travesseiro</p>", terms={"category": [below.id]})
    await world.post("Outro post", "<p>travesseiro</p>")
    await world.post("Uma página", "<p>travesseiro</p>", type="page")
    assert set(await world.titles("travesseiro")) == {"Um post", "Outro post", "Uma página"}
    assert await world.titles("travesseiro", post_type="page") == ["Uma página"]
    assert await world.titles("travesseiro", cat=str(above.number)) == ["Um post"]
    assert set(await world.titles("travesseiro", cat="99999", post_type="nope")) == {
        "Um post",
        "Outro post",
        "Uma página",
    }
    async with world.reader() as reader:
        page = await reader.soup(f"/?s=travesseiro&cat={above.number}&post_type=post")
    form = page.select_one("form.search-filters")
    assert form is not None
    assert [option["value"] for option in form.select("option[selected]")] == ["post", str(above.number)]
    assert form.select_one("input[name=s]")["value"] == "travesseiro"  # type: ignore[index]  # it is there


async def test_pages_of_results_keep_the_question(world: World) -> None:
    await world.settings("site", posts_per_page=2)
    for number in range(5):
        await world.post(f"Texto {number}", "<p>chá</p>")
    first, second, third = [
        await world.titles("chá", paged=str(page), post_type="post") for page in (1, 2, 3)
    ]
    assert len(first) == len(second) == 2 and len(third) == 1
    assert len({*first, *second, *third}) == 5
    async with world.reader() as reader:
        page = await reader.soup("/?s=ch%C3%A1&post_type=post")
        link = page.select_one("a[rel=next]")
        assert link is not None and "post_type=post" in link["href"] and "paged=2" in link["href"]
        assert "5 resultados" in page.get_text()
        assert (await reader.get("/?s=ch%C3%A1&paged=9")).status_code == 404


async def test_synonyms_find_each_other(world: World) -> None:
    await world.post("Hipertensão arterial", FILLER)
    await world.post("Pressão alta na gravidez", FILLER)
    assert await world.titles("hipertensão") == ["Hipertensão arterial"]
    await world.settings(synonyms="pressão alta, hipertensão\n\nsó esta\n,,")
    assert set(await world.titles("hipertensao")) == {"Hipertensão arterial", "Pressão alta na gravidez"}
    assert set(await world.titles("pressão alta")) == {"Hipertensão arterial", "Pressão alta na gravidez"}
    assert await world.titles("pressão alta gravidez") == ["Pressão alta na gravidez"]


@pytest.mark.parametrize(
    "typed",
    ["'", '"', "a:*", "x & | !", "(((", "NEAR(a b)", "body_words : x", "a\\", "%_", "*" * 200, "ção " * 50],
)
async def test_no_engine_operators_can_be_typed(world: World, typed: str) -> None:
    await world.post("Algo", FILLER)
    await world.titles(typed)


async def test_texts_of_other_scripts_are_found(world: World) -> None:
    await world.post("Τίτλος", "<p>Ένα κείμενο</p>")
    await world.post("日本語", "<p>健康</p>")
    assert await world.titles("κειμενο") == ["Τίτλος"]
    assert await world.titles("健康") == ["日本語"]
