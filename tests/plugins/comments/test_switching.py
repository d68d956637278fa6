"""Off means gone, on means back: while the server runs, for one site, with the data kept."""

from typing import Any

from core.db import tenant_read
from core.runtime import Runtime
from core.sites import disable_plugin, enable_plugin
from tests.kit.plugin import entered
from tests.plugins.comments.world import Talk, talking

ADDRESSES = (
    ("GET", "/comments/feed/"),
    ("GET", "/sono/feed/"),
    ("GET", "/comments/1"),
    ("POST", "/comments/1"),
    ("GET", "/admin/comments"),
    ("GET", "/admin/comments/1"),
    ("GET", "/api/v1/comments"),
    ("GET", "/api/v1/comments/1"),
)


async def switch(talk: Talk, site: str, *, on: bool) -> None:
    with entered(talk.app, site):
        async with tenant_read():
            await (enable_plugin if on else disable_plugin)("comments")


async def answers(talk: Talk, site: str, person: Any) -> list[int]:
    """Return the status of every address of the plugin."""
    found = []
    for method, path in ADDRESSES:
        data = {"content": "Oi", "_csrf": await person.token("/admin")} if method == "POST" else None
        found.append((await person.request(method, path, data=data)).status_code)
    return found


async def test_off_on_one_site_and_on_on_the_other(talk: Talk) -> None:
    await talking(talk.app, "beta")
    posts, admins = {}, {}
    for site in ("alfa", "beta"):
        await talk.settings(site, moderation="none")
        posts[site] = await talk.post("Sono", site)
        admins[site] = await talk.people.browser(site, "administrator")
        async with talk.browser(site) as visitor:
            await talk.send(visitor, posts[site], f"Em {site}")
    assert 404 not in await answers(talk, "alfa", admins["alfa"])
    await switch(talk, "alfa", on=False)
    assert set(await answers(talk, "alfa", admins["alfa"])) == {404}
    assert 404 not in await answers(talk, "beta", admins["beta"])
    async with talk.browser("alfa") as visitor:
        page = await visitor.soup(posts["alfa"].url)
        assert not page.select(".comments, .comment-form") and "Em alfa" not in page.get_text()
        links = {str(tag["href"]) for tag in page.select("link[rel=alternate][href*=feed]")}
        assert links == {"/feed/", "/feed/atom/"} and "comentário" not in (await visitor.get("/")).text
        post = (await visitor.get(f"/api/v1/posts/{posts['alfa'].number}")).json()
        assert "comments" not in post["ext"]
        document = (await visitor.get("/api/v1/openapi.json")).json()
        assert not [path for path in document["paths"] if "comments" in path]
    desk = await admins["alfa"].get("/admin")
    assert "/admin/comments" not in desk.text and "Comentários recentes" not in desk.text
    async with talk.browser("beta") as visitor:
        assert (await visitor.soup(posts["beta"].url)).select("#comment-1")
        document = (await visitor.get("/api/v1/openapi.json")).json()
        assert [path for path in document["paths"] if "comments" in path]
    await switch(talk, "alfa", on=True)
    assert 404 not in await answers(talk, "alfa", admins["alfa"])
    async with talk.browser("alfa") as visitor:
        assert "Em alfa" in (await visitor.soup(posts["alfa"].url)).select_one("#comment-1").get_text()  # type: ignore[union-attr]  # it is there


async def test_other_processes_see_it_within_a_second(talk: Talk, runtime: Runtime, database: Any) -> None:
    """Another process has a registry of sites of its own, which asks for one number twice a second."""
    from core.tenancy import Tenants, use_tenants

    other = Tenants()
    with runtime.active():
        await other.refresh(force=True)
    before = other.by_slug("alfa")
    assert before is not None and "comments" in before.enabled
    await switch(talk, "alfa", on=False)
    with runtime.active(), use_tenants(other):
        await other.refresh()
    after = other.by_slug("alfa")
    assert after is not None and "comments" not in after.enabled


async def test_jobs_wait_while_the_plugin_is_off(talk: Talk) -> None:
    from core.db import platform_execute, platform_read

    await talk.settings(close_after_days=5)
    await switch(talk, "alfa", on=False)
    await talk.work()
    with entered(talk.app, "alfa"):
        async with platform_read():
            rows = await platform_execute(
                "SELECT status, attempts FROM jobs WHERE kind = 'comments.close_old'"
            )
    assert rows and all(row["status"] == "ready" for row in rows)
