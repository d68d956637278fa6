"""Comments are on for the site alfa, and off for beta."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from core.db import tenant_read
from core.sites import enable_plugin
from tests.kit.plugin import entered
from tests.plugins.comments.world import Talk


@pytest.fixture
async def talk(app: Litestar) -> AsyncIterator[Talk]:
    with entered(app, "alfa"):
        async with tenant_read():
            await enable_plugin("comments")
    yield Talk(app)
