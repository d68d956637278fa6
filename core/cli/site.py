"""`vitral site`: the sites of the installation."""

from pathlib import Path

import click

from core.cli.output import emit, json_option, table
from core.cli.progress import progress_bar
from core.cli.run import installation, run, site, site_option
from core.context import Tenant
from core.sites import (
    create_site,
    delete_site,
    export_site,
    find_site,
    import_site,
    list_sites,
    resume_site,
    save_settings,
    set_media_quota,
    set_site,
    suspend_site,
)

__all__ = ["site_command"]


def _described(tenant: Tenant) -> dict[str, object]:
    return {
        "slug": tenant.slug,
        "title": tenant.title,
        "status": tenant.status,
        "hosts": list(tenant.hosts),
        "theme": tenant.theme,
        "plugins": sorted(tenant.enabled),
        "id": str(tenant.id),
    }


def _lines(tenant: Tenant) -> str:
    return "\n".join(
        f"{name:8} {', '.join(value) if isinstance(value, list) else value}"
        for name, value in _described(tenant).items()
    )


@click.group("site")
def site_command() -> None:
    """Create, change, suspend, export and delete sites."""


@site_command.command("create")
@click.argument("slug")
@click.option("--title", help="What people read; the slug unless given.")
@click.option("--host", "hosts", multiple=True, help="Host name; the first is the main one.")
@click.option("--theme", default=None, help="Name of an installed theme.")
@click.option("--plugin", "plugins", multiple=True, help="Plugin to enable.")
@json_option
def create(
    slug: str,
    title: str | None,
    hosts: tuple[str, ...],
    theme: str | None,
    plugins: tuple[str, ...],
    as_json: bool,
) -> None:
    """Create a site. `sites/SLUG/site.toml`, if it is there, gives what the options do not."""

    async def work() -> None:
        async with installation() as runtime:
            from core.sites import read_site_file

            first = read_site_file(runtime.settings.sites_folder / slug / "site.toml")
            tenant = await create_site(
                slug,
                title=title or first.title or slug,
                hosts=hosts or first.hosts,
                theme=theme or first.theme,
                plugins=plugins or first.plugins,
                settings=first.settings,
                first=first.first,
            )
            emit(_described(tenant), as_json, lambda: f"Created.\n{_lines(tenant)}")

    run(work)


@site_command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the sites."""

    async def work() -> None:
        async with installation():
            found = [_described(tenant) for tenant in list_sites()]
        emit(
            found,
            as_json,
            lambda: table(
                ("slug", "status", "hosts", "theme", "title"),
                [(s["slug"], s["status"], ",".join(s["hosts"]), s["theme"], s["title"]) for s in found],  # type: ignore[arg-type]  # a list of str
            ),
        )

    run(work)


@site_command.command("show")
@click.argument("slug")
@json_option
def show(slug: str, as_json: bool) -> None:
    """Show a site and its settings."""

    async def work() -> None:
        async with installation():
            tenant = find_site(slug)
            emit(
                {**_described(tenant), "settings": dict(tenant.settings)},
                as_json,
                lambda: (
                    _lines(tenant)
                    + "".join(f"\n[{owner}] {values}" for owner, values in tenant.settings.items())
                ),
            )

    run(work)


@site_command.command("set")
@click.argument("slug")
@click.option("--title", help="New title.")
@click.option("--host", "hosts", multiple=True, help="Host names, replacing all; the first is the main one.")
@click.option(
    "--setting",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting: posts_per_page=20, comments.close_after_days=30.",
)
@json_option
def set_command(
    slug: str, title: str | None, hosts: tuple[str, ...], pairs: tuple[str, ...], as_json: bool
) -> None:
    """Change a site's title, host names or settings."""
    values: dict[str, dict[str, object]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"{pair!r} is not NAME=VALUE.")
        owner, dot, key = name.partition(".")
        values.setdefault(owner if dot else "site", {})[key if dot else name] = value

    async def work() -> None:
        if title is not None or hosts:
            async with installation():
                await set_site(slug, title=title, hosts=hosts or None)
        if values or title is not None:
            async with site(slug):
                if title is not None:
                    values.setdefault("site", {})["title"] = title
                for owner, given in values.items():
                    await save_settings(owner, given)
        async with installation():
            tenant = find_site(slug)
            emit(_described(tenant), as_json, lambda: _lines(tenant))

    run(work)


@site_command.command("quota")
@click.argument("slug")
@click.argument("megabytes")
@json_option
def quota(slug: str, megabytes: str, as_json: bool) -> None:
    """Say how many MB a site's files may take: a number, 0 for no limit, or `default` for the installation's."""
    if megabytes != "default" and not (megabytes.isascii() and megabytes.isdigit() and len(megabytes) < 13):
        raise click.UsageError(f"{megabytes!r} is no number of megabytes.")
    size = None if megabytes == "default" else int(megabytes) * 1_000_000

    async def work() -> None:
        async with installation():
            tenant = await set_media_quota(slug, size)
            said = "what the installation says" if size is None else f"{megabytes} MB" if size else "no limit"
            emit(_described(tenant), as_json, f"Files of {slug}: {said}.")

    run(work)


@site_command.command("suspend")
@click.argument("slug")
@json_option
def suspend(slug: str, as_json: bool) -> None:
    """Answer 503 on every address of the site."""

    async def work() -> None:
        async with installation():
            tenant = await suspend_site(slug)
            emit(_described(tenant), as_json, f"{slug} is suspended.")

    run(work)


@site_command.command("resume")
@click.argument("slug")
@json_option
def resume(slug: str, as_json: bool) -> None:
    """Serve a suspended site again."""

    async def work() -> None:
        async with installation():
            tenant = await resume_site(slug)
            emit(_described(tenant), as_json, f"{slug} is served again.")

    run(work)


@site_command.command("delete")
@click.argument("slug")
@click.option("--confirm", help="The slug once more; asked for if it is not given.")
@json_option
def delete(slug: str, confirm: str | None, as_json: bool) -> None:
    """Delete a site with everything in it."""
    answer = (
        confirm
        if confirm is not None
        else click.prompt(f"Everything of {slug!r} will be gone. Type its name to confirm")
    )

    async def work() -> None:
        async with installation():
            await delete_site(slug, confirm=answer)
            emit({"deleted": slug}, as_json, f"{slug} is gone.")

    run(work)


@site_command.command("export")
@site_option
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write (.zip).",
)
@json_option
def export(slug: str, target: Path, as_json: bool) -> None:
    """Write everything of a site into one archive: rows as JSON lines, files, settings."""

    async def work() -> None:
        async with site(slug) as runtime:
            report = await export_site(target, media=runtime.settings.var_folder / "media")
            emit(report, as_json, f"Wrote {target}: {sum(report.rows.values())} rows, {report.files} files.")

    run(work)


@site_command.command("import")
@click.argument("archive", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--slug", default="", help="Another short name than the archive's.")
@click.option("--host", "hosts", multiple=True, help="Other host names than the archive's.")
@json_option
def import_command(archive: Path, slug: str, hosts: tuple[str, ...], as_json: bool) -> None:
    """Make a site from an archive that `vitral site export` wrote."""

    async def work() -> None:
        async with installation() as runtime:
            with progress_bar("Importing", hidden=as_json) as tell:
                media = runtime.settings.var_folder / "media"
                tenant = await import_site(archive, media=media, slug=slug, hosts=hosts, tell=tell)
            emit(_described(tenant), as_json, lambda: f"Imported.\n{_lines(tenant)}")

    run(work)
