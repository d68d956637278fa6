"""How long commands and the server take to start, and what the server holds in memory."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

VITRAL = str(Path(sys.executable).with_name("vitral"))


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _resident(pid: int) -> float:
    """Return the resident memory of the largest process of a group, in MB."""
    sizes = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            text = status.read_text()
            number = int(status.parent.name)
            if os.getpgid(number) == pid and "VmRSS" in text:
                sizes.append(int(text.split("VmRSS:")[1].split()[0]) / 1024)
    return max(sizes, default=0.0)


@contextmanager
def serving(
    command: Sequence[str], environment: Mapping[str, str], until: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a process group of its own, from its first answer at `until` to the end of the block."""
    server = subprocess.Popen(
        command,
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + 30
    try:
        while True:
            with suppress(OSError):
                urllib.request.urlopen(until, timeout=1).read()  # noqa: S310  # an address of our own
                break
            time.sleep(0.02)
            if time.monotonic() > end:
                raise RuntimeError("the server did not become ready")
        yield server
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def measure() -> dict[str, float]:
    """Return seconds for `vitral --help` and until the server is ready, and MB of the worker under load."""
    begin = time.perf_counter()
    subprocess.run([VITRAL, "--help"], check=True, stdout=subprocess.DEVNULL)
    help_seconds = time.perf_counter() - begin
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "VITRAL_VAR": folder,
            "VITRAL_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "VITRAL_PORT": str(port),
        }
        subprocess.run([VITRAL, "demo"], check=True, env=environment, stdout=subprocess.DEVNULL)
        begin = time.perf_counter()
        with serving([VITRAL, "serve"], environment, f"http://127.0.0.1:{port}/readyz") as server:
            ready = time.perf_counter() - begin
            for _ in range(2000):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
            memory = _resident(server.pid)
    return {
        "vitral --help, s": help_seconds,
        "server ready, s": ready,
        "worker after 2,000 pages, MB": memory,
    }
