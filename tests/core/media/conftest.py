"""The database and the small installation of the content tests."""

from tests.core.content.conftest import (
    admin,
    author,
    clock,
    cluster,
    database,
    editor,
    english,
    make_world,
    pytest_generate_tests,
    site,
    template,
    world,
)

__all__ = [
    "admin",
    "author",
    "clock",
    "cluster",
    "database",
    "editor",
    "english",
    "make_world",
    "pytest_generate_tests",
    "site",
    "template",
    "world",
]
