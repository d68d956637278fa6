"""What a site's administrator sets: settings, plugins, themes, imports; and terms."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Litestar
from msgspec import Meta

from core.content import posts_by_status, term_by_slug
from core.db import tenant_read
from core.jobs import Worker, list_jobs
from core.plugins import Plugin
from core.tenancy import current_tenants, site_settings
from tests.core.admin.kit import HTMX, fields_of, parsed, said, send
from tests.kit.client import Browser
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered

WXR = Path(__file__).parents[3] / "sites" / "demo" / "content.wxr.xml"


async def _admin(app: Litestar) -> Browser:
    return await People(app).browser("alfa", "administrator")


async def test_a_page_of_settings_is_saved_and_the_others_stay(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "administrator")
    answer = await send(
        browser, "/admin/settings", {"title": "Novo título", "language": "en"}, selector="main form"
    )
    assert answer.status_code == 303
    await send(
        browser,
        "/admin/settings/reading",
        {"posts_per_page": "7", "search_engines_allowed": None},
        selector="main form",
    )
    with entered(app, "alfa"):
        site = site_settings()
    assert (site.title, site.language, site.posts_per_page, site.search_engines_allowed) == (
        "Novo título",
        "en",
        7,
        False,
    )


async def test_wrong_settings_are_named_and_kept(people: People) -> None:
    browser = await people.browser("alfa", "administrator")
    answer = await send(
        browser, "/admin/settings/reading", {"posts_per_page": "0", "feed_items": "x"}, selector="main form"
    )
    soup = parsed(answer)
    assert answer.status_code == 422
    assert {error["id"] for error in soup.select(".error")} == {"posts_per_page-error", "feed_items-error"}
    assert soup.select_one("#feed_items")["value"] == "x"  # type: ignore[index]  # kept
    zone = await send(browser, "/admin/settings", {"timezone": "Mars/Olympus"}, selector="main form")
    assert zone.status_code == 422
    unknown = await send(browser, "/admin/settings", {"nonsense": "1"}, selector="main form")
    assert unknown.status_code == 400
    assert "nonsense" in unknown.text
    assert (await browser.get("/admin/settings/nothing")).status_code == 404


async def test_addresses_come_from_a_preset_or_are_ones_own(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "administrator")

    async def structure(**changes: Any) -> str:
        await send(browser, "/admin/settings/permalinks", changes, selector="main form")
        with entered(app, "alfa"):
            return site_settings().permalink_structure

    assert await structure(preset="month") == "/%year%/%monthnum%/%postname%/"
    assert await structure(preset="own", permalink_structure="/blog/%postname%/") == "/blog/%postname%/"
    unknown = await send(browser, "/admin/settings/permalinks", {"preset": "nosuch"}, selector="main form")
    assert unknown.status_code == 422
    assert parsed(unknown).select("#permalink_structure-error")
    assert await structure() == "/blog/%postname%/"
    soup = await browser.soup("/admin/settings/permalinks")
    assert "/um-titulo/" in soup.text and "a-title" not in soup.text
    unknown_role = await browser.get("/admin/roles/nosuch")
    assert "Não existe o papel “nosuch”." in parsed(unknown_role).text
    assert soup.select_one("input[value=own]").has_attr("checked")  # type: ignore[union-attr]  # always there


class GlassSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of the test's plugin."""

    panes: Annotated[int, Meta(title="Panes", ge=1, le=12, extra_json_schema={"group": "Window"})] = 4
    words: Annotated[tuple[str, ...], Meta(title="Words", description="Shown in turn.")] = ()
    clear: Annotated[bool, Meta(title="Clear glass")] = False


async def test_a_plugins_settings_are_a_form_made_of_its_struct(app_with: Any) -> None:
    plugin = Plugin(name="glass", version="1.0", title="Glass", parts={"settings": [GlassSettings]})
    app = await app_with(plugin, on=("alfa",))
    browser = await _admin(app)
    soup = await browser.soup("/admin/settings/plugin/glass")
    assert soup.select_one("#panes[type=number][min='1'][max='12']")
    assert soup.select_one("textarea#words")
    assert soup.select_one("#clear[role=switch]")
    wrong = await send(browser, "/admin/settings/plugin/glass", {"panes": "99"}, selector="main form")
    assert wrong.status_code == 422
    done = await send(
        browser,
        "/admin/settings/plugin/glass",
        {"panes": "6", "words": "um\r\n\r\ndois", "clear": "on"},
        selector="main form",
    )
    assert done.status_code == 303
    form = fields_of(await browser.soup("/admin/settings/plugin/glass"), "main form")
    assert (form["panes"], form["words"], form["clear"]) == (["6"], ["um\ndois"], ["on"])
    stranger = await People(app).browser("beta", "administrator")
    assert (await stranger.get("/admin/settings/plugin/glass")).status_code == 404


async def test_a_plugin_is_switched_on_and_off_with_what_it_needs(app_with: Any) -> None:
    lead = Plugin(name="lead", version="1.0", title="Lead", hosts=("api.example.org",))
    pane = Plugin(name="pane", version="1.0", title="Pane", requires=("lead",))
    app = await app_with(lead, pane)
    browser = await _admin(app)
    detail = await browser.soup("/admin/plugins/lead")
    assert "api.example.org" in detail.text
    assert "código de confiança" in detail.text
    soup = await browser.soup("/admin/plugins/pane")
    assert "Lead" in soup.select_one(".notice").text  # type: ignore[union-attr]  # it comes along
    on = await browser.submit("/admin/plugins/pane/enable", page="/admin/plugins/pane")
    assert "Lead" in await said(browser, on)
    with entered(app, "alfa") as tenant:
        assert {"lead", "pane"} <= tenant.enabled
        beta = current_tenants().by_slug("beta")
    assert beta is not None and "lead" not in beta.enabled
    kept = await browser.submit("/admin/plugins/lead/disable", page="/admin/plugins/lead")
    assert kept.status_code == 422  # without consent, what others need stays
    both = await send(browser, "/admin/plugins/lead", selector="aside form")
    assert both.status_code == 303
    with entered(app, "alfa") as tenant:
        assert not tenant.enabled & {"lead", "pane"}
    assert (await browser.get("/admin/plugins/leed")).status_code == 404


async def test_a_plugin_that_could_not_be_loaded_is_named(app_with: Any, monkeypatch: Any) -> None:
    from core.app import runtime_of
    from core.plugins import LoadFailure

    app = await app_with()
    report = runtime_of(app).registry.report
    broken = LoadFailure(name="broken", distribution="x", error="ImportError: no module named y")
    monkeypatch.setattr(
        runtime_of(app).registry, "report", msgspec.structs.replace(report, failures=(broken,))
    )
    browser = await _admin(app)
    for path in ("/admin/plugins", "/admin/tools/jobs"):
        soup = await browser.soup(path)
        assert "broken" in soup.select_one("#notices").text  # type: ignore[union-attr]  # every screen has it


async def test_a_theme_is_chosen_and_the_choice_undone(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "administrator")
    soup = await browser.soup("/admin/themes")
    assert len(soup.select(".theme-card")) >= 2
    answer = await browser.submit("/admin/themes/clinica", page="/admin/themes")
    after = await browser.soup(answer.headers["location"])
    with entered(app, "alfa") as tenant:
        assert tenant.theme == "clinica"
    undo = after.select_one(".toast form")
    assert undo is not None
    await browser.submit(str(undo["action"]), page="/admin/themes")
    with entered(app, "alfa") as tenant:
        assert tenant.theme == "claro"
    assert (await browser.submit("/admin/themes/nothing", page="/admin/themes")).status_code == 404


async def test_what_is_not_in_use_speaks_the_readers_language(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "administrator")
    with entered(app, "alfa") as tenant:
        assert "comments" not in tenant.enabled and tenant.theme == "claro"
    soup = await browser.soup("/admin/plugins/comments")
    assert (heading := soup.select_one("h1")) is not None and heading.text == "Comentários"
    assert "Mostrar quem escreveu um comentário." in soup.text
    assert "A recepção de uma clínica" in (await browser.soup("/admin/themes")).text


async def test_terms_are_made_changed_moved_and_deleted(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "editor")
    path = "/admin/terms/category"
    selector = "form[aria-labelledby=new-term]"
    assert (await send(browser, path, {"name": "", "slug": "A B"}, selector=selector)).status_code == 422
    await send(browser, path, {"name": "Coração"}, selector=selector)
    with entered(app, "alfa"):
        async with tenant_read():
            heart = await term_by_slug("category", "coracao")
    assert heart is not None
    await send(browser, path, {"name": "Arritmia", "parent_id": str(heart.id)}, selector=selector)
    twice = await send(browser, path, {"name": "Coração"}, selector=selector)
    assert twice.status_code == 409
    assert parsed(twice).select_one("#name")["value"] == "Coração"  # type: ignore[index]  # kept
    soup = await browser.soup(path)
    assert any(cell.get_text(" ", strip=True).startswith("— Arritmia") for cell in soup.select(".cell-main"))
    with entered(app, "alfa"):
        async with tenant_read():
            below = await term_by_slug("category", "arritmia")
    assert below is not None
    loop = await send(browser, f"{path}/{heart.id}", {"parent_id": str(below.id)}, selector="main form.panel")
    assert loop.status_code == 422
    done = await send(browser, f"{path}/{heart.id}", {"name": "O coração"}, selector="main form.panel")
    assert done.status_code == 303
    gone = await browser.submit(f"{path}/do", {"one": f"delete:{below.id}", "_confirmed": "1"}, page=path)
    assert "excluído" in await said(browser, gone)
    assert (await browser.get(f"/admin/terms/post_tag/{heart.id}")).status_code == 404
    assert (await browser.get("/admin/terms/nothing")).status_code == 404
    part = await browser.get(f"{path}?q=cora", headers=HTMX)
    assert "<html" not in part.text and "O coração" in part.text


async def test_an_export_is_uploaded_imported_by_a_job_and_told_of(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "administrator")
    browser = Browser(app, "alfa")
    await browser.sign_in(user.email, PASSWORD)
    token = await browser.token("/admin/tools/import")

    async def upload(data: bytes) -> Any:
        return await browser.post(
            "/admin/tools/import",
            data={"_csrf": token},
            files={"file": ("export.xml", data, "text/xml")},
        )

    broken = await upload(b"<rss><channel><item></rss>")
    assert broken.status_code == 422
    assert "1" in parsed(broken).select_one(".notice-error").text  # type: ignore[union-attr]  # says the line
    nothing = await browser.post(
        "/admin/tools/import", data={"_csrf": token}, files={"other": ("x", b"", "text/xml")}
    )
    assert nothing.status_code == 422
    answer = await upload(await asyncio.to_thread(WXR.read_bytes))
    assert answer.status_code == 303, answer.text[:2000]
    with entered(app, "alfa"):
        worker = Worker()
        while await worker.run_one():
            pass
        async with tenant_read():
            failed = [job for job in await list_jobs(status="failed") if job.kind == "import.wxr"]
            assert not failed, failed[0].error
            assert (await posts_by_status("post")).get("publish", 0) > 0
    notices = await browser.soup("/admin/notifications")
    assert "export.xml" in notices.text
    jobs = await browser.soup("/admin/tools/jobs?status=done")
    assert "import.wxr" in jobs.text
    assert "Importar um arquivo" in jobs.text


async def test_the_dashboard_shows_what_each_may_see(app: Litestar, people: People) -> None:
    admin = await people.browser("alfa", "administrator")
    soup = await admin.soup("/admin")
    assert soup.select(".step"), "a new site shows first steps"
    subscriber = await people.browser("alfa", "subscriber")
    soup = await subscriber.soup("/admin")
    assert not soup.select(".step, .stat")
    number = (
        await send(admin, "/admin/posts/new", {"title": "Meu rascunho"}, selector="form.writing")
    ).headers["location"]
    soup = await admin.soup("/admin")
    assert soup.select_one(f"a.line[href='{number}']")
    assert soup.select(".stat")
