"""`vitral hooks`: the contract, and who fills it."""

import click

from core.cli.output import emit, json_option, table
from core.hooks import HookDescription, HookRegistry, describe, describe_hook
from core.runtime import load_registry
from core.settings import load_settings

__all__ = ["hooks_command"]


@click.group("hooks")
def hooks_command() -> None:
    """What plugins can hook into, and who does."""


def _registry() -> HookRegistry:
    return load_registry(load_settings().settings).hooks


@hooks_command.command("list")
@click.option("--verb", type=click.Choice(["action", "filter", "collection"]), help="Only this kind.")
@json_option
def list_command(verb: str | None, as_json: bool) -> None:
    """List the hooks. Opens no database."""
    found = [hook for hook in describe(_registry()) if verb in (None, hook.verb)]
    emit(
        found,
        as_json,
        lambda: table(
            ("hook", "verb", "published by", "implemented by"),
            [
                (
                    h.name,
                    h.verb,
                    h.module,
                    ", ".join(dict.fromkeys(i.plugin for i in h.implementations)) or "-",
                )
                for h in found
            ],
        ),
    )


@hooks_command.command("show")
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show a hook: signature, meaning, implementations in the order they run."""
    hook: HookDescription = describe_hook(_registry(), name)
    rows = [(i.plugin, i.priority, i.location) for i in hook.implementations]
    emit(
        hook,
        as_json,
        lambda: f"{hook.signature}\n\n{hook.doc}\n\n" + table(("plugin", "priority", "where"), rows),
    )
