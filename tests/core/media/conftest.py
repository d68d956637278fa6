"""The small installation of the content tests."""

from tests.core.content.conftest import admin, make_world, site, world

__all__ = ["admin", "make_world", "site", "world"]
