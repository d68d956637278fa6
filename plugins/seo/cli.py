"""`vitral seo redirects ...`: redirects of a site as files, and whether they are well."""

from pathlib import Path

import click
import msgspec

from core.cli import emit, in_site, json_option, run_work, site_option
from plugins.seo.redirect_files import check_redirects, export_csv, import_csv

__all__ = ["seo"]


@click.group()
def seo() -> None:
    """Redirects of a site: import, export, check."""


@seo.group()
def redirects() -> None:
    """Addresses that lead elsewhere."""


@redirects.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@site_option
@json_option
def import_(file: Path, slug: str, as_json: bool) -> None:
    """Take redirects from a CSV file: source, target, status (301 unless given)."""

    async def work() -> None:
        async with in_site(slug):
            report = await import_csv(file.read_bytes())
        lines = [f"{report.added} added, {report.changed} changed, {report.same} as they were."]
        lines += [f"line {each.line or '-'}: {each.source} {each.message}" for each in report.troubles]
        emit(msgspec.to_builtins(report), as_json, "\n".join(lines))

    run_work(work)


@redirects.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@site_option
@json_option
def export(file: Path, slug: str, as_json: bool) -> None:
    """Write all redirects to a CSV file; "-" prints them."""

    async def work() -> None:
        async with in_site(slug):
            text = await export_csv()
        if str(file) == "-":
            emit({"csv": text}, as_json, text.rstrip("\n"))
        else:
            file.write_text(text, "utf-8")
            emit({"file": str(file)}, as_json, f"Written to {file}.")

    run_work(work)


@redirects.command("check")
@site_option
@json_option
def check(slug: str, as_json: bool) -> None:
    """Find redirects in circles or chains, to nothing, or from a page that exists. Exits with 1 if there are some."""
    found = []

    async def work() -> None:
        async with in_site(slug):
            found.extend(await check_redirects())
        text = "\n".join(f"{each.source}: {each.message}" for each in found) or "All redirects are well."
        emit({"troubles": msgspec.to_builtins(found)}, as_json, text)

    run_work(work)
    if found:
        raise SystemExit(1)
