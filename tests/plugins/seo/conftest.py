"""The plugin is on for the site alfa, and off for beta."""

import pytest
from litestar import Litestar

from tests.plugins.seo.world import Found, being_found


@pytest.fixture
async def found(app: Litestar) -> Found:
    return await being_found(app)
