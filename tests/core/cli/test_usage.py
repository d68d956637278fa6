"""Wrong usage, settings, and what needs no database."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

from core.cli.main import _vitral as vitral
from tests.core.cli.world import Shell


def test_an_unknown_command_is_answered_with_the_one_meant(bare: Shell) -> None:
    assert "'site'" in bare("sites", code=2).stderr
    assert "No such command" in bare("xyzzy", code=2).stderr
    bare("site", "list", "--colour", code=2)
    bare("user", "list", code=2)  # needs --site
    assert "import" in bare("--help").stdout


def test_the_installed_command_is_this_one(bare: Shell) -> None:
    vitral = Path(sys.executable).parent / "vitral"
    for args, code in ((["--version"], 0), (["config", "show"], 0), (["site"], 2)):
        done = subprocess.run(
            [vitral, *args], cwd=bare.folder, env=bare.environ, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (
            code,
            bare(*args, code=code).stdout,
            bare(*args, code=code).stderr,
        )


def test_wrong_usage_is_json_for_programs(bare: Shell) -> None:
    done = bare("user", "list", "--json", code=2)
    problem = json.loads(done.stderr)
    assert problem["error"] == "usage"
    assert "--site" in problem["message"]


def test_other_accounts_of_the_machine_read_nothing(bare: Shell) -> None:
    bare("migrate")
    bare("site", "create", "alfa", "--title", "Alfa", "--host", "alfa.test")
    bare("site", "export", "--site", "alfa", "--to", "alfa.zip")
    made = [path for path in bare.folder.rglob("*") if path.is_file()]
    assert {"bare.db", "alfa.zip", "root.key"} <= {path.name for path in made}
    assert [path.name for path in made if path.stat().st_mode & 0o007] == []


def test_a_database_that_is_behind_is_no_place_to_work(bare: Shell) -> None:
    problem = bare.problem("migrate", "--check")
    assert "core/0001_platform" in problem["message"]
    assert "vitral migrate" in problem["hint"]
    assert "vitral migrate" in bare.problem("site", "list")["hint"]
    done = bare("doctor", "--json", code=1)
    assert [finding["check"] for finding in json.loads(done.stdout)] == ["migrations"]
    assert "core/0001_platform" in "".join(bare.json("migrate")["applied"])
    assert bare.json("migrate", "--check") == {"pending": []}
    assert bare.json("site", "list") == []


@pytest.mark.parametrize("kind", ["no folder", "a folder", "a text"])
def test_a_database_file_that_can_not_be_one_is_named(bare: Shell, kind: str) -> None:
    place = bare.folder / "place"
    if kind == "a folder":
        place.mkdir()
    else:
        place.write_text("Uma carta que não é banco de dados.\n" * 100, "utf-8")
    path = place / "x.db" if kind == "no folder" else place
    bare.environ["VITRAL_DATABASE_URL"] = f"sqlite:///{path}"
    for command in (("site", "list"), ("migrate",), ("doctor",)):
        problem = bare.problem(*command)
        assert problem["error"] == "start", command
        assert str(path) in problem["message"]
        assert "VITRAL_DATABASE_URL" in problem["hint"]
    assert "Traceback" not in bare("site", "list", code=1).stderr


def test_settings_tell_where_they_came_from_and_keep_passwords(bare: Shell) -> None:
    (bare.folder / "vitral.toml").write_text("workers = 3\n", "utf-8")
    secret = bare.folder / "smtp"
    secret.write_text("smtp://vitral:sigilo-1@mail.test:587\n", "utf-8")
    bare.environ.update(
        VITRAL_OWNER_DATABASE_URL="postgresql://vitral_owner:sigilo-2@db.test/v",
        VITRAL_DATABASE_URL="postgresql:///v?user=vitral_app&password=sigilo-3&host=db.test",
        VITRAL_SMTP_URL_FILE=str(secret),
    )
    rows = {row["name"]: row for row in bare.json("config", "show")}
    assert rows["owner_database_url"]["value"] == "postgresql://vitral_owner:***@db.test/v"
    assert rows["database_url"]["value"] == "postgresql:///v?user=vitral_app&password=***&host=db.test"
    assert rows["smtp_url"]["value"] == "smtp://vitral:***@mail.test:587"
    assert (str(rows["workers"]["value"]), "vitral.toml" in rows["workers"]["origin"]) == ("3", True)
    assert "VITRAL_VAR" in rows["var"]["origin"]
    assert rows["port"]["origin"] == "default"
    assert "sigilo" not in bare("config", "show").stdout


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [
        ("VITRAL_DATABASE_ULR", "x", "database_url"),
        ("VITRAL_PORT", "eighty", "port"),
        ("VITRAL_DATABASE_URL", "mysql://x", "database_url"),
        ("VITRAL_MODE", "production", "PostgreSQL"),
        ("VITRAL_SMTP_URL_FILE", "/nowhere/at/all", "/nowhere/at/all"),
        ("VITRAL_PORT", "0", "VITRAL_PORT"),  # where it comes from: no other command can tell any more
        ("VITRAL_HOST", "my.machine", "my.machine"),
    ],
)
def test_a_wrong_setting_stops_with_its_name(bare: Shell, variable: str, value: str, word: str) -> None:
    bare.environ[variable] = value
    problem = bare.problem("config", "show")
    assert word in problem["message"] + problem["hint"]
    assert "Traceback" not in bare("config", "show", code=1).stderr


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("sqlite:///", "folder"),
        ("postgresql://vitral_app@host:notaport/vitral", "does not answer"),
        ("postgresql://vitral_app@[::1/vitral", "does not answer"),
    ],
)
def test_a_database_that_can_not_be_opened_is_named(bare: Shell, url: str, word: str) -> None:
    bare.environ["VITRAL_DATABASE_URL"] = url
    assert word in bare.problem("site", "list")["message"]
    assert "Traceback" not in bare("site", "list", code=1).stderr


def test_a_fault_of_ours_is_json_for_programs_too(bare: Shell) -> None:
    bare.environ["VITRAL_DATABASE_URL"] = f"sqlite:///{bare.folder / 'broken.db'}"
    bare.json("migrate")
    with closing(sqlite3.connect(bare.folder / "broken.db")) as broken:
        broken.execute(
            "INSERT INTO tenants (id, slug, title, created_at, updated_at) VALUES ('no id', 'gama', 'Gama', '', '')"
        )
        broken.commit()
    problem = bare.problem("site", "list")
    assert problem["error"] == "internal"
    assert problem["message"]


def test_a_server_that_can_not_be_set_up_is_named(bare: Shell) -> None:
    assert "does not answer" in bare.problem("db", "init", "--admin-url", "nonsense")["message"]


def test_an_unknown_key_of_the_file_stops_with_a_suggestion(bare: Shell) -> None:
    (bare.folder / "vitral.toml").write_text("prot = 1\n", "utf-8")
    problem = bare.problem("config", "show")
    assert "'prot'" in problem["message"]
    assert "'port'" in problem["hint"]


def test_hooks(bare: Shell) -> None:
    found = bare.json("hooks", "list")
    assert {"on_site_created", "register_jobs"} <= {hook["name"] for hook in found}
    only = bare.json("hooks", "list", "--verb", "filter")
    assert {hook["verb"] for hook in only} == {"filter"}
    assert bare.json("hooks", "show", "register_jobs")["implementations"]
    problem = bare.problem("hooks", "show", "register_job")
    assert "register_jobs" in problem["message"] + problem["hint"]
    assert not (bare.folder / "bare.db").exists()


def test_a_new_key_is_written_once(bare: Shell) -> None:
    path = bare.folder / "root.key"
    assert bare.json("doctor", "--new-key", str(path)) == {"key": str(path)}
    assert path.stat().st_mode & 0o077 == 0
    before = Path(path).read_bytes()
    bare.problem("doctor", "--new-key", str(path))
    assert path.read_bytes() == before


def _leaves(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _leaves(found, (*path, name))
    else:
        yield path, command


def test_programs_can_read_what_every_command_says() -> None:
    """All but those of plugins, which are theirs to write."""
    silent = {
        path
        for path, command in _leaves(vitral)
        if "--json" not in {name for parameter in command.params for name in parameter.opts}
    }
    assert silent == set()
