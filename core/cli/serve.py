"""`vitral serve` and `vitral worker`."""

import asyncio
import os
import signal
import sys

import click

from core.cli.output import emit, json_option
from core.cli.run import CLI, installation, run
from core.context import acting
from core.settings import Settings, load_settings

__all__ = ["migrate_first", "serve_command", "worker_command"]


@click.command("serve")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@click.option("--workers", type=int, help="Server processes.")
@click.option("--safe", is_flag=True, default=None, help="Load first-party plugins only.")
@click.option("--worker/--no-worker", default=None, help="Run the job worker in the server.")
@json_option
def serve_command(
    host: str | None,
    port: int | None,
    workers: int | None,
    safe: bool | None,
    worker: bool | None,
    as_json: bool,
) -> None:
    """Serve the sites (and run jobs, unless --no-worker).

    In development the database is brought up to date first; in production that is `vitral migrate`.
    """
    options = {"host": host, "port": port, "workers": workers, "safe": safe, "worker": worker}
    settings = load_settings(options).settings
    for name, value in options.items():  # the server's processes read their settings again
        if value is not None:
            os.environ[f"VITRAL_{name.upper()}"] = (
                str(value).lower() if isinstance(value, bool) else str(value)
            )
    if not settings.production:
        migrate_first(settings)
    run(_check)
    from core.server import serve

    url = f"http://{settings.host}:{settings.port}/"
    emit({"url": url}, as_json, f"Serving on {url} - stop with Ctrl+C.")
    sys.stdout.flush()
    serve(settings)


def migrate_first(settings: Settings) -> None:
    """Apply pending migrations, as the role that may."""
    from core.db import migrate
    from core.runtime import build_runtime, open_database

    async def work() -> None:
        database = open_database(settings, as_owner=True)
        runtime = build_runtime(settings, database=database)
        with runtime.active(), acting(None, CLI):
            try:
                await migrate(database, runtime.migration_sources())
            finally:
                await database.stop()

    run(work)


async def _check() -> None:
    async with installation() as runtime:
        for report in runtime.registry.report.failures:
            click.echo(f"Plugin {report.name!r} failed and is left out: {report.error}", err=True)


@click.command("worker")
@click.option("--slots", type=click.IntRange(min=1), default=4, show_default=True, help="Jobs at once.")
@click.option("--once", is_flag=True, help="Run what is due, then stop.")
@json_option
def worker_command(slots: int, once: bool, as_json: bool) -> None:
    """Run jobs only. Start as many as you like, on as many machines."""
    from core.jobs import Worker

    async def work() -> None:
        async with installation() as runtime:
            worker = Worker(slots=slots)
            await worker.schedule()
            if once:
                count = 0
                while await worker.run_one():
                    count += 1
                emit({"ran": count}, as_json, f"Ran {count} job(s).")
                return
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, worker.stop)
            poll = asyncio.ensure_future(runtime.tenants.poll())
            emit({"worker": worker.name}, as_json, f"Worker {worker.name} runs; stop with Ctrl+C.")
            sys.stdout.flush()
            try:
                await worker.run()
            finally:
                poll.cancel()

    run(work)
