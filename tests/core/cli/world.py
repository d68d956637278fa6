"""The command line as its users meet it: a process of its own, in a folder of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
VITRAL = Path(sys.executable).parent / "vitral"


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

    def __call__(self, *args: str, code: int = 0, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command and check its exit code."""
        done = subprocess.run(
            [str(VITRAL), *args],
            cwd=self.folder,
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
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
