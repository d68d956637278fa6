"""Who did what? `register_audit_sinks`: filled, refusing, failing, absent."""

from collections.abc import Sequence
from typing import Any

import pytest

from core.app import runtime_of
from core.contract.events import AuditEvent, AuditSink
from core.db import execute
from core.errors import Refused, Unavailable
from core.plugins import Plugin
from core.sites import delete_site
from tests.core.api.kit import open_api
from tests.kit.plugin import entered
from tests.plugins.seams.world import brings

DRAFT = {"title": "Sono"}


def keeper(kept: list[AuditEvent], error: Exception | None = None) -> Plugin:
    """Return a plugin that keeps what is done to posts, or can't."""

    async def write(events: Sequence[AuditEvent]) -> None:
        mine = [event for event in events if event.action.startswith(("post.", "access."))]
        kept.extend(mine)
        if mine and error is not None:
            raise error

    return brings("keeper", "register_audit_sinks", AuditSink(name="keeper.book", write=write))


async def test_a_sink_gets_every_act_with_who_and_where(app_with: Any) -> None:
    kept: list[AuditEvent] = []
    app = await app_with(keeper(kept), on=("alfa",))
    editor = await open_api(app, "alfa", "editor")
    made = await editor.change("POST", "/posts", DRAFT, 201)
    await editor.change("POST", f"/posts/{made['number']}/status", {"status": "publish"})
    await editor.change("DELETE", f"/posts/{made['number']}", status=204)
    assert [event.action for event in kept] == ["post.create", "post.publish", "post.trash"]
    for event in kept:
        assert event.outcome == "success" and event.actor.id == editor.person.id
        assert str(event.resource_id) == made["id"] and event.request_id
    assert kept[1].before["status"] == "draft" and kept[1].after["status"] == "publish"  # type: ignore[index]  # both are there


async def test_refusals_are_kept_too(app_with: Any) -> None:
    kept: list[AuditEvent] = []
    app = await app_with(keeper(kept), on=("alfa",))
    reader = await open_api(app, "alfa", "subscriber")
    assert (await reader.post("/posts", json=DRAFT)).status_code == 403
    (event,) = kept
    assert (event.action, event.outcome, event.actor.id) == ("access.refuse", "refused", reader.person.id)


@pytest.mark.parametrize("error", [Refused("The book is closed."), RuntimeError("secret inside")])
async def test_no_record_no_action(app_with: Any, error: Exception) -> None:
    kept: list[AuditEvent] = []
    app = await app_with(keeper(kept, error), on=("alfa",))
    editor = await open_api(app, "alfa", "editor")
    answer = await editor.post("/posts", json=DRAFT)
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert "secret inside" not in answer.text
    assert kept  # it was asked
    assert (await editor.json("/posts?status=draft"))["items"] == []


async def test_without_the_plugin_nothing_is_kept_and_all_is_done(app_with: Any) -> None:
    kept: list[AuditEvent] = []
    app = await app_with(keeper(kept, RuntimeError("off here")), on=("alfa",))
    editor = await open_api(app, "beta", "editor")
    await editor.change("POST", "/posts", DRAFT, 201)
    assert kept == []


@pytest.mark.parametrize("error", [None, RuntimeError("the book is full")])
async def test_the_end_of_a_site_is_recorded_while_its_tables_are_there(
    app_with: Any, error: Exception | None
) -> None:
    seen: list[tuple[str, int]] = []

    async def write(events: Sequence[AuditEvent]) -> None:
        (roles,) = await execute("SELECT count(*) AS n FROM user_roles WHERE tenant_id = {tenant}")
        seen.extend((event.action, roles["n"]) for event in events)
        if error is not None:
            raise error

    app = await app_with(
        brings("keeper", "register_audit_sinks", AuditSink(name="keeper.book", write=write)),
        on=() if error else ("alfa",),
    )
    if error:  # it can't even record that it was switched on
        runtime_of(app).registry.turn_on_for_all(["keeper"])
    seen.clear()
    with entered(app, "beta"):
        if error:
            with pytest.raises(Unavailable):
                await delete_site("alfa", confirm="alfa")
        else:
            await delete_site("alfa", confirm="alfa")
    assert seen == [("site.delete", 5)]
    assert [site.slug for site in runtime_of(app).tenants.all()] == (["alfa", "beta"] if error else ["beta"])
