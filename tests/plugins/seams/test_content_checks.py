"""May this go out? `register_content_checks`: filled, refusing, failing, absent."""

from typing import Any

from core.content import override_finding, run_checks
from core.contract.content import ContentCheck, Finding
from core.contract.views import PostView
from core.db import tenant_read
from core.plugins import Plugin
from tests.core.api.kit import Api, open_api
from tests.kit.client import Browser
from tests.kit.plugin import entered
from tests.plugins.comments.world import Talk, talking
from tests.plugins.seams.world import brings

DRAFT = {"title": "Vacina", "content": "<p>Esta vacina cura tudo.</p>"}


def checker(severity: str = "", error: Exception | None = None) -> Plugin:
    """Return a plugin whose check finds a claim, finds nothing, or breaks."""

    async def check(post: PostView) -> list[Finding]:
        if error is not None:
            raise error
        if not severity or "cura tudo" not in post.content:
            return []
        return [
            Finding(
                rule="checker.claim",
                severity=severity,  # type: ignore[arg-type]  # one of the literals
                message="Nothing cures everything.",
                fix="Say what it is tested for.",
            )
        ]

    return brings(
        "checker", "register_content_checks", ContentCheck(name="checker.claims", version="1", check=check)
    )


async def publish(api: Api) -> Any:
    """Write a draft and ask for it to be published; return the draft and the answer."""
    draft = await api.change("POST", "/posts", DRAFT, 201)
    return draft, await api.post(f"/posts/{draft['number']}/status", json={"status": "publish"})


async def seen(app: Any, draft: Any, site: str = "alfa") -> int:
    async with Browser(app, site) as visitor:
        return (await visitor.get(draft["url"].partition(".test")[2], follow_redirects=True)).status_code


async def test_a_check_that_only_remarks_lets_it_out_and_its_remark_is_kept(app_with: Any) -> None:
    app = await app_with(checker("warn"), on=("alfa",))
    editor = await open_api(app, "alfa", "editor")
    draft, answer = await publish(editor)
    assert answer.status_code == 200 and answer.json()["status"] == "publish"
    with entered(app, "alfa"):
        async with tenant_read():
            from core.content import get_post_by_number

            found = await run_checks((await get_post_by_number(draft["number"])).id)
    assert [(finding.rule, finding.severity) for finding in found.findings] == [("checker.claim", "warn")]


async def test_a_check_that_blocks_keeps_it_in_and_says_what_to_do(app_with: Any) -> None:
    app = await app_with(checker("block"), on=("alfa",))
    editor = await open_api(app, "alfa", "editor")
    draft, answer = await publish(editor)
    assert answer.status_code == 422
    (finding,) = answer.json()["findings"]
    assert (finding["rule"], finding["fix"]) == ("checker.claim", "Say what it is tested for.")
    assert (await editor.json(f"/posts/{draft['number']}?context=edit"))["status"] == "draft"
    assert await seen(app, draft) == 404
    mended = {"version": draft["version"], "content": "<p>Esta vacina previne o sarampo.</p>"}
    await editor.change("PATCH", f"/posts/{draft['number']}", mended)
    await editor.change("POST", f"/posts/{draft['number']}/status", {"status": "publish"})


async def test_a_check_that_breaks_blocks(app_with: Any) -> None:
    app = await app_with(checker(error=RuntimeError("secret inside")), on=("alfa",))
    editor = await open_api(app, "alfa", "editor")
    draft, answer = await publish(editor)
    assert answer.status_code == 422
    assert [finding["rule"] for finding in answer.json()["findings"]] == ["checker.claims.failed"]
    assert "secret inside" not in answer.text
    assert await seen(app, draft) == 404


async def test_without_the_plugin_everything_goes_out(app_with: Any) -> None:
    app = await app_with(checker("block"), on=("alfa",))
    editor = await open_api(app, "beta", "editor")
    draft, answer = await publish(editor)
    assert answer.status_code == 200
    assert (await editor.json(f"/posts/{draft['number']}"))["status"] == "publish"


async def test_what_readers_say_meanwhile_does_not_ask_for_another_look(app_with: Any) -> None:
    """An answer for a finding holds for the text, however many comments come in."""
    app = await app_with(checker("block"), on=("alfa",))
    talk: Talk = await talking(app)
    await talk.settings(moderation="none")
    admin = await open_api(app, "alfa", "administrator")
    draft, _answer = await publish(admin)
    with entered(app, "alfa"):
        async with tenant_read():
            from core.accounts import actor_of, get_user
            from core.content import get_post_by_number

            who = await actor_of(await get_user(admin.person.id))
    with entered(app, "alfa", who):
        async with tenant_read():
            post = await get_post_by_number(draft["number"])
            await override_finding(post.id, "checker.claim", "Quoted from a letter, and refuted below.")
    await admin.change("POST", f"/posts/{draft['number']}/status", {"status": "publish"})
    shown = await talk.fresh(post)
    async with talk.browser() as visitor:
        assert (await talk.send(visitor, shown, "Que texto!")).status_code == 303
    assert (await talk.fresh(post)).ext["comments"]["count"] == 1
    await admin.change("POST", f"/posts/{draft['number']}/status", {"status": "draft"})
    await admin.change("POST", f"/posts/{draft['number']}/status", {"status": "publish"})
