"""Every command of `vitral`, with its options, read off the commands themselves."""

from collections.abc import Iterator

import click

from core.cli.main import _vitral as vitral
from generators.installation import Installation
from generators.markdown import cell, escaped, page_of, table

__all__ = ["page"]

_INTRO = """`vitral` reads the installation's settings (see [settings](settings.md)) from the current folder and the
environment. Errors go to stderr, for people; with `--json`, results and errors are JSON. Exit codes: 0 done,
1 an error, 2 the command was called wrongly. A command with `--site` works inside that site and is recorded there
as done by the shell."""


def page(installation: Installation) -> str:
    """Return the page of all commands."""
    owners = {command.name: owner for owner, command in installation.registry.commands()}
    context = click.Context(vitral, info_name="vitral")
    blocks = [_INTRO]
    for name in vitral.list_commands(context):
        for path, found in _walk(name, _known(vitral, context, name), context):
            blocks += _described(path, found, owners.get(name, ""))
    return page_of("Commands", *blocks)


def _walk(path: str, command: click.Command, parent: click.Context) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path.split()[-1], parent=parent)
        for name in sorted(command.list_commands(context)):
            yield from _walk(f"{path} {name}", _known(command, context, name), context)


def _known(group: click.Group, context: click.Context, name: str) -> click.Command:
    command = group.get_command(context, name)
    if command is None:
        raise click.ClickException(f"{group.name} lists the command {name} and does not have it.")
    return command


def _described(path: str, command: click.Command, owner: str) -> list[str]:
    depth = "##" if " " not in path else "###"
    blocks = [f"{depth} `vitral {path}`"]
    if owner and " " not in path:
        blocks.append(f"Brought by the plugin `{owner}`.")
    blocks.append("\n\n".join(escaped(" ".join(part.split())) for part in (command.help or "").split("\n\n")))
    if isinstance(command, click.Group):
        return blocks
    context = click.Context(command, info_name=f"vitral {path}")
    pieces = " ".join(command.collect_usage_pieces(context))
    blocks.append(f"```text\nvitral {path} {pieces}\n```")
    records = [p.get_help_record(context) for p in command.params if isinstance(p, click.Option)]
    rows = [(f"`{cell(name)}`", escaped(text)) for name, text in filter(None, records)]
    if rows:
        blocks.append(table(("option", "meaning"), rows))
    return blocks
