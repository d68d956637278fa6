"""A text while it is written, on the screens: copies, who is at it, links, another one made of it, the trash."""

from datetime import timedelta
from typing import Any

from litestar import Litestar

from core.accounts import Account
from core.clock import now
from core.content import get_post_by_number, revisions, update_post
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import tenant_read
from tests.core.admin.kit import fields_of, htmx_post, make_post, parsed, said
from tests.kit.client import Browser
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered

WINDOW, OTHER = "w" * 12, "x" * 12


async def _signed_in(app: Litestar, account: Account) -> Browser:
    browser = Browser(app, "alfa")
    await browser.sign_in(account.email, PASSWORD)
    return browser


async def _post(app: Litestar, number: int) -> PostView:
    with entered(app, "alfa"):
        async with tenant_read():
            return await get_post_by_number(number, edit=True)


async def _keep(browser: Browser, post: PostView, content: str, window: str = WINDOW, **more: str) -> Any:
    page = f"/admin/posts/{post.number}"
    form: dict[str, Any] = fields_of(await browser.soup(page), "form.writing")
    form |= {"content": [content], "_window": [window], **{name: [value] for name, value in more.items()}}
    answer = await htmx_post(browser, f"{page}/autosave", form, page=page)
    assert answer.status_code == 200, answer.text[:500]
    return answer.json()


async def test_what_was_never_saved_is_offered_compared_and_taken_up(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Salvo", content="<p>Texto salvo.</p>")
    browser, page = await _signed_in(app, editor), f"/admin/posts/{post.number}"
    told = await _keep(
        browser, post, "<p>Texto novo.</p>", **{"tags.post_tag": "uma, duas", "post_password": "em claro"}
    )
    assert (told["kept"], told["locked"]) == (True, False) and "cópia" in told["said"]
    with entered(app, "alfa"):
        async with tenant_read():
            from core.db import execute

            rows = await execute("SELECT * FROM post_autosaves WHERE tenant_id = {tenant}")
            tags = await execute(
                "SELECT name FROM terms WHERE tenant_id = {tenant} AND taxonomy = 'post_tag'"
            )
    assert len(rows) == 1 and "em claro" not in repr(rows)
    assert tags == []  # words that somebody is still typing make no tags
    soup = await browser.soup(page)
    assert soup.select_one("#content").text.strip() == "<p>Texto salvo.</p>"  # type: ignore[union-attr]  # it is there
    assert len(soup.select("#offers .notice")) == 1
    differs = await browser.soup(f"{page}/copy")
    assert "novo" in differs.select_one(".diff ins").text  # type: ignore[union-attr]  # as above
    again = await browser.soup(f"{page}?copy=1")
    form = fields_of(again, "form.writing")
    assert form["content"] == ["<p>Texto novo.</p>"] and form["tags.post_tag"] == ["uma, duas"]
    assert again.select_one("form.writing").has_attr("data-restored")  # type: ignore[union-attr]  # as above
    answer = await browser.post(page, data={**form, "_action": "save"})
    assert answer.status_code == 303
    assert (await _post(app, post.number)).content == "<p>Texto novo.</p>"
    assert not (await browser.soup(page)).select("#offers .notice")
    assert (await browser.get(f"{page}/copy")).status_code == 404


async def test_a_copy_is_its_writers_alone_and_can_be_thrown_away(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Salvo")
    browser, page = await _signed_in(app, editor), f"/admin/posts/{post.number}"
    await _keep(browser, post, "<p>Só meu</p>")
    other = await people.browser("alfa", "editor")
    seen = await other.soup(page)
    assert not seen.select("#offers .notice") and "Só meu" not in seen.text
    assert (await other.get(f"{page}/copy")).status_code == 404
    gone = await htmx_post(browser, f"{page}/copy/discard", {}, page=page)
    assert gone.status_code == 200 and not parsed(gone).select(".notice")
    assert not (await browser.soup(page)).select("#offers .notice")


async def test_what_is_the_same_as_saved_is_not_offered(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Salvo", content="<p>Igual.</p>")
    browser = await _signed_in(app, editor)
    await _keep(browser, post, "<p>Igual.</p>")
    assert not (await browser.soup(f"/admin/posts/{post.number}")).select("#offers .notice")


async def test_a_text_that_was_never_saved_waits_on_the_empty_screen(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    browser = await _signed_in(app, editor)
    form: dict[str, Any] = fields_of(await browser.soup("/admin/posts/new?editor=html"), "form.writing")
    form |= {"title": ["Começo"], "content": ["<p>As primeiras linhas.</p>"]}
    kept = await htmx_post(browser, "/admin/posts/new/post/autosave", form, page="/admin/posts/new")
    assert kept.status_code == 200
    (key,) = form["_draft"]
    preview = await browser.get(f"/?preview=true&draft=post:{key}")
    assert "As primeiras linhas." in preview.text and preview.headers["cache-control"] == "private, no-store"
    other = await people.browser("alfa", "editor")
    assert (await other.get(f"/?preview=true&draft=post:{key}")).status_code == 404
    assert not (await other.soup("/admin/posts/new")).select("#offers .notice")
    soup = await browser.soup("/admin/posts/new")
    link = soup.select_one("#offers a")
    assert link is not None and "Começo" in soup.select_one("#offers").text  # type: ignore[union-attr]  # it is there
    again = fields_of(await browser.soup(str(link["href"])), "form.writing")
    assert (again["title"], again["_draft"]) == (["Começo"], [key])
    made = await browser.post("/admin/posts/new", data={**again, "_action": ["save"]})
    assert made.status_code == 303
    assert not (await browser.soup("/admin/posts/new")).select("#offers .notice")


async def test_two_people_one_writes(app: Litestar, people: People) -> None:
    ana, rui = await people.make("alfa", "editor"), await people.make("alfa", "editor")
    post = await make_post(app, ana, title="Dengue", content="<p>Antes.</p>")
    page = f"/admin/posts/{post.number}"
    first, second = await _signed_in(app, ana), await _signed_in(app, rui)
    held = await htmx_post(first, f"{page}/lock", {"_window": WINDOW}, page=page)
    assert held.json()["locked"] is False
    soup = await second.soup(page)
    assert soup.select("#lock-notice .notice") and soup.select("[data-part][inert]")
    listed = await second.soup("/admin/posts")
    assert ana.display_name in listed.select_one(".cell-main .chip-warn").text  # type: ignore[union-attr]  # it is there
    # neither a save, nor an action of the list, gets past
    form: dict[str, Any] = fields_of(soup, "form.writing")
    form |= {"content": ["<p>Do Rui.</p>"], "_action": ["save"]}
    assert (await second.post(page, data=form)).status_code == 409
    listing = fields_of(listed, "#list form")
    await second.post("/admin/posts/do", data={**listing, "do": "trash", "ids": str(post.number)})
    assert (await _post(app, post.number)).status == "draft"
    # taken over, the first one keeps what was written and can't save over it
    await _keep(first, post, "<p>Da Ana.</p>")
    taken = await second.post(f"{page}/lock/take", data={"_csrf": form["_csrf"], "_window": OTHER})
    assert taken.status_code == 303
    form["_version"] = [str(post.version)]
    assert (await second.post(page, data=form)).status_code == 303
    told = await _keep(first, post, "<p>Da Ana, ainda.</p>", _version=str(post.version))
    assert told["locked"] is True and rui.display_name in told["notice"]
    mine: dict[str, Any] = fields_of(await first.soup(page), "form.writing")
    mine |= {"content": ["<p>x</p>"], "_action": ["save"], "_version": [str(post.version)]}
    assert (await first.post(page, data=mine)).status_code == 409
    assert (await _post(app, post.number)).content == "<p>Do Rui.</p>"
    await htmx_post(second, f"{page}/lock/release", {"_window": OTHER}, page=page)
    offers = (await first.soup(page)).select("#offers .notice")
    assert len(offers) == 1 and "alguém salvou" in offers[0].text


async def test_any_two_versions_are_compared_both_ways(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Um", content="<p>um</p>")
    with entered(app, "alfa"):
        async with tenant_read():
            for text in ("dois", "três"):
                await update_post(post.id, PostData(content=f"<p>{text}</p>"), version=None)
            assert len(await revisions(post.id)) == 3
    browser, page = await _signed_in(app, editor), f"/admin/posts/{post.number}/revisions"
    soup = await browser.soup(f"{page}?show=3&with=1")
    assert [mark.text for mark in soup.select(".diff :is(del, ins)")] == [
        "[removido: um] ",
        "[acrescentado: três] ",
    ]
    inline = await browser.soup(f"{page}?show=3&with=1&view=inline")
    (text,) = inline.select(".diff-as-inline .diff-text")
    assert [mark.name for mark in text.select("del, ins")] == ["del", "ins"]
    assert (await browser.get(f"{page}?show=3&with=99")).status_code == 200


async def test_links_are_shown_once_listed_and_taken_back(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Em revisão", content="<p>Ainda não.</p>")
    hidden = await make_post(app, editor, title="Outro rascunho")
    browser, page = await _signed_in(app, editor), f"/admin/posts/{post.number}/links"
    token = await browser.token(page)
    made = parsed(await browser.post(page, data={"_csrf": token, "note": "Dra. Lima", "hours": "72"}))
    link = str(made.select_one("#made")["value"])  # type: ignore[index]  # it is shown
    assert link.startswith("http") and link not in (await browser.get(page)).text
    path = link[link.index("/-/") :]
    async with Browser(app, "alfa") as visitor:
        seen = await visitor.get(path)
        assert seen.status_code == 200 and "Ainda não." in seen.text
        assert seen.headers["cache-control"] == "private, no-store"
        assert "noindex" in seen.headers["x-robots-tag"]
        assert seen.headers["referrer-policy"] == "no-referrer"
        assert hidden.title not in seen.text
        assert (await visitor.get(f"/?p={post.number}")).status_code == 404
        assert (await visitor.get(path[:-1] + ("a" if path[-1] != "a" else "b"))).status_code == 404
        async with Browser(app, "beta") as elsewhere:
            assert (await elsewhere.get(path)).status_code == 404
        soup = await browser.soup(page)
        assert "Dra. Lima" in soup.text
        revoke = str(soup.select_one("form[action$=revoke]")["action"])  # type: ignore[index]  # as above
        assert (await browser.submit(revoke, page=page)).status_code == 303
        assert (await visitor.get(path)).status_code == 404
    wrong = await browser.post(page, data={"_csrf": token, "hours": "9999", "note": "x"})
    assert wrong.status_code == 422 and "x" in parsed(wrong).select_one("#note")["value"]  # type: ignore[index]  # as above


async def test_looking_through_links_is_limited(app: Litestar, people: People) -> None:
    async with Browser(app, "alfa") as visitor:
        statuses = {(await visitor.get(f"/-/preview/{number:043d}")).status_code for number in range(125)}
    assert statuses == {404, 429}


async def test_a_copy_of_a_post_is_made_from_its_screen_and_from_the_list(
    app: Litestar, people: People
) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Modelo", content="<p>Base.</p>")
    browser = await _signed_in(app, editor)
    answer = await browser.submit(f"/admin/posts/{post.number}/duplicate", page=f"/admin/posts/{post.number}")
    made = await _post(app, int(answer.headers["location"].rpartition("/")[2]))
    assert (made.title, made.content, made.status) == ("Modelo (cópia)", "<p>Base.</p>", "draft")
    form = fields_of(await browser.soup("/admin/posts"), "#list form")
    await browser.post("/admin/posts/do", data={**form, "one": f"duplicate:{made.number}"})
    titles = [link.text for link in (await browser.soup("/admin/posts")).select(".title-link")]
    assert "Modelo (cópia) (cópia)" in titles


async def test_the_time_off_the_site_is_set_beside_the_text(app: Litestar, people: People) -> None:
    editor = await people.make("alfa", "editor")
    post = await make_post(app, editor, title="Campanha", status="publish")
    browser, page = await _signed_in(app, editor), f"/admin/posts/{post.number}"
    later = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    form: dict[str, Any] = fields_of(await browser.soup(page), "form.writing")
    form |= {"unpublish_at": [later], "unpublish_to": ["private"], "_action": ["save"]}
    assert "Salvo" in await said(browser, await browser.post(page, data=form))
    after = await _post(app, post.number)
    assert after.unpublish_at is not None and after.unpublish_to == "private"
    assert "No site até" in (await browser.soup("/admin/posts")).select_one(".line-note").text  # type: ignore[union-attr]  # it is there
    form = fields_of(await browser.soup(page), "form.writing") | {"unpublish_at": ["2001-01-01T10:00"]}
    wrong = await browser.post(page, data={**form, "_action": ["save"]})
    assert wrong.status_code == 422 and "#unpublish_at" in wrong.text


async def test_the_trash_says_when_and_is_emptied(app: Litestar, people: People) -> None:
    editor, author = await people.make("alfa", "editor"), await people.make("alfa", "author")
    kept = await make_post(app, editor, title="Fica")
    for number in range(3):
        await make_post(app, editor, title=f"Vai {number}", status="trash")
    browser = await _signed_in(app, editor)
    soup = await browser.soup("/admin/posts?tab=trash")
    day = (now() + timedelta(days=30)).year
    assert str(day) in soup.select_one(".line-note").text  # type: ignore[union-attr]  # it is there
    token = await browser.token("/admin/posts?tab=trash")
    asked = await browser.post("/admin/trash/post/empty", data={"_csrf": token})
    assert asked.status_code == 200 and parsed(asked).select_one("[name=_confirmed]")
    done = await browser.post("/admin/trash/post/empty", data={"_csrf": token, "_confirmed": "1"})
    assert "3" in await said(browser, done)
    titles = [link.text for link in (await browser.soup("/admin/posts")).select(".title-link")]
    assert titles == [kept.title]
    other = await _signed_in(app, author)
    denied = await other.post(
        "/admin/trash/post/empty", data={"_csrf": await other.token("/admin/posts"), "_confirmed": "1"}
    )
    assert denied.status_code == 403
