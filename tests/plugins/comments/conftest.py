"""Comments are on for the site alfa, and off for beta."""

import pytest
from litestar import Litestar

from tests.plugins.comments.world import Talk, talking


@pytest.fixture
async def talk(app: Litestar) -> Talk:
    return await talking(app)
