"""The small installation of the content tests."""

from tests.core.content.conftest import admin, clock, make_world, site, world

__all__ = ["admin", "clock", "make_world", "site", "world"]
