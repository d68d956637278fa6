"""Where it is said: the writing screen, forms of terms and people, the API, revisions; and what the checks find."""

from typing import Any

import pytest

from core.content import restore_revision, revisions, run_checks
from core.db import tenant_read
from tests.kit.plugin import entered
from tests.plugins.seo.world import Found, meta_of


def inputs(**values: str) -> dict[str, str]:
    return {"_ext": "seo", "ext.seo.max_snippet": "-1", "ext.seo.share_image": "0"} | {
        f"ext.seo.{name}": value for name, value in values.items()
    }


async def test_the_panel_shows_and_keeps_what_is_said(found: Found) -> None:
    editor = await found.people.browser("alfa", "editor")
    post = await found.post()
    page = await editor.soup(f"/admin/posts/{post.number}")
    assert page.select_one("#fold-seo .as-result") and page.select_one(
        "[name='ext.seo.title'][data-most='60']"
    )
    assert not page.select("#fold-seo script, #fold-seo [style], #fold-seo [onclick]")
    data = {"_version": str(post.version), "_action": "save", "title": "Sono"}
    answer = await editor.submit(
        f"/admin/posts/{post.number}",
        {**data, **inputs(title="Dormir melhor", noindex="on")},
    )
    assert answer.status_code in (200, 303), answer.text[:500]
    kept = (await found.fresh(post)).ext["seo"]
    assert kept.title == "Dormir melhor" and kept.noindex
    page = await editor.soup(f"/admin/posts/{post.number}")
    assert page.select_one("[name='ext.seo.title']")["value"] == "Dormir melhor"  # type: ignore[index]  # it is there
    assert page.select_one("[name='ext.seo.noindex']").has_attr("checked")  # type: ignore[union-attr]  # as above


async def test_forms_of_terms_and_people_have_it_too(found: Found) -> None:
    admin = await found.people.browser("alfa", "administrator")
    term = await found.term("Saúde")
    await found.post(terms={"category": (term.id,)})
    path = f"/admin/terms/category/{term.id}"
    page = await admin.soup(path)
    assert page.select_one("[name='ext.seo.title']")
    form = {
        "_version": str(term.version),
        "name": "Saúde",
        "slug": term.slug,
        "parent_id": "",
        "description": "Tudo.",
    }
    wrong = await admin.submit(path, {**form, **inputs(canonical="nada disso", title="Fica")})
    assert wrong.status_code == 422 and "Fica" in wrong.text and "seo-canonical-error" in wrong.text
    assert (await admin.submit(path, {**form, **inputs(title="Tudo de saúde")})).status_code == 303
    person = await found.author()
    path = f"/admin/users/{person.id}"
    page = await admin.soup(path)
    values = {
        str(tag["name"]): str(tag.get("value") or tag.get_text())
        for tag in page.select(f"form[action='{path}'] :is(input, textarea)[name]")
        if not str(tag["name"]).startswith(("ext.", "_csrf")) and tag.get("type") != "checkbox"
    }
    values["language"] = ""
    assert (await admin.submit(path, {**values, **inputs(title="Quem escreve")})).status_code == 303
    async with found.browser() as visitor:
        for address, title in ((term.url, "Tudo de saúde"), (f"/author/{person.slug}/", "Quem escreve")):
            shown = await visitor.soup(address)
            assert shown.title is not None and shown.title.get_text() == title


async def test_people_say_it_of_themselves(found: Found) -> None:
    author = await found.people.browser("alfa", "author")
    page = await author.soup("/admin/profile")
    values = {
        str(tag["name"]): str(tag.get("value") or tag.get_text())
        for tag in page.select("form[action='/admin/profile'] :is(input, textarea)[name]")
        if not str(tag["name"]).startswith(("ext.", "_csrf")) and tag.get("type") != "checkbox"
    }
    answer = await author.submit("/admin/profile", {**values, **inputs(description="Escrevo.")})
    assert answer.status_code == 303
    again = await author.soup("/admin/profile")
    assert again.select_one("[name='ext.seo.description']").get_text() == "Escrevo."  # type: ignore[union-attr]  # it is there


async def test_the_api_takes_and_gives_it_under_the_same_key(found: Found) -> None:
    post = await found.post(ext={"seo": {"title": "Dormir"}})
    async with found.browser() as visitor:
        item = (await visitor.get(f"/api/v1/posts/{post.number}")).json()
    assert item["ext"]["seo"]["title"] == "Dormir" and item["ext"]["seo"]["max_snippet"] == -1


@pytest.mark.parametrize(
    "value",
    [
        {"title": "x" * 161},
        {"canonical": "ftp://example.org/"},
        {"max_snippet": -2},
        {"unknown": 1},
        {"share_image": 77},
    ],
)
async def test_what_does_not_fit_is_refused_by_name(found: Found, value: dict[str, Any]) -> None:
    from core.errors import Invalid

    with pytest.raises(Invalid) as refused:
        await found.post(ext={"seo": value})
    assert set(refused.value.errors) == {f"ext.seo.{next(iter(value))}"}


async def test_revisions_bring_it_back(found: Found) -> None:
    post = await found.post(ext={"seo": {"title": "Primeiro", "noindex": True}})
    post = await found.change(post, ext={"seo": {"title": "Segundo"}})
    post = await found.change(post, ext={"seo": {}})
    assert "seo" not in (await found.fresh(post)).ext
    with entered(found.app, "alfa"):
        async with tenant_read():
            first = min(revision.number for revision in await revisions(post.id))
            await restore_revision(post.id, first, version=None)
    assert (await found.fresh(post)).ext["seo"].title == "Primeiro"


async def test_rows_go_with_what_they_are_about_even_while_it_is_off(found: Found) -> None:
    from tests.routes.world import rows_of

    term = await found.term("Saúde", ext={"seo": {"title": "T"}})
    post = await found.post(ext={"seo": {"title": "P"}}, terms={"category": (term.id,)})
    assert len((await rows_of(found.app, "alfa"))["seo_items"]) == 2
    await found.switch(on=False)
    await found.delete(post)
    assert len((await rows_of(found.app, "alfa"))["seo_items"]) == 1


async def rules(found: Found, post: Any) -> dict[str, str]:
    with entered(found.app, "alfa"):
        async with tenant_read():
            return {finding.rule: finding.severity for finding in (await run_checks(post.id)).findings}


async def test_checks_say_what_keeps_a_text_from_being_found(found: Found) -> None:
    bad = await found.post(
        "Sono",
        slug="um-endereco-que-nao-acaba-mais-e-que-ninguem-le-ate-o-fim-porque-e-longo-demais",
        content='<h2>Um</h2><h4>Dois</h4><p>Pouco.</p><img src="/a.png"><img src="/b.png" alt="">',
    )
    assert await rules(found, bad) == {
        "seo.title_length": "info",
        "seo.description_missing": "warn",
        "seo.slug_length": "info",
        "seo.alt_missing": "warn",
        "seo.headings": "info",
        "seo.thin": "info",
    }
    good = await found.post(
        "Seis hábitos que ajudam a dormir",
        excerpt="Seis hábitos simples que ajudam a dormir bem e a acordar com vontade de viver.",
        content="<h2>Um</h2><h3>Dois</h3><p>" + "palavra " * 220 + "</p>",
    )
    assert await rules(found, good) == {}
    hidden = await found.post("Sono", ext={"seo": {"noindex": True}})
    assert await rules(found, hidden) == {}
    editor = await found.people.browser("alfa", "editor")
    answer = await editor.submit(f"/admin/posts/{bad.number}/checks", page=f"/admin/posts/{bad.number}")
    assert "Não há descrição" in answer.text and "Escreva uma ou duas frases" in answer.text


async def test_a_description_from_the_panel_is_on_the_page(found: Found) -> None:
    post = await found.post(ext={"seo": {"description": "Dita à mão."}})
    async with found.browser() as visitor:
        assert meta_of(await visitor.soup(post.url))["description"] == "Dita à mão."
