"""Pages through the whole chain: overrides of a site, its theme, plugins, the core."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from core.app import create_app, runtime_of
from core.context import Actor
from core.contract.markers import hookimpl
from core.contract.pages import ErrorPage
from core.db import platform_execute, platform_work, tenant_read
from core.errors import NotFound, VitralError
from core.mail import render_mail
from core.plugins import Plugin
from core.sites import switch_theme
from core.themes import current_themes, render, render_part, static_url, tokens_css, tokens_url
from tests.kit import templates
from tests.kit.client import Browser
from tests.kit.plugin import entered

Within = Callable[..., Any]


def plugin(folder: Path) -> Plugin:
    """Return a plugin with a part for the end of each page, and a helper."""
    (folder / "templates" / "probe").mkdir(parents=True)
    (folder / "templates" / "probe" / "part.html").write_text("<p id='probe'>{{ word }}</p>")
    (folder / "static" / "probe").mkdir(parents=True)
    (folder / "static" / "probe" / "a.css").write_text("p{}")

    async def filter_slot(parts: list[str], slot: str) -> list[str]:
        if slot != "after_content":
            return parts
        return [*parts, str(await render_part("probe/part.html", word="<plain>"))]

    def register_template_helpers() -> list[Any]:
        async def shout(word: str) -> str:
            return word.upper()

        return [("shout", shout)]

    hooks = SimpleNamespace(
        filter_slot=hookimpl(filter_slot), register_template_helpers=hookimpl(register_template_helpers)
    )
    return Plugin(name="probe", version="1.0", title="Probe", parts={"hooks": hooks})


async def installation(database: Any, tmp_path: Path, monkeypatch: Any, **sites: dict[str, str]) -> Any:
    """Return an app with the probe plugin and files in the folders of sites."""
    from core.plugins.parts import InstalledPlugin

    folder = tmp_path / "plugin"
    made = plugin(folder)
    for slug, files in sites.items():
        for name, text in files.items():
            path = tmp_path / "sites" / slug / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def subfolder(self: Any, kind: str) -> Path | None:
        return folder / kind if self.manifest.name == "probe" and (folder / kind).is_dir() else None

    monkeypatch.setattr(InstalledPlugin, "subfolder", subfolder)
    app = create_app(templates.test_settings(tmp_path), plugins=[made], database=database)
    runtime = runtime_of(app)
    with runtime.active():
        await runtime.tenants.refresh(force=True)
    return app


async def enable(app: Any, slug: str) -> None:
    from core.sites import enable_plugin

    with entered(app, slug):
        async with tenant_read():
            await enable_plugin("probe")


async def test_each_link_of_the_chain_has_its_say(database: Any, tmp_path: Path, monkeypatch: Any) -> None:
    app = await installation(
        database,
        tmp_path,
        monkeypatch,
        beta={
            "templates/parts/_footer.html": "<footer>{{ shout('own') }} {% include 'parent:parts/_footer.html' %}</footer>",
            "templates/probe/part.html": "<p id='probe'>ours: {{ word }}</p>",
            "static/mine.css": "p{}",
        },
    )
    await enable(app, "alfa")
    await enable(app, "beta")
    async with Browser(app, "alfa") as one, Browser(app, "beta") as other:
        alfa, beta = await one.soup("/"), await other.soup("/")
    assert alfa.select_one("#probe").get_text() == "<plain>"  # the plugin's part
    assert beta.select_one("#probe").get_text() == "ours: <plain>"  # the site's override of it
    assert beta.select("footer")[0].get_text().startswith("OWN")
    assert beta.select("footer footer.site-footer")  # goes on from the theme's file
    assert not alfa.select("footer footer")
    with entered(app, "beta"):
        assert static_url("mine.css").startswith("/static/sites/beta/mine.css?v=")
        assert static_url("style.css").startswith("/static/themes/claro/style.css?v=")
        assert static_url("a.css", "probe").startswith("/static/plugins/probe/a.css?v=")
        with pytest.raises(VitralError, match=r"no static file 'x\.css'"):
            static_url("x.css")
    async with Browser(app, "beta") as other:
        answer = await other.get("/static/sites/beta/mine.css")
        assert (answer.status_code, answer.text) == (200, "p{}")
        assert (await other.get("/static/sites/beta/../../../vitral.toml")).status_code in (400, 404)


async def test_what_a_plugin_adds_is_gone_where_it_is_off(
    database: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    app = await installation(database, tmp_path, monkeypatch)
    await enable(app, "alfa")
    async with Browser(app, "alfa") as one, Browser(app, "beta") as other:
        assert (await one.soup("/")).select("#probe")
        assert not (await other.soup("/")).select("#probe")
    with entered(app, "beta"), pytest.raises(VitralError, match="No theme has a template"):
        await render_part("probe/part.html", word="x")


async def test_a_child_theme_goes_on_from_its_parent(app: Any, within: Within, browser: Any) -> None:
    with within("alfa"):
        async with tenant_read():
            await switch_theme("clinica")
    async with browser("alfa") as visitor:
        soup = await visitor.soup("/")
        assert soup.select(".services-bar") or soup.select(".hero")  # its own
        assert soup.select(".site-footer .footer-columns")  # the parent's
        sheets = [link["href"].partition("?")[0] for link in soup.select("link[rel=stylesheet]")]
        assert sheets == [
            "/-/theme.css",
            "/static/themes/claro/style.css",
            "/static/themes/clinica/clinica.css",
        ]
        css = (await visitor.get("/-/theme.css")).text
    assert "--accent:#a2402a" in css  # its own token
    assert "--measure:42rem" in css  # the parent's
    async with browser("beta") as other:
        assert "--accent:#0a6a60" in (await other.get("/-/theme.css")).text


async def test_tokens_come_by_day_and_by_night_and_are_kept_by_their_digest(alfa: Any, browser: Any) -> None:
    css = tokens_css()
    day, _, night = css.partition("@media (prefers-color-scheme:dark)")
    assert "--ground:#faf8f4" in day
    assert "--ground:#15181b" in night
    assert "--measure" not in night
    async with browser("alfa") as visitor:
        current = await visitor.get(tokens_url())
        old = await visitor.get("/-/theme.css?v=0000000000")
    assert current.headers["cache-control"] == "public, max-age=31536000"
    assert "max-age=0" in old.headers["cache-control"]
    assert current.headers["content-type"] == "text/css; charset=utf-8"


async def test_a_region_that_the_theme_does_not_declare_is_told(alfa: Any) -> None:
    from core.site.pages import site_view

    page = ErrorPage(
        kind="error", site=site_view(), title="T", document_title="T", url="", status=404, message=""
    )
    themes = current_themes()
    from core.themes.helpers import page_helpers

    environment = themes.site_environment(alfa, page_helpers)
    with pytest.raises(VitralError, match="Did you mean 'sidebar'"):
        await environment.from_string("{{ region('sidebars') }}").render_async(page=page)


async def test_a_page_about_a_failure_asks_the_database_nothing(alfa: Any, monkeypatch: Any) -> None:
    from core.db import work
    from core.site.pages import site_view

    async def away(*_args: Any, **_options: Any) -> Any:
        raise OSError("the database is away")

    monkeypatch.setattr(work.ReadScope, "fetch", away)
    page = ErrorPage(
        kind="error",
        site=site_view(),
        title="Falha",
        document_title="Falha",
        url="",
        status=500,
        message="Algo falhou.",
        incident="abc-123",
    )
    text = await render(("500.html", "error.html"), page)
    assert "Falha" in text and "abc-123" in text and "</html>" in text
    missing = ErrorPage(
        kind="error", site=site_view(), title="T", document_title="T", url="", status=404, message=""
    )
    with pytest.raises(OSError, match="away"):
        await render(("404.html", "error.html"), missing)


async def test_a_theme_that_is_gone_is_replaced_not_missed(app: Any, within: Within, browser: Any) -> None:
    with within("alfa", Actor(kind="cli")):
        async with platform_work():
            gone = "UPDATE tenants SET theme = {}, revision = revision + 1 WHERE slug = {}"
            await platform_execute(gone, "desinstalado", "alfa")
        await runtime_of(app).tenants.refresh(force=True)
    async with browser("alfa") as visitor:
        assert (await visitor.soup("/")).select(".site-footer")


async def test_a_theme_that_is_not_there_is_not_put_on(app: Any, within: Within) -> None:
    with within("alfa", Actor(kind="cli")) as tenant:
        async with tenant_read():
            with pytest.raises(NotFound) as told:
                await switch_theme("clinca")
    assert "clinica" in told.value.hint
    assert tenant.theme == "claro"


async def test_mail_comes_in_the_dress_of_the_site(database: Any, tmp_path: Path, monkeypatch: Any) -> None:
    app = await installation(
        database,
        tmp_path,
        monkeypatch,
        beta={"templates/mail/reset.txt": "Própria\n\n{{ site }}: {{ link }}"},
    )
    themes = runtime_of(app).themes
    dress = tmp_path / "dress"
    for language in ("pt-BR", "en"):
        (dress / "templates" / "mail" / language).mkdir(parents=True)
    (dress / "templates" / "mail" / "pt-BR" / "reset.txt").write_text("Do tema\n\n{{ link }}")
    (dress / "templates" / "mail" / "en" / "reset.txt").write_text("Of the theme\n\n{{ link }}")
    (dress / "templates" / "mail" / "layout.html").write_text("<main>{{ paragraphs[0] }}</main>")
    claro = themes.known("claro")
    monkeypatch.setitem(themes._themes, "claro", msgspec.structs.replace(claro, folder=str(dress)))
    found = {}
    for site, language in (("alfa", ""), ("alfa", "en"), ("beta", "pt-BR")):
        with entered(app, site):
            found[site, language] = await render_mail(
                "reset", {"link": "/x", "name": "Ana"}, language=language
            )
    assert found["alfa", ""].subject == "Do tema"  # the site speaks Portuguese
    assert found["alfa", ""].html == "<main>/x</main>"
    assert found["alfa", "en"].subject == "Of the theme"
    assert (
        found["beta", "pt-BR"].subject == "Do tema"
    )  # a site's text for all languages comes after one that fits
    assert found["beta", "pt-BR"].html == "<main>/x</main>"


async def test_what_authors_may_choose_comes_from_the_whole_line(alfa: Any) -> None:
    themes = current_themes()
    assert set(themes.page_templates("clinica", "page")) == {"sidebar", "wide"}
    assert themes.page_templates("clinica", "book") == {}
    assert set(themes.regions("clinica")) == {"sidebar", "footer", "front"}
    with pytest.raises(NotFound):
        themes.known("clinico")
