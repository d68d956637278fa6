"""May this be done? `register_access_policies`: filled, refusing, failing, absent."""

from typing import Any

from core.contract.accounts import AccessPolicy, AccessRequest, Decision
from core.plugins import Plugin
from tests.core.api.kit import open_api
from tests.kit.people import People
from tests.plugins.seams.world import brings


def guard(
    outcome: str = "allow", error: Exception | None = None, asked: list[AccessRequest] | None = None
) -> Plugin:
    """Return a plugin whose policy has its say about writing posts."""

    async def evaluate(request: AccessRequest) -> Decision:
        if asked is not None:
            asked.append(request)
        if not request.capability.startswith(("edit_post", "create_post")):
            return Decision(outcome="allow")
        if error is not None:
            raise error
        return Decision(outcome=outcome, reasons=("Not from this network.",))  # type: ignore[arg-type]  # one of the literals

    return brings("guard", "register_access_policies", AccessPolicy(name="guard.networks", evaluate=evaluate))


DRAFT = {"title": "Sono"}


async def test_a_policy_that_allows_is_asked_and_changes_nothing(app_with: Any) -> None:
    asked: list[AccessRequest] = []
    app = await app_with(guard("allow", asked=asked), on=("alfa",))
    editor = await open_api(app, "alfa", "editor")
    made = await editor.change("POST", "/posts", DRAFT, 201)
    await editor.change(
        "PATCH", f"/posts/{made['number']}", {"version": made["version"], "title": "Sono bom"}
    )
    about = next(r for r in asked if r.capability == "edit_post" and r.signals["method"] == "PATCH")
    assert about.object.title == "Sono" and about.object_type == "post"
    assert about.actor.id == editor.person.id and about.signals["path"] == f"/api/v1/posts/{made['number']}"


async def test_a_policy_can_only_take_rights_away(app_with: Any) -> None:
    app = await app_with(guard("allow"), on=("alfa",))
    reader = await open_api(app, "alfa", "subscriber")
    assert (await reader.post("/posts", json=DRAFT)).status_code == 403


async def test_a_policy_that_denies_is_the_last_word_and_says_why(app_with: Any) -> None:
    app = await app_with(guard("deny"), on=("alfa",))
    for role in ("editor", "administrator"):
        person = await open_api(app, "alfa", role)
        answer = await person.post("/posts", json=DRAFT)
        assert answer.status_code == 403 and "Not from this network." in answer.text
        assert (await person.json("/posts"))["items"] == []
    browser = await People(app).browser("alfa", "editor")
    assert (await browser.get("/admin/posts")).status_code == 403
    assert (await browser.get("/admin")).status_code == 200  # it had its say about posts alone


async def test_a_policy_may_want_a_factor_first(app_with: Any) -> None:
    app = await app_with(guard("step_up"), on=("alfa",))
    editor = await open_api(app, "alfa", "editor")
    answer = await editor.post("/posts", json=DRAFT)
    assert answer.status_code == 401 and answer.json()["type"].endswith("step-up")
    assert (await editor.json("/posts"))["items"] == []


async def test_a_policy_that_breaks_denies(app_with: Any) -> None:
    app = await app_with(guard(error=RuntimeError("secret inside")), on=("alfa",))
    editor = await open_api(app, "alfa", "editor")
    answer = await editor.post("/posts", json=DRAFT)
    assert answer.status_code == 403
    assert "guard.networks" in answer.text and "secret inside" not in answer.text


async def test_without_the_plugin_capabilities_decide(app_with: Any) -> None:
    app = await app_with(guard("deny"), on=("alfa",))
    editor = await open_api(app, "beta", "editor")
    await editor.change("POST", "/posts", DRAFT, 201)
    reader = await open_api(app, "beta", "subscriber")
    assert (await reader.post("/posts", json=DRAFT)).status_code == 403
