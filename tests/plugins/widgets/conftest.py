"""Widgets are on for the site alfa, and off for beta."""

import pytest
from litestar import Litestar

from tests.plugins.widgets.world import Board, equipped


@pytest.fixture
async def board(app: Litestar) -> Board:
    return await equipped(app)
