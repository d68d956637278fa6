"""The command line, and what commands of plugins are made of. Exit codes: 0 done, 1 refused or failed, 2 wrong usage."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from core.cli.main import main

if TYPE_CHECKING:
    from core.cli.output import emit, json_option, table
    from core.cli.run import installation as in_installation
    from core.cli.run import run as run_work
    from core.cli.run import site as in_site
    from core.cli.run import site_option

__all__ = ["emit", "in_installation", "in_site", "json_option", "main", "run_work", "site_option", "table"]

_HOMES = {
    "emit": ("output", "emit"),
    "json_option": ("output", "json_option"),
    "table": ("output", "table"),
    "in_installation": ("run", "installation"),
    "in_site": ("run", "site"),
    "run_work": ("run", "run"),
    "site_option": ("run", "site_option"),
}
"""Module and name there; a name that a module of this package has would hide behind the module."""


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `vitral --help` needs none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, there = _HOMES[name]
    return getattr(import_module(f"{__name__}.{module}"), there)
