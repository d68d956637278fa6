"""Commands that plugins bring: there wherever the plugin is installed, refusing where it is off."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from core.cli.main import _COMMANDS
from core.errors import StartError
from core.plugins import Command, Plugin, discover
from core.plugins.manifest import CORE_COMMANDS
from tests.core.cli.world import Shell

_MANIFEST = """
from core.plugins import Command, Plugin

plugin = Plugin(
    name="chores",
    version="1.0",
    title="Chores",
    commands=(
        Command(name="chores", target="vitral_chores.cli:chores", help="What is to be done."),
        Command(name="chores-offline", target="vitral_chores.cli:offline", help="No database.", offline=True),
        Command(name="chores-lost", target="vitral_chores.cli:nowhere", help="Not there."),
    ),
)
"""
_CLI = """
import click
from core.cli import emit, in_installation, in_site, json_option, run_work, site_option
from core.context import current_actor, current_tenant

@click.group()
def chores():
    pass

@chores.command()
@site_option
@json_option
def show(slug, as_json):
    async def work():
        async with in_site(slug):
            emit({"site": current_tenant().slug, "actor": current_actor().kind}, as_json, "done")
    run_work(work)

@click.command()
@click.option("--peek", is_flag=True)
def offline(peek):
    async def work():
        async with in_installation():
            pass
    if peek:
        run_work(work)
    click.echo("nothing opened")
"""


@pytest.fixture
def vitral(tmp_path: Path) -> Callable[..., CompletedProcess[str]]:
    """The installed command, in an environment that has the plugin."""
    place = tmp_path / "installed"
    package = place / "vitral_chores"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "plugin.py").write_text(_MANIFEST, "utf-8")
    (package / "cli.py").write_text(_CLI, "utf-8")
    info = place / "vitral_chores-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vitral-chores\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(
        "[vitral.plugins]\nchores = vitral_chores.plugin:plugin\n", "utf-8"
    )

    def run(shell: Shell, *args: str) -> CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).parent / "vitral", *args],
            cwd=shell.folder,
            env={**shell.environ, "PYTHONPATH": str(place)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_command_works_in_a_site_where_its_plugin_is_on(
    shell: Shell, vitral: Callable[..., CompletedProcess[str]]
) -> None:
    assert "What is to be done." in vitral(shell, "--help").stdout
    assert vitral(shell, "migrate").returncode == 0
    off = vitral(shell, "chores", "show", "--site", "alfa", "--json")
    assert (off.returncode, json.loads(off.stderr.splitlines()[-1])["error"]) == (1, "not-found")
    assert "vitral plugin enable chores --site alfa" in off.stderr
    assert vitral(shell, "plugin", "enable", "chores", "--site", "alfa").returncode == 0
    on = vitral(shell, "chores", "show", "--site", "alfa", "--json")
    assert json.loads(on.stdout) == {"site": "alfa", "actor": "cli"}
    assert vitral(shell, "chores", "show", "--site", "beta").returncode == 1
    assert vitral(shell, "chores", "show").returncode == 2


def test_an_offline_command_opens_no_database(
    bare: Shell, vitral: Callable[..., CompletedProcess[str]]
) -> None:
    bare.environ["VITRAL_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    done = vitral(bare, "chores-offline")
    assert (done.returncode, done.stdout) == (0, "nothing opened\n")
    refused = vitral(bare, "chores-offline", "--peek")
    assert (refused.returncode, "offline" in refused.stderr) == (1, True)


def test_a_command_that_is_not_there_is_named(
    bare: Shell, vitral: Callable[..., CompletedProcess[str]]
) -> None:
    done = vitral(bare, "chores-lost", "--json")
    problem = json.loads(done.stderr)
    assert done.returncode == 1
    assert "chores-lost" in problem["message"]
    assert "“chores”" in problem["message"]


def test_nobody_has_a_command_of_somebody_else() -> None:
    assert frozenset(_COMMANDS) == CORE_COMMANDS
    taken = Command(name="acf_x", target="a:b", help="x")
    with pytest.raises(StartError, match="Two plugins bring the command 'acf_x'"):
        discover(
            [
                Plugin(name="acf", version="1", title="Acf", commands=(taken,)),
                Plugin(name="acf_x", version="1", title="X", commands=(taken,)),
            ],
            points=(),
        )
    ours = Command(name="user", target="a:b", help="x")
    with pytest.raises(StartError, match="one of the frame's"):
        discover([Plugin(name="user", version="1", title="U", commands=(ours,))], points=())
