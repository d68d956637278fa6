"""Writes the reference pages that are made from the code, or with --check tells which are stale."""

import sys
from pathlib import Path

import click
from generators import capabilities, cli, hooks, routes, settings, tables, templates
from generators.installation import installation

PAGES = {
    "hooks.md": hooks.page,
    "settings.md": settings.page,
    "capabilities.md": capabilities.page,
    "cli.md": cli.page,
    "tables.md": tables.page,
    "template-context.md": templates.page,
    "routes.md": routes.page,
}


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is stale.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(__file__).parent / "reference",
    help="Where the pages lie.",
)
def generate(check: bool, folder: Path) -> None:
    """Write the generated reference pages."""
    with installation() as made:
        pages = {name: page(made) for name, page in PAGES.items()}
    stale = []
    for name, text in pages.items():
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, "utf-8")
    if check and stale:
        click.echo(f"Not what the code says any more: {', '.join(stale)}. Run `make reference`.", err=True)
        sys.exit(1)
    click.echo(f"{len(pages)} pages, {len(stale)} {'stale' if check else 'written'}.")


if __name__ == "__main__":
    generate()
