"""Addresses that lead nowhere are noted without a word about who asked, and become redirects in one step."""

from typing import Any

import pytest

from core.db import tenant_read
from tests.kit.clock import FakeClock
from tests.kit.plugin import entered
from tests.plugins.seo.world import Found, location


async def noted(found: Found, site: str = "alfa") -> dict[str, dict[str, Any]]:
    from plugins.seo.tables import SeoMissing

    await found.counted(site)
    with entered(found.app, site):
        async with tenant_read():
            return {row["path"]: row for row in await SeoMissing.select()}


async def test_they_are_counted_with_the_host_of_the_link_alone(found: Found) -> None:
    async with found.browser() as visitor:
        for _time in range(2):
            await visitor.get("/nada/")
        link = "https://outro.example.org/pagina?cpf=12345678901"
        await visitor.get("/nada/", headers={"referer": link})
    (row,) = (await noted(found)).values()
    assert (row["path"], row["hits"], row["referrer"]) == ("/nada/", 3, "outro.example.org")
    assert set(row) == {"id", "tenant_id", "path", "hits", "referrer", "first_seen_at", "last_seen_at"}
    assert await noted(found, "beta") == {}


@pytest.mark.parametrize(
    "path",
    [
        "/confirmar/ana@example.org",
        "/exame/12345678901/",
        "/paciente/123.456.789-01",
        "/redefinir/" + "Ab3" * 12,
        "/wp-login.php",
        "/.env",
        "/wp-includes/x/",
        "/" + "a/" * 300,
    ],
)
async def test_what_may_be_about_a_person_or_is_a_probe_is_not_noted(found: Found, path: str) -> None:
    async with found.browser() as visitor:
        assert (await visitor.get(path)).status_code == 404
    assert await noted(found) == {}


async def test_one_step_makes_a_redirect_of_it(found: Found) -> None:
    editor = await found.people.browser("alfa", "editor")
    async with found.browser() as visitor:
        await visitor.get("/velha-pagina/")
        page = await editor.soup("/admin/seo/missing")
        (link,) = [
            str(a["href"])
            for a in page.select("#list a[href^='/admin/seo/missing/']")
            if "velha" in a.get_text()
        ]
        form = await editor.soup(link)
        assert form.select_one("#source")["value"] == "/velha-pagina/"  # type: ignore[index]  # it is there
        wrong = await editor.submit(link, {"source": "/velha-pagina/", "target": "", "status": "301"})
        assert wrong.status_code == 422 and "/velha-pagina/" in await noted(found)
        await editor.submit(link, {"source": "/velha-pagina/", "target": "/", "status": "301"})
        assert location(await visitor.get("/velha-pagina/")) == (301, "/")
    assert await noted(found) == {}


async def test_it_is_off_where_the_site_does_not_want_it_and_emptied(found: Found, clock: FakeClock) -> None:
    editor = await found.people.browser("alfa", "editor")
    async with found.browser() as visitor:
        await visitor.get("/um/")
        assert set(await noted(found)) == {"/um/"}
        await found.settings(log_missing=False)
        await visitor.get("/dois/")
    assert set(await noted(found)) == {"/um/"}
    await editor.submit("/admin/seo/missing/empty", page="/admin/seo/missing")
    assert await noted(found) == {}


async def test_what_nobody_asks_for_is_forgotten(found: Found, clock: FakeClock) -> None:
    await found.settings(missing_days=7)
    async with found.browser() as visitor:
        await visitor.get("/velho/")
        await found.counted()
        clock.forward(days=6)
        await visitor.get("/novo/")
        await found.counted()
    clock.forward(days=2)
    with entered(found.app, "alfa"):
        from plugins.seo.missing import purge

        async with tenant_read():
            await purge(None)  # type: ignore[arg-type]  # it asks nothing of its job
    assert set(await noted(found)) == {"/novo/"}


async def test_no_more_are_kept_than_a_site_needs(found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.seo.waiting.MOST_MISSING", 3)
    async with found.browser() as visitor:
        for number in range(5):
            await visitor.get(f"/nada-{number}/")
    assert len(await noted(found)) == 3
