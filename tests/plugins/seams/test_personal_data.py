"""Whose data is this? `register_personal_data`: filled, refusing, failing, absent."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest
from litestar import Request, get, post
from piccolo.columns import Varchar

from core.accounts import erase_personal_data, export_personal_data
from core.contract.work import PersonalDataProvider
from core.db import Personal, TenantTable, personal
from core.errors import Refused, StartError
from core.http import form_of
from core.ids import new_id
from core.plugins import Plugin
from tests.kit.client import Browser
from tests.kit.people import People
from tests.plugins.comments.world import talking
from tests.plugins.seams.world import brings

_RIGHT = {"capability": "manage_options"}
NOTHING = {"copies": 0, "accounts": 0, "links": 0, "mail": 0}
"""What the core answers about somebody who has no account."""


@get("/desk/{email:str}", opt=_RIGHT)
async def give_out(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Answer a request for one's data."""
    return {each.name: each.rows for each in await export_personal_data(request.path_params["email"])}


@post("/desk", opt=_RIGHT)
async def take_away(request: Request[Any, Any, Any]) -> dict[str, int]:
    """Erase what is kept about an address."""
    return await erase_personal_data(form_of(request).get("email"))


DESK = Plugin(name="desk", version="1.0", title="Desk", parts={"routes": [give_out, take_away]})
"""Asks over HTTP, as the plugin for data protection does."""


def clinic(error: Exception | None = None) -> Plugin:
    """Return a plugin that keeps something about everybody, and may not want to, or be able to, let it go."""
    kept = new_id()

    async def find(email: str) -> Sequence[UUID]:
        return [kept]

    async def export(ids: Sequence[UUID]) -> Sequence[Mapping[str, Any]]:
        return [{"appointments": 2} for _row in ids]

    async def erase(ids: Sequence[UUID]) -> int:
        if error is not None:
            raise error
        return len(ids)

    provider = PersonalDataProvider(name="zclinic", title="Clinic", find=find, export=export, erase=erase)
    return brings("zclinic", "register_personal_data", provider)


async def spoken(app: Any) -> Any:
    """Return a world where Ana has commented on alfa."""
    talk = await talking(app)
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Meu texto", name="Ana")
    return talk


async def erased(app: Any, site: str = "alfa") -> Any:
    admin: Browser = await People(app).browser(site, "administrator")
    return await admin.submit("/desk", {"email": "ana@example.org"}, page="/admin")


async def test_every_plugin_gives_out_and_takes_away(app_with: Any) -> None:
    talk = await spoken(await app_with(DESK, clinic(), on=("alfa",)))
    admin = await talk.people.browser("alfa", "administrator")
    given = (await admin.get("/desk/ana@example.org")).json()
    assert given["zclinic"] == [{"appointments": 2}]
    assert [(row["name"], row["content"]) for row in given["comments"]] == [("Ana", "Meu texto")]
    assert (await erased(talk.app)).json() == {**NOTHING, "comments": 1, "zclinic": 1}
    assert (await talk.all())[0].author_name == ""


async def test_a_plugin_that_may_not_let_go_says_why_and_all_stays(app_with: Any) -> None:
    held = Refused("Clinical records are kept for twenty years.")
    talk = await spoken(await app_with(DESK, clinic(held), on=("alfa",)))
    answer = await erased(talk.app)
    assert answer.status_code == 422 and "twenty years" in answer.text
    assert (await talk.all())[0].author_name == "Ana"


async def test_a_plugin_that_breaks_takes_nothing_with_it(app_with: Any) -> None:
    talk = await spoken(await app_with(DESK, clinic(RuntimeError("secret inside")), on=("alfa",)))
    answer = await erased(talk.app)
    assert answer.status_code == 500 and "secret inside" not in answer.text
    assert (await talk.all())[0].author_name == "Ana"


async def test_a_plugin_that_is_off_is_not_asked(app_with: Any) -> None:
    app = await app_with(DESK, on=("alfa", "beta"))
    await spoken(app)
    assert (await erased(app, "beta")).json() == NOTHING


async def test_a_column_about_people_without_an_entry_stops_the_start(app_with: Any) -> None:
    class Patient(TenantTable, tablename="silent_patients"):
        email = personal(
            Varchar(255), Personal(category="contact", purpose="x", basis="health_care", retention="20 years")
        )

    silent = Plugin(name="silent", version="1.0", title="Silent", parts={"tables": [Patient]})
    with pytest.raises(StartError, match=r"“silent” keeps personal data \(silent_patients.email\)"):
        await app_with(silent)
