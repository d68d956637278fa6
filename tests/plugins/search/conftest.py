"""Search is on for the site alfa, and off for beta."""

import pytest
from litestar import Litestar

from tests.plugins.search.world import World, searching


@pytest.fixture
async def world(app: Litestar) -> World:
    return await searching(app)
