"""Off means the core's own words, on means everything back; uninstalled, it is in an archive and nowhere else."""

import json
import zipfile
from pathlib import Path

from core.db import tenant_read
from core.sites import uninstall_plugin
from tests.kit.plugin import entered
from tests.plugins.seo.test_redirects import make
from tests.plugins.seo.world import Found, being_found, location, meta_of
from tests.routes.world import rows_of

TABLES = ("seo_items", "seo_missing", "seo_redirects")
SAID = {"title": "Dormir", "description": "Dita à mão.", "canonical": "/x/"}


async def test_off_on_one_site_and_on_on_the_other(found: Found) -> None:
    await being_found(found.app, "beta")
    posts = {
        site: await found.post("Sono", site, excerpt="Do resumo.", ext={"seo": SAID})
        for site in ("alfa", "beta")
    }
    for site in ("alfa", "beta"):
        editor = await found.people.browser(site, "editor")
        await make(editor, "/antigo/", "/sono/")
    await found.switch(on=False)
    gone = ("/wp-sitemap.xml", "/sitemap.xml", "/llms.txt", "/antigo/")
    async with found.browser() as visitor:
        page = await visitor.soup(posts["alfa"].url)
        site = page.select_one(".site-title, [rel=home]").get_text(strip=True)  # type: ignore[union-attr]  # it is there
        assert page.title is not None and page.title.get_text() == f"Sono – {site}"
        said = meta_of(page)
        assert said["description"] == "Do resumo." and "robots" not in said and "og:title" not in said
        assert str(page.select_one("link[rel=canonical]")["href"]).endswith(posts["alfa"].url)  # type: ignore[index]  # as above
        assert not page.select("script[type='application/ld+json']")
        for path in gone:
            assert (await visitor.get(path)).status_code == 404, path
        assert "Sitemap" not in (await visitor.get("/robots.txt")).text
        item = (await visitor.get(f"/api/v1/posts/{posts['alfa'].number}")).json()
        assert "seo" not in item["ext"]
    admin = await found.people.browser("alfa", "administrator")
    for path in ("/admin/seo/redirects", "/admin/seo/missing", "/admin/seo/redirects/csv"):
        assert (await admin.get(path)).status_code == 404
    assert "ext.seo." not in (await admin.get(f"/admin/posts/{posts['alfa'].number}")).text
    async with found.browser("beta") as visitor:
        assert meta_of(await visitor.soup(posts["beta"].url))["description"] == "Dita à mão."
        assert location(await visitor.get("/antigo/")) == (301, "/sono/")
    await found.switch(on=True)
    async with found.browser() as visitor:
        assert meta_of(await visitor.soup(posts["alfa"].url))["description"] == "Dita à mão."
        assert location(await visitor.get("/antigo/")) == (301, "/sono/")


async def test_uninstalled_it_is_in_an_archive_and_nowhere_else(found: Found, tmp_path: Path) -> None:
    await being_found(found.app, "beta")
    for site in ("alfa", "beta"):
        await found.post("Sono", site, ext={"seo": SAID})
        await make(await found.people.browser(site, "editor"), "/antigo/", "/sono/")
        async with found.browser(site) as visitor:
            await visitor.get("/nada/")
        await found.counted(site)
    before = await rows_of(found.app, "beta")
    with entered(found.app, "alfa"):
        async with tenant_read():
            report = await uninstall_plugin("seo", tmp_path, target=tmp_path / "seo.zip")
    with zipfile.ZipFile(report.path) as archive:
        (line,) = archive.read("data/seo_redirects.jsonl").splitlines()
    assert json.loads(line)["source"] == "/antigo"
    after = await rows_of(found.app, "alfa")
    assert [after[table] for table in TABLES] == [[], [], []]
    assert [(await rows_of(found.app, "beta"))[table] for table in TABLES] == [
        before[table] for table in TABLES
    ]


async def test_somebody_who_leaves_leaves_nothing(found: Found) -> None:
    from core.accounts import UserChanges, delete_user, get_user, update_user

    person = await found.people.make("alfa", "author")
    with entered(found.app, "alfa"):
        async with tenant_read():
            fresh = await get_user(person.id)
            changes = UserChanges(ext={"seo": {"title": "Quem escreve"}})
            await update_user(person.id, changes, version=fresh.version)
    assert len((await rows_of(found.app, "alfa"))["seo_items"]) == 1
    with entered(found.app, "alfa"):
        async with tenant_read():
            await delete_user(person.id, None)
    assert (await rows_of(found.app, "alfa"))["seo_items"] == []
