"""`vitral import`: content from elsewhere."""

from pathlib import Path

import click

from core.cli.output import emit, json_option
from core.cli.progress import progress_bar
from core.cli.run import run, site, site_option
from core.importing import ImportOptions, ImportReport, import_wxr

__all__ = ["import_command"]


@click.group("import")
def import_command() -> None:
    """Bring content in from elsewhere."""


@import_command.command("wxr")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@site_option
@click.option("--fetch-media", is_flag=True, help="Fetch attached files from the source site.")
@json_option
def wxr(file: Path, slug: str, fetch_media: bool, as_json: bool) -> None:
    """Import a WordPress export (WXR). Repeat it as often as you like: what is there is skipped."""

    async def work() -> None:
        async with site(slug) as runtime:
            options = ImportOptions(fetch_media=fetch_media, var=runtime.settings.var_folder)
            with progress_bar("Importing", hidden=as_json) as tell:
                report = await import_wxr(file, options, tell=tell)
        emit(report, as_json, lambda: _lines(report))

    run(work)


def _lines(report: ImportReport) -> str:
    created = ", ".join(f"{count} {kind}" for kind, count in report.created.items() if count) or "nothing new"
    lines = [f"Created: {created}."]
    if report.kept:
        kept = ", ".join(f"{count} {kind}" for kind, count in report.kept.items())
        lines.append(f"Kept for a plugin that takes them: {kept}.")
    if report.image_hosts:
        lines.append(f"Pages may show pictures of {', '.join(report.image_hosts)} from now on.")
    lines += [f"Skipped {skipped.what}: {skipped.why}" for skipped in report.skipped]
    return "\n".join(lines)
