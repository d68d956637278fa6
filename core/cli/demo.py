"""`vitral demo`: the two demonstration sites, made from `sites/<slug>/`."""

import os
import sys
from pathlib import Path

import click

from core.accounts import first_admin_link
from core.cli.output import emit, json_option
from core.cli.run import CLI, installation, run
from core.cli.serve import migrate_first
from core.content import find_post
from core.db import tenant_read
from core.errors import NotFound
from core.importing import ImportOptions, import_wxr
from core.runtime import Runtime
from core.settings import load_settings
from core.sites import create_site, find_site, read_site_file, save_settings
from core.tenancy import current_tenants, enter

__all__ = ["demo_command"]

_SITES = ("demo", "clinica")
_FRONT_PAGES = {"clinica": "inicio"}


@click.command("demo")
@click.option("--serve", is_flag=True, help="Serve them afterwards.")
@json_option
def demo_command(serve: bool, as_json: bool) -> None:
    """Make the two demo sites if they are not there, and print how to get in."""
    if as_json and serve:
        raise click.UsageError("--json and --serve do not go together.")
    migrate_first(load_settings().settings)
    addresses = run(_make)
    emit(addresses, as_json, lambda: "\n".join(_lines(addresses)))
    if serve:
        sys.stdout.flush()
        # a process that has made sites holds memory that every worker of the server would inherit
        os.execv(sys.argv[0], [sys.argv[0], "serve"])  # noqa: S606  # the command that is running


def _lines(addresses: list[dict[str, str]]) -> list[str]:
    lines = []
    for address in addresses:
        lines.append(f"{address['title']:20} {address['url']}")
        lines.append(f"{'':20} admin: {address['url']}admin")
        if address["first_admin"]:
            lines.append(f"{'':20} first administrator, once: {address['first_admin']}")
    return lines


async def _make() -> list[dict[str, str]]:
    async with installation() as runtime:
        made = []
        for slug in _SITES:
            folder = runtime.settings.sites_folder / slug
            if current_tenants().by_slug(slug) is None:
                await _create(runtime, slug, folder)
            tenant = find_site(slug)
            port = os.environ.get("VITRAL_PORT", str(runtime.settings.port))
            made.append(
                {
                    "site": slug,
                    "title": tenant.title,
                    "url": f"http://{tenant.hosts[0]}:{port}/",
                    "first_admin": await first_admin_link(tenant) or "",
                }
            )
        return made


async def _create(runtime: Runtime, slug: str, folder: Path) -> None:
    first = read_site_file(folder / "site.toml")
    await create_site(
        slug,
        title=first.title or slug,
        hosts=first.hosts,
        theme=first.theme,
        plugins=first.plugins,
        settings=first.settings,
        first=first.first,
    )
    with enter(find_site(slug), CLI):
        async with tenant_read():
            content = folder / "content.wxr.xml"
            if content.is_file():
                await import_wxr(content, ImportOptions(var=runtime.settings.var_folder))
            if page := _FRONT_PAGES.get(slug):
                front = await find_post("page", page)
                if front is None:
                    raise NotFound(f"The demo content has no page {page!r}.")
                await save_settings("site", {"front_page": "page", "page_on_front": str(front.id)})
