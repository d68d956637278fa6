"""What runs until it is told to stop, and what sets a server up: the installed command, in processes of its own."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from core.db import Database
from tests.core.cli.world import Shell
from tests.kit import templates

VITRAL = str(Path(sys.executable).with_name("vitral"))
REPOSITORY = Path(__file__).parents[3]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(port: int, path: str, host: str = "localhost") -> tuple[int, str]:
    answer = httpx.get(f"http://127.0.0.1:{port}{path}", headers={"host": f"{host}:{port}"}, timeout=10)
    return answer.status_code, answer.text


@contextmanager
def _running(shell: Shell, *args: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command until the block ends; it must then end by itself, and well."""
    process = subprocess.Popen(
        [VITRAL, *args],
        cwd=shell.folder,
        env=shell.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        out, _err = process.communicate(timeout=20)
        assert process.returncode == 0, out
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _until(question: Callable[[], bool], *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while True:
        with suppress(OSError, httpx.TransportError):
            if question():
                return
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_the_demo_is_two_sites_that_differ_and_a_plugin_goes_while_they_are_read(bare: Shell) -> None:
    port = _free_port()
    bare.environ.update(VITRAL_SITES=str(REPOSITORY / "sites"), VITRAL_PORT=str(port))
    made = bare.json("demo")
    assert [site["site"] for site in made] == ["demo", "clinica"]
    assert made[0]["first_admin"].startswith(f"http://localhost:{port}/admin/first/")
    assert [site["site"] for site in bare.json("demo")] == ["demo", "clinica"]
    assert [site["plugins"] for site in bare.json("site", "list")] == [
        ["navigation", "search", "seo", "widgets"],
        ["comments", "navigation", "search", "seo", "widgets"],
    ]
    bare.json("plugin", "enable", "comments", "--site", "clinica")
    with _running(bare, "serve"):
        _until(lambda: _get(port, "/readyz")[0] == 200)
        demo, clinica = _get(port, "/"), _get(port, "/", "clinica.localhost")
        assert (demo[0], clinica[0]) == (200, 200)
        assert "Revista Bem Viver" in demo[1]
        assert "Clínica Aurora" in clinica[1]
        assert "<summary>Temas</summary>" in demo[1] and "Adultos, de rotina" in clinica[1]
        assert "Escreva para nós" in demo[1] and "tel:+551155550120" in clinica[1]
        assert _get(port, "/", "nobody.localhost")[0] == 404
        post, notice = "/caminhada-conta/", "/avisos/campanha-de-vacinacao/"
        assert "comment-form" in _get(port, post)[1]
        bare.json("plugin", "disable", "comments", "--site", "demo")
        time.sleep(1)  # what is promised: within a second, in every process
        assert "comment-form" not in _get(port, post)[1]
        assert _get(port, "/admin/comments")[0] == 404
        assert "comment-form" in _get(port, notice, "clinica.localhost")[1]
        bare.json("site", "suspend", "clinica")
        time.sleep(1)
        assert _get(port, "/", "clinica.localhost")[0] == 503


def test_a_worker_says_for_programs_what_it_ran(shell: Shell) -> None:
    assert shell.json("worker", "--once")["ran"] > 0
    assert shell.json("worker", "--once") == {"ran": 0}
    shell("worker", "--once", "--slots", "0", code=2)


def test_a_worker_runs_jobs_until_it_is_stopped(shell: Shell) -> None:
    shell.json(
        "user", "create", "ana@example.org", "--site", "alfa", "--role", "editor"
    )  # and mails her a link
    outbox = shell.folder / "var" / "mail"
    with _running(shell, "worker"):
        _until(lambda: outbox.is_dir() and any(outbox.iterdir()))


def test_a_server_is_set_up_in_one_command_that_may_be_repeated(
    engine: str, bare: Shell, database: Database
) -> None:
    if engine == "sqlite":
        pytest.skip("a file needs no roles")
    name = f"set_up_{os.getpid()}_{uuid4().hex[:8]}"
    admin = templates.superuser_url("postgres")
    try:
        made = bare.json("db", "init", "--admin-url", admin, "--name", name)
        assert (made["database"], made["created"], made["indexed_search"]) == (name, True, True)
        assert set(made["passwords"]) == {"vitral_owner", "vitral_app", "vitral_keeper", "vitral_backup"}
        _as_superuser(f"CREATE ROLE {name}_above; GRANT {name}_above TO vitral_keeper")
        again = bare.json("db", "init", "--admin-url", admin, "--name", name, "--no-passwords")
        assert not _as_superuser(f"SELECT 1 FROM pg_auth_members WHERE roleid = '{name}_above'::regrole")
        assert (again["created"], again["roles"], again["passwords"]) == (False, [], {})
        bare.environ.update(
            VITRAL_DATABASE_URL=templates._url("vitral_app", name),
            VITRAL_OWNER_DATABASE_URL=templates._url("vitral_owner", name),
        )
        assert bare.json("migrate")["applied"]
        states = {finding["check"]: finding["state"] for finding in bare.json("doctor")}
        assert states["walls"] == states["search"] == "ok"
        assert bare.problem("db", "init", "--admin-url", admin, "--name", "Not a name")["message"]
    finally:
        _as_superuser(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        _as_superuser(f"DROP ROLE IF EXISTS {name}_above")


def _as_superuser(sql: str) -> list[Any]:
    async def ask() -> list[Any]:
        connection = await asyncpg.connect(templates.superuser_url("postgres"))
        try:
            if not sql.startswith("SELECT"):
                await connection.execute(sql)
                return []
            return list(await connection.fetch(sql))
        finally:
            await connection.close()

    return asyncio.run(ask())
