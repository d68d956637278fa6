"""The command line. Exit codes: 0 done, 1 refused or failed, 2 wrong usage."""

from core.cli.main import main

__all__ = ["main"]
