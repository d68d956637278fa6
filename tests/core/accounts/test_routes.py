"""The start is refused while a route does not say who may use it."""

import pytest
from litestar import Litestar, get, post

from core.accounts import require_known_rights
from core.contract.accounts import Capability
from core.contract.content import ContentType
from core.errors import StartError
from core.hooks import current_plan
from tests.core.accounts.things import plugin
from tests.core.accounts.world import dry

BRINGING = plugin(
    register_capabilities=lambda: [Capability(name="probe.view", title="View")],
    register_content_types=lambda: [
        ContentType(name="probe_book", title="Books", singular="Book", capability_type="book")
    ],
)


def built(opt, method=get):
    @method("/x", opt=opt)
    async def handler() -> None: ...

    return Litestar([handler], openapi_config=None, logging_config=None)


@pytest.mark.parametrize(
    "opt",
    [
        {"capability": "public"},
        {"capability": "edit_posts"},
        {"capability": "probe.view"},
        {"capability": "edit_others_books"},
        {"capability": "read", "csrf": "origin"},
        {"capability": "read", "csrf": False, "auth": "token"},
    ],
)
def test_what_may_be_said(opt):
    with dry(BRINGING):
        require_known_rights(built(opt, post), current_plan())


@pytest.mark.parametrize(
    ("opt", "said"),
    [
        ({}, "no capability"),
        ({"capability": ""}, "no capability"),
        ({"capability": None}, "no capability"),
        ({"capability": "edit_post"}, "there is no capability 'edit_post'"),
        ({"capability": "do_not_allow"}, "there is no capability"),
        ({"capability": "other.view"}, "there is no capability"),
        ({"capability": "read", "csrf": False}, "csrf is switched off"),
        ({"capability": "read", "csrf": "never"}, "csrf is 'never'"),
        ({"capability": "public", "csrf": "handler", "plugin": "forum"}, "write 'origin'"),
        ({"capability": "read", "auth": "basic"}, "auth is 'basic'"),
    ],
)
def test_what_stops_the_start(opt, said):
    with dry(BRINGING), pytest.raises(StartError, match="/x") as refused:
        require_known_rights(built(opt, post), current_plan())
    assert said in str(refused.value)


def test_a_capability_of_a_plugin_that_is_not_installed_is_unknown():
    with dry(), pytest.raises(StartError):
        require_known_rights(built({"capability": "probe.view"}), current_plan())
