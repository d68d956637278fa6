"""`vitral theme`: what sites can look like."""

import click

from core.cli.output import emit, json_option, table
from core.cli.run import installation, run, site, site_option
from core.sites import switch_theme

__all__ = ["theme_command"]


@click.group("theme")
def theme_command() -> None:
    """List themes and choose a site's."""


@theme_command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the installed themes."""

    async def work() -> None:
        async with installation() as runtime:
            themes = runtime.themes
            found = [
                {"name": t.name, "title": t.title, "version": t.version, "parent": t.parent}
                for t in themes.all()
            ]
            for name, fault in themes.broken.items():
                click.echo(f"The theme {name!r} is left out: {fault}", err=True)
            emit(
                found,
                as_json,
                lambda: table(("name", "title", "version", "parent"), [tuple(row.values()) for row in found]),
            )

    run(work)


@theme_command.command("activate")
@click.argument("name")
@site_option
@json_option
def activate(name: str, slug: str, as_json: bool) -> None:
    """Give a site another theme."""

    async def work() -> None:
        async with site(slug):
            await switch_theme(name)
        emit({"site": slug, "theme": name}, as_json, f"{slug} wears {name} now.")

    run(work)
