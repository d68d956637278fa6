"""An installation for the command line, on each engine."""

from pathlib import Path

import pytest

from core.db import Database
from tests.core.cli.world import Shell
from tests.kit import templates


@pytest.fixture
def bare(tmp_path: Path) -> Shell:
    """A shell in an empty folder, with an empty SQLite database that no command has made yet."""
    return Shell(
        tmp_path,
        VITRAL_VAR=str(tmp_path / "var"),
        VITRAL_SITES=str(tmp_path / "sites"),
        VITRAL_DATABASE_URL=f"sqlite:///{tmp_path}/bare.db",
    )


@pytest.fixture
def shell(bare: Shell, engine: str, database: Database, database_name: str, tmp_path: Path) -> Shell:
    """A shell on the test's own copy of the database with the two sites."""
    if engine == "sqlite":
        bare.environ["VITRAL_DATABASE_URL"] = f"sqlite:///{tmp_path / database_name}.db"
    else:
        bare.environ["VITRAL_DATABASE_URL"] = templates._url("vitral_app", database_name)
        bare.environ["VITRAL_OWNER_DATABASE_URL"] = templates._url("vitral_owner", database_name)
    return bare
