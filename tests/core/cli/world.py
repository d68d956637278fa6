"""The command line as its users meet it: a process of its own, in a folder of its own.

The processes are forked from one that has imported everything, since importing is most of what a
command takes. `test_usage.py` runs the installed `vitral` too.
"""

import json
import multiprocessing
import os
import sys
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory
from typing import Any

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["core.app", "core.cli.main", "core.cli.run"])


def _run(folder: Path, environ: dict[str, str], args: tuple[str, ...], out: Path, err: Path) -> None:
    """Become `vitral ARGS`: folder, settings, streams and exit code."""
    from core.cli import main

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    for stream, path in ((0, os.devnull), (1, out), (2, err)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, stream)
        os.close(opened)
    sys.argv = ["vitral", *args]
    main()


class Shell:
    """Runs `vitral` with an installation below `folder`.

    Args:
        folder: Current folder of the commands.
        environ: Settings, as VITRAL_* variables.
    """

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VITRAL_")}
        self.environ = {**kept, **environ}

    def __call__(self, *args: str, code: int = 0, **environ: str) -> CompletedProcess[str]:
        """Run a command and check its exit code."""
        with TemporaryDirectory() as kept:
            out, err = Path(kept, "out"), Path(kept, "err")
            process = _FORKS.Process(
                target=_run, args=(self.folder, {**self.environ, **environ}, args, out, err)
            )
            process.start()
            process.join()
            assert process.exitcode is not None
            done = CompletedProcess(args, process.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))
        assert done.returncode == code, f"{args}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *args: str) -> Any:
        """Run a command with --json and return what it printed."""
        return json.loads(self(*args, "--json").stdout)

    def problem(self, *args: str) -> dict[str, Any]:
        """Run a command with --json that is refused, and return the error."""
        done = self(*args, "--json", code=1)
        problem: dict[str, Any] = json.loads(done.stderr.strip().splitlines()[-1])
        return problem
