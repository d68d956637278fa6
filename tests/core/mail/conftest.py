"""The small installation of the accounts' tests: mail needs people and a site."""

from tests.core.accounts.conftest import english, make_world, world

__all__ = ["english", "make_world", "world"]
