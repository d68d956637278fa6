"""Redirects: made by hand, by themselves and from files; followed to their end, and never instead of a page."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import now
from core.db import tenant_read
from core.errors import Invalid
from core.ids import new_id
from plugins.seo.addresses import check_target, key_of, keys_of
from plugins.seo.redirects import RedirectView, end_of, redirect_at, target_for
from tests.kit.client import Browser
from tests.kit.plugin import entered
from tests.plugins.seo.world import Found, location

NEW = "/admin/seo/redirects/new"


async def make(editor: Browser, source: str, target: str = "", status: str = "301") -> Any:
    return await editor.submit(NEW, {"source": source, "target": target, "status": status})


async def rows(found: Found, site: str = "alfa") -> dict[str, dict[str, Any]]:
    from plugins.seo.tables import SeoRedirect

    with entered(found.app, site):
        async with tenant_read():
            return {row["source"]: row for row in await SeoRedirect.select()}


async def test_a_redirect_leads_there_and_keeps_the_query(found: Found) -> None:
    editor = await found.people.browser("alfa", "editor")
    assert (await make(editor, "/Página Antiga/", "/sono/")).status_code == 303
    await make(editor, "/fora", "https://example.org/a?b=1", "302")
    await make(editor, "/acabou/", "", "410")
    await make(editor, "/loja/*", "/produtos/*", "308")
    async with found.browser() as visitor:
        assert location(await visitor.get("/página-antiga/")) == (404, "")
        assert location(await visitor.get("/p%C3%A1gina%20antiga?utm=x&y=1")) == (301, "/sono/?utm=x&y=1")
        assert location(await visitor.get("/FORA/")) == (302, "https://example.org/a?b=1")
        gone = await visitor.get("/acabou/")
        assert gone.status_code == 410 and "não volta" in gone.text
        assert location(await visitor.get("/loja/Chás/verde/")) == (308, "/produtos/Ch%C3%A1s/verde/")
        assert location(await visitor.get("/loja/")) == (308, "/produtos/")
    async with found.browser("beta") as other:
        assert (await other.get("/fora")).status_code == 404


async def test_pages_that_exist_come_first_and_cost_nothing(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.db import ReadScope

    asked: list[str] = []
    fetch = ReadScope.fetch

    async def counted(self: ReadScope, sql: str, args: Any = ()) -> Any:
        asked.append(sql)
        return await fetch(self, sql, args)

    editor = await found.people.browser("alfa", "editor")
    await make(editor, "/sono/", "/outro/")
    post = await found.post()
    monkeypatch.setattr(ReadScope, "fetch", counted)
    async with found.browser() as visitor:
        assert (await visitor.get(post.url)).status_code == 200
    assert asked and not [sql for sql in asked if "seo_redirects" in sql or "seo_missing" in sql]


@pytest.mark.parametrize(
    ("source", "target", "field"),
    [
        ("sem-barra", "/a/", "source"),
        ("//example.org/", "/a/", "source"),
        ("/a*b/", "/a/", "source"),
        ("/", "/a/", "source"),
        ("/admin/x", "/a/", "source"),
        ("/a/?b=1", "/a/", "source"),
        ("/velho/", "javascript:alert(1)", "target"),
        ("/velho/", "//example.org/", "target"),
        ("/velho/", "/\\example.org/", "target"),
        ("/velho/", "http://example.org/", "target"),
        ("/velho/", "https://a@example.org/", "target"),
        ("/velho/", "https://exa mple.org/\nSet-Cookie: a=b", "target"),
        ("/velho/", "", "target"),
        ("/velho/", "/novo/*", "target"),
        ("/velho/", "/VELHO", "target"),
        ("/velho/*", "/velho/novo/*", "target"),
    ],
)
async def test_bad_ones_are_refused_with_what_was_typed(
    found: Found, source: str, target: str, field: str
) -> None:
    editor = await found.people.browser("alfa", "editor")
    answer = await make(editor, source, target)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert await rows(found) == {}


async def test_chains_are_shortened_and_circles_refused(found: Found) -> None:
    editor = await found.people.browser("alfa", "editor")
    await make(editor, "/a/", "/b/")
    await make(editor, "/b/", "/c/")
    assert {source: row["target"] for source, row in (await rows(found)).items()} == {
        "/a": "/c/",
        "/b": "/c/",
    }
    await make(editor, "/z/", "/a/")
    assert (await rows(found))["/z"]["target"] == "/c/"
    answer = await make(editor, "/c/", "/a/")
    assert answer.status_code == 422 and "em círculos" in answer.text
    again = await make(editor, "/A", "/d/")
    assert again.status_code == 409 and "/d/" in again.text


async def test_hits_are_counted_together(found: Found) -> None:
    editor = await found.people.browser("alfa", "editor")
    await make(editor, "/antigo/", "/novo/")
    async with found.browser() as visitor:
        for _time in range(3):
            await visitor.get("/antigo/")
    before = (await rows(found))["/antigo"]
    await found.counted()
    after = (await rows(found))["/antigo"]
    assert (before["hits"], after["hits"]) == (0, 3) and after["last_hit_at"] is not None


async def test_moved_posts_and_terms_are_followed(found: Found) -> None:
    post = await found.post("Sono")
    old = post.url
    post = await found.change(post, slug="dormir")
    async with found.browser() as visitor:
        assert location(await visitor.get(old)) == (301, post.url)
        post = await found.change(post, slug="descanso")
        assert location(await visitor.get(old)) == (301, post.url)
        made = await rows(found)
        assert {row["target"] for row in made.values()} == {post.url}
        assert {row["origin"] for row in made.values()} == {"moved"}
        await found.change(post, slug="sono")
        assert "/sono" not in await rows(found)
        assert (await visitor.get(old)).status_code == 200
        parent = await found.term("Saúde")
        child = await found.term("Idosos", parent_id=parent.id)
        inside = await found.post("Quedas", terms={"category": (child.id,)})
        assert inside.url
        moved = await found.change_term(parent, slug="bem-estar")
        assert location(await visitor.get(parent.url)) == (301, moved.url)
        below = location(await visitor.get(child.url))
        assert below == (301, child.url.replace(parent.url, moved.url))
        assert (await visitor.get(below[1])).status_code == 200


async def test_the_trash_makes_a_suggestion_that_somebody_decides_about(found: Found) -> None:
    post, back = await found.post("Sono"), await found.post("Volta")
    for each in (post, back):
        await found.status(each, "trash")
    editor = await found.people.browser("alfa", "editor")
    listed = await editor.soup("/admin/seo/redirects?tab=suggested")
    assert "/sono" in listed.get_text() and "/volta" in listed.get_text()
    async with found.browser() as visitor:
        assert (await visitor.get(post.url)).status_code == 404
        row = (await rows(found))["/sono"]
        data = {"source": "/sono", "target": "/", "status": "301", "_version": str(row["version"])}
        answer = await editor.submit(f"/admin/seo/redirects/{row['id']}", data)
        assert answer.status_code == 303
        assert location(await visitor.get(post.url)) == (301, "/")
    restored = await found.status(back, "restore")
    await found.status(restored, "publish")
    assert set(await rows(found)) == {"/sono"}


async def test_nothing_makes_itself_where_the_site_does_not_want_it(found: Found) -> None:
    await found.settings(follow_moves=False)
    post = await found.post()
    await found.change(post, slug="dormir")
    await found.status(post, "trash")
    assert await rows(found) == {}


async def test_only_who_may_manages(found: Found) -> None:
    for role, status in (("author", 403), ("editor", 200), ("administrator", 200)):
        browser = await found.people.browser("alfa", role)
        for path in (
            "/admin/seo/redirects",
            "/admin/seo/missing",
            "/admin/seo/redirects/file",
            "/admin/seo/redirects/csv",
        ):
            assert (await browser.get(path)).status_code == status, (role, path)
    async with found.browser() as visitor:
        assert (await visitor.get("/admin/seo/redirects")).status_code in (302, 303)


paths = st.text(alphabet="abAB/é %*?#.-", min_size=0, max_size=30).map(lambda text: "/" + text)


@given(paths)
def test_a_key_is_its_own_key_and_the_first_to_fit(path: str) -> None:
    key = key_of(path)
    assert key.startswith("/") and not (len(key) > 1 and key.endswith("/"))
    assert keys_of(path)[0] == key
    assert key_of(key.replace("%", "")) == key_of(key_of(key.replace("%", "")))


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), max_size=8))
def test_following_ends_or_says_that_it_would_not(edges: dict[str, str]) -> None:
    found: dict[str, RedirectView] = {}
    for source, target in edges.items():
        try:
            end = end_of(f"/{source}", f"/{target}/", found)
        except Invalid:
            continue
        for each in list(found.values()):  # as `shorten` does
            if key_of(each.target) == f"/{source}":
                found[each.source] = RedirectView(
                    id=each.id, source=each.source, target=end, updated_at=now()
                )
        found[f"/{source}"] = RedirectView(id=new_id(), source=f"/{source}", target=end, updated_at=now())
    for each in found.values():
        after = redirect_at(each.target, found)
        assert after is None, "one step is enough, always"


@given(st.text(max_size=60))
def test_no_target_leaves_the_site_but_by_https(text: str) -> None:
    if not check_target(text):
        assert text.strip().startswith("https://") or (
            text.strip().startswith("/") and not text.strip().startswith(("//", "/\\"))
        )


def test_what_an_asterisk_stood_for_goes_along() -> None:
    wild = RedirectView(id=new_id(), source="/a/b/*", target="/c/*", updated_at=now())
    assert target_for(wild, "/A/b/X y/z") == "/c/X%20y/z"
    assert target_for(wild, "/a/b/../etc/") == "/c/../etc/"
    assert target_for(wild, "/a/b/") == "/c/"
