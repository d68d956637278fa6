"""Lists: narrowed down, sorted, paged, one URL for the page and its part, and what is done with several rows."""

from datetime import datetime
from urllib.parse import quote

from litestar import Litestar

from core.accounts import Account
from core.content import TermData, change_status, create_term, get_post, site_zone
from core.db import tenant_read
from tests.core.admin.kit import HTMX, fields_of, make_post, parsed, said
from tests.kit.client import Browser
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered


async def _signed_in(app: Litestar, user: Account) -> Browser:
    browser = Browser(app, "alfa")
    await browser.sign_in(user.email, PASSWORD)
    return browser


async def _titles(browser: Browser, path: str) -> list[str]:
    soup = await browser.soup(path)
    return [link.get_text(strip=True) for link in soup.select("tbody .title-link")]


async def test_a_list_is_narrowed_by_tab_search_term_author_and_month(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    other = await people.make("alfa", "administrator")
    with entered(app, "alfa"):
        async with tenant_read():
            heart = await create_term("category", TermData(name="Coração"))
            below = await create_term("category", TermData(name="Arritmia", parent_id=heart.id))
    await make_post(app, editor, title="Rascunho sobre sono")
    await make_post(app, editor, title="No ar", status="publish", terms={"category": (below.id,)})
    await make_post(app, other, title="De outra pessoa", status="pending")
    browser = await _signed_in(app, other)
    assert set(await _titles(browser, "/admin/posts")) == {"Rascunho sobre sono", "No ar", "De outra pessoa"}
    assert await _titles(browser, "/admin/posts?tab=draft") == ["Rascunho sobre sono"]
    assert await _titles(browser, "/admin/posts?tab=mine") == ["De outra pessoa"]
    assert await _titles(browser, "/admin/posts?q=sono") == ["Rascunho sobre sono"]
    assert await _titles(browser, f"/admin/posts?term={heart.id}") == ["No ar"]
    assert len(await _titles(browser, f"/admin/posts?author={editor.id}")) == 2
    assert await _titles(browser, "/admin/posts?month=1999-01") == []
    assert await _titles(browser, "/admin/posts?sort=title") == [
        "De outra pessoa",
        "No ar",
        "Rascunho sobre sono",
    ]
    assert await _titles(browser, "/admin/posts?sort=-title") == [
        "Rascunho sobre sono",
        "No ar",
        "De outra pessoa",
    ]


async def test_months_to_choose_are_those_that_posts_went_out_in(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    with entered(app, "alfa"):
        async with tenant_read():
            zone = site_zone()
    for title, at in (
        ("Março", datetime(2020, 3, 31, 23, 59, tzinfo=zone)),
        ("Abril", datetime(2020, 4, 1, 0, 0, tzinfo=zone)),
    ):
        post = await make_post(app, editor, title=title)
        with entered(app, "alfa"):
            async with tenant_read():
                await change_status(post.id, "publish", at=at)
    await make_post(app, editor, title="Nunca saiu")
    await make_post(app, editor, type="page", title="Hoje", status="publish")
    browser = await _signed_in(app, editor)
    options = (await browser.soup("/admin/posts")).select("select[name=month] option")
    assert [(option["value"], option.text) for option in options] == [
        ("", "Todos os meses"),
        ("2020-04", "abril de 2020"),
        ("2020-03", "março de 2020"),
    ]
    assert await _titles(browser, "/admin/posts?month=2020-03") == ["Março"]
    assert await _titles(browser, "/admin/posts?month=2020-04") == ["Abril"]


async def test_nonsense_in_the_address_is_no_error(people: People) -> None:
    browser = await people.browser("alfa", "administrator")
    for query in (
        "page=abc&sort=nope&tab=zzz",
        "page=-3&month=2026-99&term=x&author=y",
        "q=" + "a" * 1000,
        f"q={quote('é%_*(')}",
        "page=99999999999999999999",
    ):
        for path in ("/admin/posts", "/admin/users", "/admin/terms/category"):
            assert (await browser.get(f"{path}?{query}")).status_code in (200, 400), (path, query)


async def test_htmx_gets_the_rows_and_nothing_else(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    await make_post(app, editor, title="Um texto")
    browser = await _signed_in(app, editor)
    part = await browser.get("/admin/posts", headers=HTMX)
    page = await browser.get("/admin/posts")
    assert part.text.lstrip().startswith('<div class="list')
    assert "<html" not in part.text
    assert "Um texto" in part.text
    assert "<html" in page.text
    assert "HX-Request" in part.headers["vary"]
    restored = await browser.get("/admin/posts", headers={**HTMX, "hx-history-restore-request": "true"})
    assert "<html" in restored.text


async def test_long_lists_have_pages(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    for number in range(23):
        await make_post(app, editor, title=f"Texto {number:02}")
    browser = await _signed_in(app, editor)
    assert len(await _titles(browser, "/admin/posts")) == 20
    soup = await browser.soup("/admin/posts?sort=title&page=2")
    assert [a.text for a in soup.select("tbody .title-link")] == ["Texto 20", "Texto 21", "Texto 22"]
    links = [str(link["href"]) for link in soup.select(".paging a")]
    assert all("sort=title" in link for link in links)
    assert soup.select_one(".paging [aria-current]").text == "2"  # type: ignore[union-attr]  # there are two pages


async def test_empty_lists_say_what_to_do(people: People) -> None:
    browser = await people.browser("alfa", "editor")
    empty = await browser.soup("/admin/posts")
    assert empty.select_one(".empty a[href='/admin/posts/new']")
    nothing = await browser.soup("/admin/posts?q=zzz")
    assert nothing.select_one(".empty a[href='/admin/posts']")


async def test_several_posts_are_published_trashed_and_brought_back(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    posts = [await make_post(app, editor, title=f"T{n}") for n in range(3)]
    browser = await _signed_in(app, editor)
    keys = [str(post.number) for post in posts]

    async def do(action: str, ids: list[str] | str) -> str:
        answer = await browser.post(
            "/admin/posts/do",
            data={"do": action, "ids": ids, "_csrf": await browser.token("/admin/posts")},
        )
        return await said(browser, answer)

    assert "2 publicados" in await do("publish", keys[:2])
    assert "1 movido" in await do("trash", keys[2])
    soup = await browser.soup("/admin/posts?tab=trash")
    assert [a.text for a in soup.select("tbody .title-link")] == ["T2"]
    assert "1 restaurado" in await do("restore", ",".join(keys[2:]))
    assert "Nada foi selecionado" in await do("publish", [])


async def test_what_cannot_be_undone_is_asked_about_first(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Vai embora", status="trash")
    browser = await _signed_in(app, editor)
    token = await browser.token("/admin/posts")
    asked = await browser.post(
        "/admin/posts/do",
        data={"one": f"delete:{post.number}", "_csrf": token, "_next": "/admin/posts?tab=trash"},
    )
    assert asked.status_code == 200
    assert "Vai embora" in asked.text
    data = fields_of(parsed(asked), "main form")
    assert data["_next"] == ["/admin/posts?tab=trash"]
    gone = await browser.post("/admin/posts/do", data=data)
    assert "excluído" in await said(browser, gone)
    assert (await browser.get(f"/admin/posts/{post.number}")).status_code == 404


async def test_each_row_is_decided_on_and_the_others_go_on(app: Litestar, people: People) -> None:
    author, editor = await people.make("alfa", "author"), await people.make("alfa", "editor")
    own = await make_post(app, author, title="Meu", status="publish")
    foreign = await make_post(app, editor, title="Alheio", status="publish")
    browser = await _signed_in(app, author)
    answer = await browser.post(
        "/admin/posts/do",
        data={
            "do": "trash",
            "ids": [str(foreign.number), str(own.number), "123456"],
            "_csrf": await browser.token("/admin/posts"),
        },
    )
    text = await said(browser, answer)
    assert "1 movido" in text
    assert "Alheio" in text  # named among what could not be done
    with entered(app, "alfa"):
        async with tenant_read():
            assert (await get_post(foreign.id)).status == "publish"
            assert (await get_post(own.id)).status == "trash"


async def test_actions_take_rights_and_names_that_exist(app: Litestar, people: People) -> None:
    contributor = await people.make("alfa", "contributor")
    post = await make_post(app, contributor, title="Rascunho")
    browser = await _signed_in(app, contributor)
    token = await browser.token("/admin/posts")
    denied = await browser.post(
        "/admin/posts/do", data={"do": "publish", "ids": str(post.number), "_csrf": token}
    )
    assert denied.status_code == 403
    unknown = await browser.post("/admin/posts/do", data={"do": "explode", "ids": "1", "_csrf": token})
    assert unknown.status_code == 404
    many = await browser.post(
        "/admin/posts/do", data={"do": "trash", "ids": [str(n) for n in range(201)], "_csrf": token}
    )
    assert many.status_code == 400
    elsewhere = await browser.post(
        "/admin/posts/do",
        data={"do": "trash", "ids": str(post.number), "_csrf": token, "_next": "https://evil.example/"},
    )
    assert elsewhere.headers["location"] == "/admin/posts"


async def test_a_contributor_sees_no_counts_of_what_is_not_his(app: Litestar, people: People) -> None:
    editor, contributor = await people.make("alfa", "editor"), await people.make("alfa", "contributor")
    await make_post(app, editor, title="Segredo")
    browser = await _signed_in(app, contributor)
    soup = await browser.soup("/admin/posts")
    assert "Segredo" not in soup.text
    assert not soup.select(".tabs .count")


async def test_tabs_agree_with_what_they_hold(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    for kind in ("post", "page"):
        await make_post(app, editor, type=kind, title="No ar", status="publish")
    browser = await _signed_in(app, editor)
    assert "Publicados" in (await browser.soup("/admin/posts")).select_one(".tabs").text  # type: ignore[union-attr]  # they are there
    assert "Publicadas" in (await browser.soup("/admin/pages")).select_one(".tabs").text  # type: ignore[union-attr]  # as above


async def test_pages_stand_below_their_parents(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    parent = await make_post(app, editor, type="page", title="Sobre", status="publish")
    await make_post(app, editor, type="page", title="Contato", status="publish")
    await make_post(app, editor, type="page", title="Equipe", parent_id=parent.id, status="publish")
    browser = await _signed_in(app, editor)
    soup = await browser.soup("/admin/pages")
    rows = [
        row.select_one(".cell-main").get_text(" ", strip=True).split(" pessoa")[0]
        for row in soup.select("tbody tr")
    ]  # type: ignore[union-attr]  # every row has one
    place = next(i for i, text in enumerate(rows) if text.startswith("Sobre"))
    assert rows[place + 1].startswith("— Equipe")


async def test_details_open_below_a_row(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Com resumo", excerpt="Em poucas palavras")
    browser = await _signed_in(app, editor)
    part = await browser.get(f"/admin/posts/{post.number}/more", headers=HTMX)
    assert part.text.strip().startswith("<tr")
    assert "Em poucas palavras" in part.text
    assert (await browser.get(f"/admin/pages/{post.number}/more")).status_code == 404


async def test_another_site_knows_nothing_of_a_row(app: Litestar, people: People) -> None:
    author = await people.make("alfa", "administrator")
    post = await make_post(app, author, title="De alfa", status="publish")
    stranger = await people.browser("beta", "administrator")
    for path in (
        f"/admin/posts/{post.number}",
        f"/admin/posts/{post.number}/more",
        f"/admin/users/{author.id}",
    ):
        assert (await stranger.get(path)).status_code == 404, path
