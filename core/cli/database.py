"""`vitral migrate` and `vitral db`."""

import secrets

import click

from core.cli.output import emit, json_option
from core.cli.run import CLI, run
from core.context import acting
from core.db import initialise_server, migrate, pending
from core.errors import VitralError
from core.hooks import use_plan
from core.runtime import build_runtime, open_database
from core.settings import load_settings

__all__ = ["db_command", "migrate_command"]


@click.command("migrate")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if the database is behind.")
@json_option
def migrate_command(check: bool, as_json: bool) -> None:
    """Bring the database to this version. On PostgreSQL this runs as vitral_owner."""

    async def work() -> None:
        settings = load_settings().settings
        database = open_database(settings, as_owner=True)
        runtime = build_runtime(settings, database=database)
        with runtime.active(), acting(None, CLI), use_plan(runtime.registry.platform_plan()):
            await database.start()
            try:
                if check:
                    waiting = await pending(database, runtime.migration_sources())
                    names = [f"{file.owner}/{file.name}" for file in waiting]
                    if names:
                        raise VitralError(
                            f"{len(names)} migration(s) to apply: {', '.join(names)}.",
                            hint="Run `vitral migrate`.",
                        )
                    emit({"pending": []}, as_json, "The database is up to date.")
                    return
                done = await migrate(
                    database,
                    runtime.migration_sources(),
                    report=None if as_json else lambda file: click.echo(f"applied {file.owner}/{file.name}"),
                )
                names = [f"{file.owner}/{file.name}" for file in done]
                emit({"applied": names}, as_json, "Done." if names else "Nothing to do.")
            finally:
                await database.stop()

    run(work)


@click.group("db")
def db_command() -> None:
    """Set a PostgreSQL server up."""


@db_command.command("init")
@click.option(
    "--admin-url", required=True, help="The server as a superuser: postgresql://postgres:...@host/postgres"
)
@click.option("--name", default="vitral", show_default=True, help="Name of the database.")
@click.option(
    "--passwords/--no-passwords", default=True, help="Make new passwords for the roles and print them once."
)
@json_option
def init(admin_url: str, name: str, passwords: bool, as_json: bool) -> None:
    """Create the four roles and the database. Safe to repeat: it brings rights back to what they must be."""
    from core.db.roles import ROLES

    made = {role: secrets.token_urlsafe(24) for role in ROLES} if passwords else {}
    report = run(lambda: initialise_server(admin_url, name, made))
    lines = [f"Database {name}: {'created' if report.created_database else 'was there'}."]
    lines += [f"{role:14} {text}" for role, text in ROLES.items()]
    lines += (
        ["", "Passwords, shown this once:", *(f"{role:14} {made[role]}" for role in made)] if made else []
    )
    if not report.indexed_search:
        lines.append("Search is slow on large sites until a superuser has run this command.")
    emit(
        {
            "database": name,
            "created": report.created_database,
            "roles": list(report.created_roles),
            "passwords": made,
            "indexed_search": report.indexed_search,
        },
        as_json,
        "\n".join(lines),
    )
