"""`vitral search`: the index of a site."""

import click

from core.cli import emit, in_site, json_option, run_work, site_option
from core.db import tenant_work
from plugins.search.index import begin, is_whole
from plugins.search.tables import Document

__all__ = ["search"]


@click.group()
def search() -> None:
    """Look after the search index of a site."""


@search.command()
@site_option
@json_option
def status(slug: str, as_json: bool) -> None:
    """Say how many posts can be found, and whether that is all of them."""

    async def work() -> None:
        async with in_site(slug):
            documents, whole = await Document.count(), await is_whole()
        said = "all there are." if whole else "the index is being made."
        emit({"documents": documents, "whole": whole}, as_json, f"{documents} posts can be found: {said}")

    run_work(work)


@search.command()
@site_option
@json_option
def index(slug: str, as_json: bool) -> None:
    """Have the index made anew by a worker; until then the site finds by itself, the newest first."""

    async def work() -> None:
        async with in_site(slug), tenant_work():
            await begin()
        emit({"begun": True}, as_json, "A worker makes the index anew.")

    run_work(work)
