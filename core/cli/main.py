"""`vitral`: finds the command's module only when it is called, so that `--help` stays fast."""

import difflib
import importlib
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

import click

from core.cli.called import CALLED
from core.errors import VitralError
from core.plugins.manifest import Command

__all__ = ["main"]

_COMMANDS = {
    "serve": ("core.cli.serve", "Serve the sites (and run jobs, unless --no-worker)."),
    "worker": ("core.cli.serve", "Run jobs only."),
    "demo": ("core.cli.demo", "Make the two demo sites, and serve them with --serve."),
    "migrate": ("core.cli.database", "Bring the database to this version."),
    "db": ("core.cli.database", "Set a PostgreSQL server up."),
    "site": ("core.cli.site", "Create, change, suspend, export and delete sites."),
    "user": ("core.cli.user", "People of a site, and the first administrator's link."),
    "plugin": ("core.cli.plugin", "List, enable and disable plugins."),
    "theme": ("core.cli.theme", "List themes and choose a site's."),
    "hooks": ("core.cli.hooks", "What plugins can hook into, and who does."),
    "import": ("core.cli.importing", "Bring content in from elsewhere."),
    "config": ("core.cli.config", "Show settings and where each came from."),
    "doctor": ("core.cli.doctor", "Check the installation."),
}


class _Lazy(click.Group):
    """A group whose commands are imported when they are run; plugins' commands come after ours."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS, *sorted(_plugin_commands())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        CALLED.set(None)
        if cmd_name in _COMMANDS:
            module = importlib.import_module(_COMMANDS[cmd_name][0])
            command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
            return command
        declared = _plugin_commands().get(cmd_name)
        if declared is None:
            return None
        CALLED.set(declared)
        return _command_of(*declared)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            rows = [(name, text) for name, (_, text) in _COMMANDS.items()]
            rows += [(name, command.help) for name, (_, command) in sorted(_plugin_commands().items())]
            formatter.write_dl(rows)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from None


@cache
def _plugin_commands() -> dict[str, tuple[str, Command]]:
    """Return the commands of installed plugins by name. Reads manifests only, which import nothing heavy."""
    from core.plugins.discovery import discover

    plugins = [found.plugin for found in discover((), safe=False).found]
    return {command.name: (plugin.name, command) for plugin in plugins for command in plugin.commands}


def _command_of(plugin: str, declared: Command) -> click.Command:
    """Import a plugin's command.

    Raises:
        VitralError: It can't be imported, or is no click command.
    """
    module, _, attribute = declared.target.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except Exception as error:  # whatever a module of others does
        raise VitralError(
            f"The command {declared.name!r} of the plugin “{plugin}” can't be loaded: {type(error).__name__}: {error}."
        ) from error
    if not isinstance(found, click.Command):
        raise VitralError(
            f"The command {declared.name!r} of the plugin “{plugin}” is no command: {declared.target}.",
            hint="Mark the function with @click.command() or @click.group().",
        )
    return found


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="vitral", prog_name="vitral")
def _vitral() -> None:
    """Vitral: one frame, many panes. A plugin-based CMS for many sites."""


def _check_own_code() -> None:
    """Refuse to run another project's `core` that stands in the current folder."""
    from importlib.metadata import distribution

    import core

    expected = Path(str(distribution("vitral").locate_file("core/__init__.py")))
    here = Path(core.__file__ or "")
    if expected.is_file() and not here.samefile(expected):
        click.echo(
            f"Error: this would run the code of {here.parent}, not of the installed Vitral.\n"
            "Run `vitral` from another folder, or by its full path.",
            err=True,
        )
        sys.exit(1)


def main() -> None:
    """Run the command line and exit with its code."""
    from core.cli.output import report_error, report_usage

    _check_own_code()
    # databases, uploads, exports and messages are for this user and group: other accounts read none of it
    os.umask(os.umask(0o077) | 0o007)
    try:
        _vitral(prog_name="vitral", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        if "--json" in sys.argv:
            report_usage(error)
        else:
            error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        sys.exit(1)
    except Exception as error:
        sys.exit(report_error(error))
