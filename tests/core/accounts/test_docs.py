"""What the how-to says works."""

import re
from pathlib import Path
from types import SimpleNamespace

from core.accounts import decide, list_roles
from core.accounts.signals import use_signals
from core.db import tenant_read
from core.plugins import Plugin
from tests.core.accounts.things import actor
from tests.core.accounts.world import dry

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "roles.md"


def library():
    """Return the plugin that the page's blocks make up."""
    names = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S):
        if "await require" not in block:
            exec(block, names)  # noqa: S102  # the page itself
    hooks = {name: value for name, value in names.items() if name.startswith("register_")}
    return Plugin(name="library", version="1.0", title="Library", parts={"hooks": SimpleNamespace(**hooks)})


async def test_the_plugin_brings_rights_and_roles(make_world):
    world = await make_world(library())
    with world.on():
        async with tenant_read():
            roles = {role.name: role.capabilities for role in await list_roles()}
    assert roles["library_clerk"] == {"read", "library.lend"}
    assert "library.lend" in roles["editor"]
    assert "library.lend" not in roles["author"]


async def test_the_policy_has_its_say():
    with dry(library()):
        with use_signals({"network": "203.0.113.0/24"}):
            assert (await decide(actor("library.lend"), "library.lend")).allowed
        decision = await decide(actor("library.lend", "read"), "library.lend")
        assert decision.reasons == ("Only from the library.",)
        assert (await decide(actor("read"), "read")).allowed
