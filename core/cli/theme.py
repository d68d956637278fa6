"""`vitral theme`: what sites can look like."""

import sys
from pathlib import Path

import click
import msgspec

from core.cli.output import emit, json_option, table
from core.cli.run import installation, run, site, site_option
from core.errors import Invalid
from core.hooks import use_plan
from core.runtime import load_registry
from core.settings import load_settings
from core.sites import switch_theme
from core.themes import (
    SharedCode,
    ThemeFinding,
    check_theme,
    find_themes,
    make_environment,
    page_helpers,
    theme_at,
)

__all__ = ["theme_command"]


@click.group("theme")
def theme_command() -> None:
    """List themes, look them through, and choose a site's."""


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


@theme_command.command("check")
@click.argument("place", metavar="NAME|PATH")
@json_option
def check(place: str, as_json: bool) -> None:
    """Look a theme through: names, escaping, contrast, size, words. Ends with 1 if something is wrong."""
    found = _found(place)
    emit(
        [msgspec.structs.asdict(finding) for finding in found],
        as_json,
        lambda: "\n".join(_lines(place, found)),
    )
    if found:
        sys.exit(1)


def _found(place: str) -> tuple[ThemeFinding, ...]:
    themes, broken = find_themes()
    try:
        if place in broken:
            raise Invalid({"theme.toml": broken[place]})
        line = theme_at(place, themes)
    except Invalid as error:
        return tuple(ThemeFinding("manifest", key, 0, text) for key, text in error.errors.items())
    registry = load_registry(load_settings().settings)
    everything = frozenset(registry.plugins)
    folders = [*registry.template_folders(everything), Path(__file__).parents[1] / "site" / "templates"]
    with use_plan(registry.plan(everything)):
        environment = make_environment(folders, code=SharedCode(), helpers=page_helpers(), reload=True)
        return check_theme(line, environment)


def _lines(place: str, found: tuple[ThemeFinding, ...]) -> list[str]:
    if not found:
        return [f"Nothing is wrong with {place}."]
    lines = [f"{f.file}{f':{f.line}' if f.line else ''}: {f.rule}: {f.text}" for f in found]
    return [*lines, f"{len(found)} found."]
