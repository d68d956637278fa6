"""`AdminView`, over HTTP, by the code of its how-to page."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from core.admin import AdminView
from core.admin.views import views_of
from core.errors import StartError
from core.plugins import Plugin
from tests.core.admin.glossary import Words, blocks, installed
from tests.core.admin.kit import HTMX, fields_of, parsed, said, send
from tests.kit.client import Browser
from tests.kit.people import People


@pytest.fixture
def glossary() -> Iterator[tuple[Plugin, Words, Any]]:
    with installed() as made:
        yield made


@pytest.fixture
async def editor(app_with: Any, glossary: Any) -> Browser:
    app = await app_with(glossary[0], on=("alfa",))
    return await People(app).browser("alfa", "editor")


async def _add(browser: Browser, word: str, meaning: str = "") -> Any:
    return await send(
        browser, "/admin/glossary/new", {"word": word, "meaning": meaning}, selector="main form"
    )


async def test_the_test_of_the_page_is_true(app_with: Any, glossary: Any) -> None:
    space: dict[str, Any] = {"People": People}
    exec(blocks()["a test"], space)  # noqa: S102  # the page's own code

    async def with_glossary(*names: str, **options: Any) -> Any:
        assert names == ("glossary",)
        return await app_with(glossary[0], **options)

    await space["test_words_are_kept"](with_glossary)


async def test_a_list_is_shown_searched_sorted_and_asked_for_in_part(editor: Browser) -> None:
    for word in ("Edema", "Anemia", "Dispneia"):
        assert "adicionado" in await said(editor, await _add(editor, word))
    soup = await editor.soup("/admin/glossary")
    assert [link.text for link in soup.select("tbody .title-link")] == ["Anemia", "Dispneia", "Edema"]
    soup = await editor.soup("/admin/glossary?sort=-word")
    assert [link.text for link in soup.select("tbody .title-link")] == ["Edema", "Dispneia", "Anemia"]
    part = await editor.get("/admin/glossary?q=ed", headers=HTMX)
    assert "Edema" in part.text and "Anemia" not in part.text and "<html" not in part.text
    assert soup.select_one(".nav a[href='/admin/glossary'][aria-current]")


async def test_a_form_says_everything_and_keeps_everything(editor: Browser) -> None:
    wrong = await _add(editor, "", "m" * 3000)
    assert wrong.status_code == 422
    soup = parsed(wrong)
    assert {error["id"] for error in soup.select(".error")} == {"word-error", "meaning-error"}
    assert len(soup.select_one("#meaning").text) == 3000  # type: ignore[union-attr]  # kept
    by_operation = await _add(editor, "123", "Um número")
    assert by_operation.status_code == 422
    assert parsed(by_operation).select_one("#word-error").text.strip() == "A number is no word."  # type: ignore[union-attr]  # it says so
    refused = await _add(editor, "proibida", "Não")
    assert refused.status_code == 422
    assert parsed(refused).select_one("#word")["value"] == "proibida"  # type: ignore[index]  # kept
    assert "not for here" in refused.text
    foreign = await send(editor, "/admin/glossary/new", {"word": "a", "other": "1"}, selector="main form")
    assert foreign.status_code == 400


async def test_a_row_is_changed_and_a_second_editor_told(editor: Browser, glossary: Any) -> None:
    await _add(editor, "Edema", "Inchaço")
    path = str((await editor.soup("/admin/glossary")).select_one("tbody .title-link")["href"])  # type: ignore[index]  # there is one
    form = fields_of(await editor.soup(path), "main form.panel")
    assert form["meaning"] == ["Inchaço"]
    assert "salvo" in await said(editor, await editor.post(path, data={**form, "meaning": "Retenção"}))
    stale = await editor.post(path, data={**form, "meaning": "Outra coisa"})
    assert stale.status_code == 409
    assert "Retenção" in stale.text
    again = fields_of(parsed(stale), "main form.panel")
    assert again["meaning"] == ["Outra coisa"]
    assert (await editor.post(path, data=again)).status_code == 303
    assert (await editor.get("/admin/glossary/01900000-0000-7000-8000-000000000000")).status_code == 404
    assert (await editor.get("/admin/glossary/not-a-key")).status_code == 404


async def test_actions_run_on_each_row_and_need_their_own_right(
    app_with: Any, glossary: Any, editor: Browser
) -> None:
    for word in ("um", "dois", "xarope"):
        await _add(editor, word)
    soup = await editor.soup("/admin/glossary")
    keys = [str(box["value"]) for box in soup.select("input[name=ids]")]
    answer = await editor.submit("/admin/glossary/do", {"do": "publish", "ids": keys}, page="/admin/glossary")
    text = await said(editor, answer)
    assert "2 words published." in text
    assert "xarope" in text and "begins with an x" in text
    soup = await editor.soup("/admin/glossary")
    assert len(soup.select("button[name=one][value^='publish']")) == 1  # only where it makes sense
    asked = await editor.submit(
        "/admin/glossary/do", {"do": "delete", "ids": keys[:1]}, page="/admin/glossary"
    )
    assert asked.status_code == 200
    done = await editor.post("/admin/glossary/do", data=fields_of(parsed(asked), "main form"))
    assert "1 excluído" in await said(editor, done)


async def test_each_verb_has_its_right(app_with: Any, glossary: Any) -> None:
    _plugin, _words, views = glossary

    class Guarded(views[0]):  # type: ignore[name-defined,misc]  # made from the page
        capability = "edit_posts"
        create_capability = "edit_pages"
        change_capability = "manage_categories"
        delete_capability = "manage_options"

    app = await app_with(
        Plugin(name="glossary", version="1.0.0", title="G", parts={"admin": [Guarded]}), on=("alfa",)
    )
    people = People(app)
    editor, author = await people.browser("alfa", "editor"), await people.browser("alfa", "author")
    await _add(editor, "Edema")
    soup = await author.soup("/admin/glossary")
    key = str(soup.select_one("tbody .title-link")["href"]).rpartition("/")[2]  # type: ignore[index]  # there is one
    assert not soup.select("a[href$='/new']")
    assert not soup.select("button[value^=delete]")
    token = await author.token("/admin/glossary")
    assert (await author.get("/admin/glossary/new")).status_code == 403
    assert (await author.post("/admin/glossary/new", data={"word": "x", "_csrf": token})).status_code == 403
    assert (await author.get(f"/admin/glossary/{key}")).status_code == 200
    assert (
        await author.post(f"/admin/glossary/{key}", data={"word": "x", "_csrf": token})
    ).status_code == 403
    for data in ({"one": f"delete:{key}"}, {"do": "delete", "ids": key, "_confirmed": "1"}):
        denied = await author.post("/admin/glossary/do", data={**data, "_csrf": token})
        assert denied.status_code == 403
    assert (await people.browser("alfa", "contributor")).base_url.host == "alfa.test"
    subscriber = await people.browser("alfa", "subscriber")
    assert (await subscriber.get("/admin/glossary")).status_code == 403
    assert (await Browser(app, "alfa").get("/admin/glossary")).status_code == 302


async def test_nothing_of_it_is_there_where_the_plugin_is_off(app_with: Any, glossary: Any) -> None:
    app = await app_with(glossary[0], on=("alfa",))
    browser = await People(app).browser("beta", "administrator")
    for path in ("/admin/glossary", "/admin/glossary/new", "/admin/glossary/report"):
        assert (await browser.get(path)).status_code == 404
    answer = await browser.submit("/admin/glossary/do", {"do": "publish", "ids": "1"}, page="/admin")
    assert answer.status_code == 404
    assert "/admin/glossary" not in (await browser.get("/admin")).text


async def test_screens_exist_as_far_as_methods_do(app_with: Any, glossary: Any) -> None:
    _plugin, _words, views = glossary

    class ReadOnly(AdminView[Any, Any]):
        title, singular = "Words", "Word"
        capability = "edit_posts"
        columns = views[0].columns
        rows = views[0].rows

    app = await app_with(
        Plugin(name="glossary", version="1.0.0", title="G", parts={"admin": [ReadOnly]}), on=("alfa",)
    )
    browser = await People(app).browser("alfa", "editor")
    soup = await browser.soup("/admin/glossary")
    assert not soup.select("a[href$='/new'], input[name=ids]")
    assert (await browser.get("/admin/glossary/new")).status_code == 404
    assert (await browser.submit("/admin/glossary/do", {"do": "delete"}, page="/admin")).status_code == 404


@pytest.mark.parametrize("part", [SimpleNamespace(), SimpleNamespace(views="x"), [object]])
def test_an_admin_part_without_screens_stops_the_start(part: Any) -> None:
    plugin: Any = SimpleNamespace(name="probe", parts={"admin": part})
    with pytest.raises(StartError, match="probe"):
        views_of(plugin)
