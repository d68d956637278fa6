"""`vitral doctor`: is the installation as it must be?"""

import pyexpat
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

import click
import msgspec

from core.cli.output import emit, json_option, table
from core.cli.run import installation, run
from core.crypto import inventory, new_root_key
from core.db import check_catalogue, check_tables, pending, platform_execute
from core.errors import VitralError
from core.hooks import CORE
from core.runtime import Runtime

__all__ = ["doctor_command"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    check: str
    state: Literal["ok", "warning", "problem"]
    detail: str


Check = Callable[[Runtime], Awaitable[Finding]]


async def _migrations(runtime: Runtime) -> Finding:
    waiting = await pending(runtime.database, runtime.migration_sources())
    if waiting:
        return Finding("migrations", "problem", f"{len(waiting)} to apply: run `vitral migrate`")
    return Finding("migrations", "ok", "up to date")


async def _schema(runtime: Runtime) -> Finding:
    problems = await check_tables(runtime.database, {CORE, *runtime.registry.plugins})
    return Finding(
        "tables", "problem" if problems else "ok", "; ".join(problems) or "as the code expects them"
    )


async def _walls(runtime: Runtime) -> Finding:
    if runtime.database.kind == "sqlite":
        return Finding("walls", "warning", "SQLite has one wall, the predicate; production needs PostgreSQL")
    problems = await check_catalogue(runtime.database)
    return Finding(
        "walls",
        "problem" if problems else "ok",
        "; ".join(problems) or "row-level security stands on every table",
    )


async def _search(runtime: Runtime) -> Finding:
    if runtime.database.kind == "postgres":
        rows = await platform_execute(
            "SELECT proleakproof AS able FROM pg_proc WHERE oid = 'ts_match_vq(tsvector, tsquery)'::regprocedure"
        )
        if not rows[0]["able"]:
            return Finding(
                "search",
                "warning",
                "reads every post of a site: run `vitral db init` as a superuser (again after a restore)",
            )
    return Finding("search", "ok", "uses its index")


async def _plugins(runtime: Runtime) -> Finding:
    failed = runtime.registry.report.failures
    if failed:
        return Finding("plugins", "problem", "; ".join(f"{f.name}: {f.error}" for f in failed))
    return Finding("plugins", "ok", f"{len(runtime.registry.plugins)} loaded")


async def _keys(runtime: Runtime) -> Finding:
    return Finding("keys", "ok", f"{len(inventory(runtime.keyring))} purposes derived from the root key")


async def _queue(runtime: Runtime) -> Finding:
    rows = await platform_execute("SELECT status, count(*) AS n FROM jobs GROUP BY status ORDER BY status")
    counts = {row["status"]: row["n"] for row in rows}
    text = ", ".join(f"{n} {status}" for status, n in counts.items()) or "empty"
    return Finding("jobs", "warning" if counts.get("failed") else "ok", text)


async def _mail(runtime: Runtime) -> Finding:
    if runtime.settings.smtp_url:
        return Finding("mail", "ok", "sent by SMTP")
    state: Literal["problem", "warning"] = "problem" if runtime.settings.production else "warning"
    return Finding("mail", state, "no smtp_url: messages are written into var/mail")


async def _libraries(_runtime: Runtime) -> Finding:
    return Finding("libraries", "ok", f"SQLite {sqlite3.sqlite_version}, {pyexpat.EXPAT_VERSION}")


_CHECKS: tuple[Check, ...] = (_schema, _walls, _search, _plugins, _keys, _queue, _mail, _libraries)


@click.command("doctor")
@click.option("--new-key", type=click.Path(path_type=Path), help="Make a root key file there and stop.")
@json_option
def doctor_command(new_key: Path | None, as_json: bool) -> None:
    """Check the installation; exit 1 if something must not be served."""
    if new_key is not None:
        new_root_key(new_key)
        emit(
            {"key": str(new_key)},
            as_json,
            f"Wrote {new_key}. Keep a copy where no backup of the database is.",
        )
        return

    async def work() -> list[Finding]:
        async with installation(checked=False) as runtime:
            first = await _migrations(runtime)
            if first.state == "problem":  # the others ask tables that may not be there yet
                return [first]
            return [first, *[await check(runtime) for check in _CHECKS]]

    found = run(work)
    emit(
        found,
        as_json,
        lambda: table(("check", "state", "detail"), [(f.check, f.state, f.detail) for f in found]),
    )
    bad = [finding.check for finding in found if finding.state == "problem"]
    if bad:
        raise VitralError(f"Not fit to serve: {', '.join(bad)}.")
