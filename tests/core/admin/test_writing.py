"""The writing screen: what is saved, what is refused, and that nothing typed is ever lost."""

from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar

from core.accounts import Account
from core.clock import now
from core.content import get_post, revisions, update_post
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import tenant_read
from tests.core.admin.kit import fields_of, htmx_post, make_post, parsed, said, send
from tests.kit.client import Browser
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered


async def _signed_in(app: Litestar, user: Account) -> Browser:
    browser = Browser(app, "alfa")
    await browser.sign_in(user.email, PASSWORD)
    return browser


async def _post(app: Litestar, number: str | int) -> PostView:
    from core.content import get_post_by_number

    with entered(app, "alfa"):
        async with tenant_read():
            return await get_post_by_number(int(number), edit=True)


async def _new(browser: Browser, changes: dict[str, Any], path: str = "/admin/posts/new?editor=html") -> str:
    """Write something, and return its number."""
    answer = await send(browser, path, changes, selector="form.writing")
    assert answer.status_code == 303, answer.text[:3000]
    return str(answer.headers["location"].rpartition("/")[2])


async def test_a_post_is_written_saved_and_published(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "editor")
    number = await _new(browser, {"title": "Pressão alta", "content": "<p>Meça.</p>", "_action": "save"})
    assert (await _post(app, number)).status == "draft"
    answer = await send(
        browser,
        f"/admin/posts/{number}",
        {"excerpt": "Em resumo", "slug": "pressao", "tags.post_tag": "coração, exames", "_action": "publish"},
        selector="form.writing",
    )
    assert "Publicado" in await said(browser, answer)
    post = await _post(app, number)
    assert (post.status, post.slug, post.excerpt) == ("publish", "pressao", "Em resumo")
    assert [tag.name for tag in post.terms["post_tag"]] == ["coração", "exames"]
    assert (await Browser(app, "alfa").get("/pressao/")).status_code == 200


async def test_fields_that_are_not_shown_stay(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Antes", format="quote", meta={"k": ("v",)}, is_sticky=True)
    browser = await _signed_in(app, editor)
    await send(browser, f"/admin/posts/{post.number}", {"title": "Depois"}, selector="form.writing")
    after = await _post(app, post.number)
    assert (after.title, after.format, after.is_sticky) == ("Depois", "quote", True)
    assert after.meta == {"k": ("v",)}
    assert after.content == post.content
    assert after.version == post.version + 1


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("is_admin", "1", 400),
        ("tenant_id", "0", 400),
        ("status", "publish", 400),
        ("_version", "abc", 400),
        ("_version", "", 400),
        ("_version", None, 400),
        ("_version", "-1", 400),
        ("_version", "9" * 30, 400),
        ("_action", "burn", 404),
    ],
)
async def test_what_the_form_does_not_hold_is_refused(
    app: Litestar, people: People, field: str, value: str | None, status: int
) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Antes")
    browser = await _signed_in(app, editor)
    answer = await send(
        browser, f"/admin/posts/{post.number}", {"title": "Depois", field: value}, selector="form.writing"
    )
    assert answer.status_code == status
    assert (await _post(app, post.number)).title == "Antes"


async def test_a_long_text_is_taken_at_once(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "editor")
    text = "<p>" + "ação " * 80_000 + "</p>"  # more than a million bytes on the way
    number = await _new(browser, {"title": "Longo", "content": text, "_action": "save"})
    assert len((await _post(app, number)).content) > 390_000


async def test_every_error_is_said_and_everything_typed_is_kept(people: People) -> None:
    browser = await people.browser("alfa", "editor")
    answer = await send(
        browser,
        "/admin/posts/new",
        {
            "title": "T" * 1200,
            "content": "<p>Meu trabalho</p>",
            "slug": "!!!",
            "visibility": "password",
            "tags.post_tag": "um, dois",
            "_action": "save",
        },
        selector="form.writing",
    )
    assert answer.status_code == 422
    soup = parsed(answer)
    assert soup.select_one("#post_password-error"), "a password is needed"
    assert soup.select_one("#content").text.strip() == "<p>Meu trabalho</p>"  # type: ignore[union-attr]  # always there
    assert len(soup.select_one("#title").text) == 1200  # type: ignore[union-attr]  # as above
    assert "um, dois" in answer.text
    again = await send(
        browser,
        "/admin/posts/new",
        {"title": "T" * 1200, "slug": "!!!", "_action": "save"},
        selector="form.writing",
    )
    assert {error["id"] for error in parsed(again).select(".error")} == {"title-error", "slug-error"}


async def test_scheduling_private_and_password(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "editor")
    later = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    number = await _new(browser, {"title": "Depois", "at": later, "_action": "publish"})
    assert (await _post(app, number)).status == "future"
    number = await _new(browser, {"title": "Só nós", "visibility": "private", "_action": "publish"})
    assert (await _post(app, number)).status == "private"
    number = await _new(
        browser,
        {"title": "Com senha", "visibility": "password", "post_password": "abre", "_action": "publish"},
    )
    post = await _post(app, number)
    assert (post.status, post.has_password) == ("publish", True)
    # saved again with the field left empty, the password stays; made public, it goes
    await send(browser, f"/admin/posts/{number}", {"_action": "save"}, selector="form.writing")
    assert (await _post(app, number)).has_password
    await send(
        browser,
        f"/admin/posts/{number}",
        {"visibility": "public", "_action": "save"},
        selector="form.writing",
    )
    assert not (await _post(app, number)).has_password


async def test_saving_a_published_post_moves_neither_its_date_nor_its_status(
    app: Litestar, people: People
) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, status="publish")
    browser = await _signed_in(app, editor)
    await send(browser, f"/admin/posts/{post.number}", {"title": "Outro"}, selector="form.writing")
    after = await _post(app, post.number)
    assert (after.status, after.published_at, after.title) == ("publish", post.published_at, "Outro")


async def test_two_editors_get_both_texts_and_merge_them(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Receita", content="<p>Sal.</p>")
    browser = await _signed_in(app, editor)
    open_form = fields_of(await browser.soup(f"/admin/posts/{post.number}"), "form.writing")
    with entered(app, "alfa"):
        async with tenant_read():
            await update_post(post.id, PostData(content="<p>Menos sal.</p>"), version=post.version)
    open_form |= {"content": ["<p>Sal e pimenta.</p>"], "title": ["Receita nova"], "_action": ["save"]}
    answer = await browser.post(f"/admin/posts/{post.number}", data=open_form)
    assert answer.status_code == 409
    soup = parsed(answer)
    shown = " ".join(diff.text for diff in soup.select(".diff"))
    assert "Menos" in shown and "pimenta" in shown
    merge = fields_of(soup, "#merge")
    assert merge["title"] == ["Receita nova"]
    assert merge["content"] == ["<p>Sal e pimenta.</p>"]
    with entered(app, "alfa"):
        async with tenant_read():
            assert (await get_post(post.id, edit=True)).content == "<p>Menos sal.</p>"
            assert any(revision.kind == "autosave" for revision in await revisions(post.id))
    merge["content"] = ["<p>Menos sal e pimenta.</p>"]
    assert "Salvo" in await said(browser, await browser.post(f"/admin/posts/{post.number}", data=merge))
    after = await _post(app, post.number)
    assert (after.title, after.content) == ("Receita nova", "<p>Menos sal e pimenta.</p>")


async def test_htmx_saves_without_leaving_the_screen(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    browser = await _signed_in(app, editor)
    first = await htmx_post(
        browser, "/admin/posts/new", {"title": "Novo", "_action": "save"}, page="/admin/posts/new"
    )
    assert first.status_code == 200
    address = first.headers["hx-replace-url"]
    soup = parsed(first)
    assert soup.select_one("#write-ids")["data-action"] == address  # type: ignore[index]  # it moves the form on
    version = soup.select_one("[name=_version]")["value"]  # type: ignore[index]  # as above
    second = await htmx_post(
        browser, address, {"title": "Novo 2", "_version": version, "_action": "save"}, page=address
    )
    assert second.status_code == 200
    assert "<html" not in second.text
    stale = await htmx_post(
        browser, address, {"title": "Novo 3", "_version": version, "_action": "save"}, page=address
    )
    assert stale.status_code == 409
    assert stale.headers["hx-retarget"] == "body"
    wrong = await htmx_post(
        browser, address, {"title": "T" * 1200, "_action": "save", "_version": "2"}, page=address
    )
    assert wrong.status_code == 422
    assert parsed(wrong).select("#notices .notice-error li")


async def test_revisions_show_what_changed_and_come_back(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Um", content="<p>primeira frase</p>")
    with entered(app, "alfa"):
        async with tenant_read():
            await update_post(post.id, PostData(content="<p>segunda frase</p>"), version=None)
    browser = await _signed_in(app, editor)
    soup = await browser.soup(f"/admin/posts/{post.number}/revisions")
    texts = [mark.text for mark in soup.select(".diff-text :is(del, ins)")]
    # that is what changed, in words too: colours alone say nothing to those who listen
    assert texts == ["[removido: primeira] ", "[acrescentado: segunda] "]
    assert (await browser.get(f"/admin/posts/{post.number}/revisions?show=99")).status_code == 200
    answer = await browser.submit(
        f"/admin/posts/{post.number}/revisions/1", page=f"/admin/posts/{post.number}/revisions"
    )
    assert "versão 1" in await said(browser, answer)
    assert (await _post(app, post.number)).content == "<p>primeira frase</p>"
    assert (
        await browser.submit(f"/admin/posts/{post.number}/revisions/77", page="/admin")
    ).status_code == 404


async def test_a_contributor_hands_in_and_cannot_publish(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "contributor")
    page = await browser.soup("/admin/posts/new")
    assert not page.select("button[value=publish]")
    assert not page.select("[name=at]")
    number = await _new(browser, {"title": "Para revisar", "_action": "submit"})
    assert (await _post(app, number)).status == "pending"
    forced = await send(
        browser, "/admin/posts/new", {"title": "X", "_action": "publish"}, selector="form.writing"
    )
    assert forced.status_code == 403


async def test_categories_are_added_where_they_are_chosen(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    browser = await _signed_in(app, editor)
    part = await htmx_post(
        browser, "/admin/posts/terms/category", {"_new_category": "Vacinas"}, page="/admin/posts/new"
    )
    soup = parsed(part)
    chosen = soup.select_one("input[checked]")
    assert chosen is not None and chosen.parent is not None and "Vacinas" in chosen.parent.text
    again = await htmx_post(
        browser, "/admin/posts/terms/category", {"_new_category": "Vacinas"}, page="/admin/posts/new"
    )
    assert again.status_code == 422
    assert "Vacinas" in parsed(again).select_one("[name=_new_category]")["value"]  # type: ignore[index,operator]  # kept
    number = await _new(browser, {"title": "T", "terms.category": str(chosen["value"])})
    assert [term.name for term in (await _post(app, number)).terms["category"]] == ["Vacinas"]
    author = await people.browser("alfa", "author")
    denied = await htmx_post(
        author, "/admin/posts/terms/category", {"_new_category": "X"}, page="/admin/posts/new"
    )
    assert denied.status_code == 403


async def test_pages_have_parents_and_order(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    parent = await make_post(app, editor, type="page", title="Sobre", status="publish")
    browser = await _signed_in(app, editor)
    number = await _new(
        browser,
        {"title": "Equipe", "parent_id": str(parent.id), "menu_order": "3", "_action": "publish"},
        "/admin/pages/new",
    )
    page = await _post(app, number)
    assert (page.type, page.parent_id, page.menu_order, page.url) == ("page", parent.id, 3, "/sobre/equipe/")
    soup = await browser.soup(f"/admin/posts/{parent.number}")
    assert str(parent.id) not in {str(option["value"]) for option in soup.select("#parent_id option")}


async def test_the_trash_is_left_by_a_click(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Tchau", status="publish")
    browser = await _signed_in(app, editor)
    answer = await send(browser, f"/admin/posts/{post.number}", {"_action": "trash"}, selector="form.writing")
    soup = await browser.soup(answer.headers["location"])
    undo = fields_of(soup, ".toast form")
    assert "restaurado" in await said(browser, await browser.post("/admin/posts/do", data=undo))
    assert (await _post(app, post.number)).status == "publish"


async def test_somebody_elses_draft_is_not_there_for_an_author(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    draft = await make_post(app, editor, title="Segredo")
    public = await make_post(app, editor, title="Público", status="publish")
    browser = await people.browser("alfa", "author")
    for path in (f"/admin/posts/{draft.number}", f"/admin/posts/{public.number}"):
        answer = await browser.get(path)
        assert answer.status_code in (403, 404), path
        assert "Segredo" not in answer.text
    saved = await browser.submit(
        f"/admin/posts/{public.number}", {"title": "Meu agora"}, page="/admin/posts/new"
    )
    assert saved.status_code in (403, 404)
