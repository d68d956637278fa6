"""`vitral plugin`: what is installed, and what is on where."""

from pathlib import Path

import click

from core.cli.output import emit, json_option, table
from core.cli.run import installation, run, site, site_option, site_or_all_option
from core.context import current_tenant
from core.sites import (
    disable_for_all,
    disable_plugin,
    enable_for_all,
    enable_plugin,
    find_site,
    list_sites,
    uninstall_plugin,
)

__all__ = ["plugin_command"]


@click.group("plugin")
def plugin_command() -> None:
    """List, enable, disable and uninstall plugins."""


@plugin_command.command("list")
@click.option("--site", "slug", metavar="SLUG", help="Tell which are on for this site.")
@json_option
def list_command(slug: str | None, as_json: bool) -> None:
    """List the installed plugins, and on which sites each is enabled."""

    async def work() -> None:
        async with installation() as runtime:
            sites = list_sites() if slug is None else (find_site(slug),)
            found = [
                {
                    "name": plugin.name,
                    "version": plugin.manifest.version,
                    "title": plugin.manifest.title,
                    "level": plugin.manifest.level,
                    "enabled_on": [
                        t.slug for t in sites if plugin.name in runtime.registry.active(t.enabled)
                    ],
                }
                for plugin in runtime.registry.plugins.values()
            ]
            broken = [{"name": r.name, "error": r.error} for r in runtime.registry.report.failures]
            emit(
                {"plugins": found, "failed": broken},
                as_json,
                lambda: (
                    table(
                        ("name", "version", "level", "enabled on", "title"),
                        [
                            (
                                p["name"],
                                p["version"],
                                p["level"],
                                ",".join(p["enabled_on"]) or "-",
                                p["title"],
                            )
                            for p in found
                        ],
                    )
                    + "".join(f"\nfailed: {r['name']}: {r['error']}" for r in broken)
                ),
            )

    run(work)


@plugin_command.command("show")
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show what a plugin declares: tables, routes, hooks, rights, hosts, personal data."""

    async def work() -> None:
        async with installation() as runtime:
            runtime.registry.known(name)
            declared = runtime.registry.declared(name)
            emit(declared, as_json, lambda: _declared_lines(declared))

    run(work)


def _declared_lines(declared: object) -> str:
    import msgspec

    lines = []
    for key, value in msgspec.to_builtins(declared).items():
        if isinstance(value, list):
            lines.append(f"{key}:" + ("".join(f"\n  {item}" for item in value) or " none"))
        else:
            lines.append(f"{key}: {value}")
    return "\n".join(lines)


@plugin_command.command("enable")
@click.argument("name")
@site_or_all_option
@json_option
def enable(name: str, slug: str | None, as_json: bool) -> None:
    """Enable a plugin on a site, with what it requires; one of level installation on all of them."""

    async def work() -> None:
        if slug is None:
            async with installation():
                changed = await enable_for_all(name)
        else:
            async with site(slug):
                changed = await enable_plugin(name)
        emit(
            {"enabled": list(changed)},
            as_json,
            f"Enabled: {', '.join(changed)}." if changed else "It was on already.",
        )

    run(work)


@plugin_command.command("disable")
@click.argument("name")
@site_or_all_option
@click.option("--with-dependents", is_flag=True, help="Disable what requires it, too.")
@json_option
def disable(name: str, slug: str | None, with_dependents: bool, as_json: bool) -> None:
    """Disable a plugin on a site; one of level installation on all of them. Its data stays."""

    async def work() -> None:
        changed: tuple[str, ...] = ()
        if slug is None:
            async with installation():
                changed = await disable_for_all(name)
        else:
            async with site(slug) as runtime:
                plugin = runtime.registry.plugins.get(name)  # one that is not loaded can be switched off, too
                if (
                    plugin is None
                    or plugin.manifest.level == "installation"
                    or name in current_tenant().enabled
                ):
                    changed = await disable_plugin(name, with_dependents=with_dependents)
        emit(
            {"disabled": list(changed)},
            as_json,
            f"Disabled: {', '.join(changed)}." if changed else "It was off already.",
        )

    run(work)


@plugin_command.command("uninstall")
@click.argument("name")
@site_option
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write (.zip); one below var/exports unless given.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def uninstall(name: str, slug: str, target: Path | None, yes: bool, as_json: bool) -> None:
    """Export what a plugin keeps of a site into an archive, then erase it. The package stays installed."""
    if not yes:
        told = f"Everything that {name!r} keeps of {slug!r} is exported and then erased. Go on?"
        click.confirm(told, abort=True, err=as_json)

    async def work() -> None:
        async with site(slug) as runtime:
            report = await uninstall_plugin(name, runtime.settings.exports_folder, target=target)
        emit(
            report,
            as_json,
            lambda: (
                f"Wrote {report.path} and erased: "
                + (
                    ", ".join(f"{count} of {kind}" for kind, count in sorted(report.rows.items()))
                    or "nothing was kept"
                )
                + "."
            ),
        )

    run(work)
