"""The small installation of the accounts' tests: mail needs people and a site."""

from tests.core.accounts.conftest import (
    clock,
    cluster,
    database,
    english,
    make_world,
    pytest_generate_tests,
    template,
    world,
)

__all__ = [
    "clock",
    "cluster",
    "database",
    "english",
    "make_world",
    "pytest_generate_tests",
    "template",
    "world",
]
