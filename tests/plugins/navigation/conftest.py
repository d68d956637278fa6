"""Menus are on for the site alfa, and off for beta."""

import pytest
from litestar import Litestar

from tests.plugins.navigation.world import World, navigating


@pytest.fixture
async def world(app: Litestar) -> World:
    return await navigating(app)
