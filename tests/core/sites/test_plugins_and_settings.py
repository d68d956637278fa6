"""Plugins and settings of a site, changed while it runs."""

from types import SimpleNamespace
from typing import Any

import pytest

from core.accounts import RoleInput, find_roles, save_role
from core.app import runtime_of
from core.content import TermData, change_status, create_post, create_term
from core.context import Actor, current_tenant
from core.contract.content import PostData
from core.contract.markers import hookimpl
from core.db import execute, platform_work, tenant_read, tenant_work
from core.errors import Invalid, NotFound, Refused
from core.ids import new_id
from core.plugins import Plugin
from core.sites import create_site, disable_plugin, enable_plugin, find_site, save_settings, switch_theme
from core.sites.revision import bump
from core.tenancy import EnabledPlugin, Tenants, site_settings
from tests.core.admin.kit import send
from tests.kit.client import Browser
from tests.kit.plugin import entered


@pytest.fixture
def heard() -> list[str]:
    """What the plugins' hooks heard."""
    return []


@pytest.fixture
def shelf(heard: list[str]) -> tuple[Plugin, ...]:
    """`library` requires `paper`; `guard` lets nobody in or out while it is on."""

    @hookimpl
    def on_plugin_enabled(plugin: str) -> None:
        heard.append(f"+{plugin}")

    @hookimpl
    def on_plugin_disabled(plugin: str) -> None:
        heard.append(f"-{plugin}")

    @hookimpl
    def on_plugin_enabling(plugin: str) -> None:
        if plugin != "guard":
            raise Refused("Ask the guard first.")

    hooks = SimpleNamespace(on_plugin_enabled=on_plugin_enabled, on_plugin_disabled=on_plugin_disabled)
    return (
        Plugin(name="paper", version="1.0", title="Paper", parts={"hooks": hooks}),
        Plugin(name="library", version="1.0", title="Library", requires=("paper",)),
        Plugin(
            name="guard",
            version="1.0",
            title="Guard",
            parts={"hooks": SimpleNamespace(on_plugin_enabling=on_plugin_enabling)},
        ),
    )


async def test_what_a_plugin_requires_comes_and_goes_with_it(
    app_with: Any, shelf: Any, heard: list[str]
) -> None:
    app = await app_with(*shelf)
    with entered(app, "alfa"):
        async with tenant_read():
            with pytest.raises(Invalid, match="paper"):
                await enable_plugin("library", with_required=False)
            assert await enable_plugin("library") == ("paper", "library")
    with entered(app, "alfa") as tenant:
        assert tenant.enabled == {"paper", "library"}
        async with tenant_read():
            assert await enable_plugin("library") == ()
            with pytest.raises(Invalid, match="library"):
                await disable_plugin("paper")
            assert set(await disable_plugin("paper", with_dependents=True)) == {"paper", "library"}
        assert find_site("alfa").enabled == frozenset()
        assert find_site("beta").enabled == frozenset()
    assert heard[:2] == ["+paper", "+library"]
    with entered(app, "alfa"):
        async with tenant_read():
            with pytest.raises(NotFound):
                await disable_plugin("paper")
            with pytest.raises(NotFound) as caught:
                await enable_plugin("libary")
    assert "library" in f"{caught.value} {caught.value.hint}"


async def test_an_operator_switches_off_what_is_not_loaded(app: Any, people: Any) -> None:
    """A plugin that is broken, or left out in safe mode, would come back with the next start."""
    with entered(app, "alfa") as tenant:
        async with platform_work():
            await EnabledPlugin.insert(EnabledPlugin(tenant_id=tenant.id, plugin="gone", enabled_by=None))
        await runtime_of(app).tenants.refresh(force=True)
    admin = await people.browser("alfa", "administrator")
    assert (await admin.submit("/admin/plugins/gone/disable", {}, page="/admin/plugins")).status_code == 403
    with entered(app, "alfa"):
        async with tenant_read():
            assert await disable_plugin("gone") == ("gone",)
            with pytest.raises(NotFound, match="gone"):
                await disable_plugin("gone")
        assert "gone" not in find_site("alfa").enabled


async def test_what_others_changed_meanwhile_counts(app_with: Any, shelf: Any) -> None:
    """Another process may not have heard yet; no plugin is left on without what it requires."""
    app = await app_with(*shelf)
    with entered(app, "alfa"):
        async with tenant_read():
            await enable_plugin("paper")
    with entered(app, "alfa") as before:  # knows that the paper is on
        with entered(app, "alfa"):
            async with tenant_read():
                await disable_plugin("paper")
        assert "paper" in before.enabled
        async with tenant_read():
            assert await enable_plugin("library") == ("paper", "library")
            await disable_plugin("library")
    with entered(app, "alfa") as before:  # knows of no library
        with entered(app, "alfa"):
            async with tenant_read():
                await enable_plugin("library")
        assert "library" not in before.enabled
        async with tenant_read():
            with pytest.raises(Invalid, match="library"):
                await disable_plugin("paper")
        assert find_site("alfa").enabled == {"paper", "library"}


async def test_plugins_of_a_new_site_hear_of_it_in_order(app_with: Any, heard: list[str]) -> None:
    @hookimpl
    def on_plugin_enabling(plugin: str) -> None:
        heard.append(f"?{plugin}")

    @hookimpl
    def on_plugin_enabled(plugin: str) -> None:
        heard.append(f"+{plugin}")

    hooks = SimpleNamespace(on_plugin_enabling=on_plugin_enabling, on_plugin_enabled=on_plugin_enabled)
    app = await app_with(
        Plugin(name="atlas", version="1.0", title="Atlas", requires=("paper",)),
        Plugin(name="paper", version="1.0", title="Paper", parts={"hooks": hooks}),
    )
    with entered(app, "alfa"):
        await create_site("gama", title="Gama", hosts=("gama.test",), plugins=("atlas",))
    assert heard == ["?paper", "?atlas", "+paper", "+atlas"]


async def test_a_refusal_leaves_all_of_them_off(app_with: Any, shelf: Any, heard: list[str]) -> None:
    app = await app_with(*shelf)
    with entered(app, "alfa"):
        async with tenant_read():
            await enable_plugin("guard")
    with entered(app, "alfa"):
        async with tenant_read():
            with pytest.raises(Refused, match="guard"):
                await enable_plugin("library")
        await runtime_of(app).tenants.refresh(force=True)
        assert find_site("alfa").enabled == {"guard"}
    assert heard == []
    with entered(app, "beta"):  # its guard is off
        async with tenant_read():
            assert await enable_plugin("library") == ("paper", "library")


async def test_settings_change_one_by_one(app: Any, within: Any) -> None:
    elsewhere = Tenants()
    with runtime_of(app).active():
        await elsewhere.refresh()
    with within("alfa"):
        async with tenant_read():
            await save_settings("site", {"tagline": "Saúde", "posts_per_page": 3})
    with within("alfa") as tenant:
        async with tenant_read():
            stored = await save_settings("site", {"posts_per_page": "7"})
        assert (stored["tagline"], stored["posts_per_page"], stored["title"]) == ("Saúde", 7, "Alfa")
        assert find_site("alfa").revision > tenant.revision
        assert await elsewhere.refresh()
        seen = elsewhere.by_slug("alfa")
        assert seen is not None
        assert seen.settings["site"]["posts_per_page"] == 7
        assert not await elsewhere.refresh()
    with within("alfa"):
        assert site_settings().posts_per_page == 7
    with within("beta"):
        assert (site_settings().tagline, site_settings().posts_per_page) == ("", 10)
    async with Browser(app, "alfa") as visitor:
        assert "Saúde" in (await visitor.get("/")).text


async def test_wrong_settings_are_named_and_change_nothing(app: Any, within: Any) -> None:
    with within("alfa") as tenant:
        async with tenant_read():
            for values, words in (
                ({"post_per_page": 3}, ("post_per_page", "posts_per_page")),
                ({"posts_per_page": 0, "tagline": "no"}, ("posts_per_page",)),
                ({"registration": "sometimes"}, ("registration",)),
                ({"permalink_structure": "/x/"}, ("permalink_structure", "%post_id%")),
                ({"permalink_structure": "/%slug%/"}, ("permalink_structure", "slug")),
                ({"category_base": "admin"}, ("category_base",)),
                ({"category_base": "tag"}, ("tag_base",)),
                ({"default_role": "cleric"}, ("default_role", "cleric", "subscriber")),
                ({"title": "Alfa\nBcc: nobody@example.org"}, ("title",)),
                ({"mail_from_name": "Alfa\u202e"}, ("mail_from_name",)),
            ):
                with pytest.raises(Invalid) as caught:
                    await save_settings("site", values)
                text = f"{caught.value} {caught.value.errors}"
                assert all(word in text for word in words), text
            with pytest.raises(Invalid):
                await save_settings("nobody", {"x": 1})
            rows = await execute(
                "SELECT values_json FROM settings WHERE tenant_id = {tenant} AND owner = 'site'"
            )
        assert '"no"' not in rows[0]["values_json"]
        assert find_site("alfa").revision == tenant.revision


async def test_newcomers_get_no_more_rights_than_who_decides_has(app: Any, people: Any) -> None:
    user = await people.make("alfa", "subscriber")
    keeper = Actor(kind="user", id=user.id, capabilities=frozenset({"read", "manage_options"}))
    with entered(app, "alfa", keeper):
        async with tenant_read():
            for role in ("administrator", "contributor"):
                with pytest.raises(Invalid) as caught:
                    await save_settings("site", {"default_role": role})
                assert set(caught.value.errors) == {"default_role"}
            await save_settings("site", {"registration": "open", "default_role": "subscriber"})
    admin = await people.browser("alfa", "administrator")
    answer = await admin.submit(
        "/admin/settings/people",
        {"registration": "open", "default_role": "contributor"},
        page="/admin/settings/people",
    )
    assert answer.status_code == 303


async def test_nobody_makes_administrators_of_new_people(app: Any, people: Any) -> None:
    """Not even the shell: with open registration everybody would be one."""
    admin = await people.browser("alfa", "administrator")
    with entered(app, "alfa"):
        async with tenant_read():
            for values in (
                {"default_role": "administrator"},
                {"registration": "open", "default_role": "administrator"},
            ):
                with pytest.raises(Invalid) as caught:
                    await save_settings("site", values)
                assert set(caught.value.errors) == {"default_role"}
            # nor does the role of new people grow into one
            (role,) = await find_roles(("subscriber",))
            grown = RoleInput(
                name="subscriber", title="S", capabilities=frozenset({"read", "manage_options"})
            )
            with pytest.raises(Invalid) as caught:
                await save_role(grown, version=role.version)
            assert set(caught.value.errors) == {"capabilities"}
            # what is stored already is not opened to everybody
            async with tenant_work():
                await execute(
                    "UPDATE settings SET values_json = {} WHERE tenant_id = {tenant} AND owner = 'site'",
                    '{"title": "Alfa", "default_role": "administrator"}',
                )
                await bump(current_tenant().id)
        await runtime_of(app).tenants.refresh(force=True)
    with entered(app, "alfa"):
        async with tenant_read():
            with pytest.raises(Invalid) as caught:
                await save_settings("site", {"registration": "open"})
            assert set(caught.value.errors) == {"default_role"}
            await save_settings("site", {"tagline": "Outra coisa"})
    page = await admin.soup("/admin/settings/people")
    assert "administrator" not in [option["value"] for option in page.select("#default_role option")]
    with entered(app, "alfa"), pytest.raises(Invalid):
        await create_site(
            "gama", title="Gama", hosts=("gama.test",), settings={"site": {"default_role": "administrator"}}
        )


async def test_settings_name_only_what_the_site_has(app: Any, people: Any) -> None:
    """By the shell, as here, and by the form."""
    made: dict[str, dict[str, str]] = {}
    for slug in ("alfa", "beta"):
        author = (await people.make(slug, "author")).id
        with entered(app, slug):
            async with tenant_read():
                page, post, gone = [
                    await create_post(PostData(author_id=author, title=title, type=kind))
                    for title, kind in (("Sobre", "page"), ("Sono", "post"), ("Velha", "page"))
                ]
                await change_status(gone.id, "trash")
                category = await create_term("category", TermData(name="Saúde"))
                tag = await create_term("post_tag", TermData(name="Água"))
        things = {"page": page, "post": post, "gone": gone, "category": category, "tag": tag}
        made[slug] = {name: str(thing.id) for name, thing in things.items()}
    own, others = made["alfa"], made["beta"]
    admin = await people.browser("alfa", "administrator")
    wrong = (
        (
            "reading",
            "page_on_front",
            (own["post"], own["gone"], own["category"], others["page"], str(new_id())),
        ),
        ("reading", "page_for_posts", (own["post"], others["page"])),
        ("writing", "default_category", (own["tag"], own["page"], others["category"], str(new_id()))),
    )
    for screen, name, values in wrong:
        for value in values:
            with entered(app, "alfa"):
                async with tenant_read():
                    with pytest.raises(Invalid) as caught:
                        await save_settings("site", {name: value})
                    assert set(caught.value.errors) == {name}
            answer = await send(admin, f"/admin/settings/{screen}", {name: value}, selector="main form")
            assert (answer.status_code, f'id="{name}-error"' in answer.text) == (422, True), name
    right = {"page_on_front": own["page"], "page_for_posts": own["page"], "default_category": own["category"]}
    for value in (right, dict.fromkeys(right, "")):  # an empty one clears it, as the form's does
        with entered(app, "alfa"):
            async with tenant_read():
                await save_settings("site", value)
        with entered(app, "alfa"):
            for name in right:
                assert str(getattr(site_settings(), name) or "") == value[name]
    with entered(app, "alfa"):
        async with tenant_read():
            with pytest.raises(Invalid):
                await save_settings("site", {"posts_per_page": ""})  # None is no value of it


async def test_a_theme_is_switched_for_one_site(app: Any, within: Any, browser: Any) -> None:
    with within("alfa"):
        async with tenant_read():
            await switch_theme("clinica")
        assert (find_site("alfa").theme, find_site("beta").theme) == ("clinica", "claro")
    async with browser("alfa") as visitor:
        assert "/static/themes/clinica/" in (await visitor.get("/")).text


async def test_two_people_who_change_other_settings_lose_nothing(app: Any) -> None:
    """Both began with the same picture of the site; each says only what is to change."""
    with entered(app, "alfa"):
        async with tenant_read():
            await save_settings("site", {"tagline": "Um"})
            await save_settings("site", {"posts_per_page": 7})  # `entered` still holds the old picture
            assert site_settings().tagline != "Um"
    with entered(app, "alfa"):
        assert (site_settings().tagline, site_settings().posts_per_page) == ("Um", 7)
