"""What commands print: words for people, `--json` for programs, errors on stderr."""

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click
import msgspec

from core.errors import VitralError

__all__ = ["emit", "json_option", "report_error", "report_usage", "table"]

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """Give a command the option `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)


def emit(data: Any, as_json: bool, text: str | Callable[[], str]) -> None:
    """Print `data` as JSON, or `text` for people."""
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(data), ensure_ascii=False, indent=2))
    else:
        click.echo(text if isinstance(text, str) else text())


def table(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows as aligned columns; a note when there are none."""
    if not rows:
        return "(none)"
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(header), *(len(row[i]) for row in cells)) for i, header in enumerate(headers)]
    lines = [
        "  ".join(header.upper().ljust(width) for header, width in zip(headers, widths, strict=True)).rstrip()
    ]
    lines += [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def report_error(error: BaseException) -> int:
    """Print an error for a person, as JSON if `--json` was asked for; return the exit code."""
    if not isinstance(error, VitralError):
        import traceback

        traceback.print_exception(error)
        if "--json" in sys.argv:  # on a line of its own, the last
            message = f"{type(error).__name__}: {error}"
            click.echo(json.dumps({"error": "internal", "message": message, "hint": ""}), err=True)
        return 1
    if "--json" in sys.argv:
        detail = {"error": error.slug, "message": error.message, "hint": error.hint}
        if errors := getattr(error, "errors", None):
            detail["errors"] = errors
        click.echo(json.dumps(detail, ensure_ascii=False), err=True)
    else:
        click.echo(f"Error: {error.message}", err=True)
        if error.hint:
            click.echo(error.hint, err=True)
        if error.status >= 500 and error.__cause__ is not None:
            click.echo(f"Cause: {type(error.__cause__).__name__}: {error.__cause__}", err=True)
    return 1


def report_usage(error: click.ClickException) -> None:
    """Print as JSON what was wrong with the command line itself."""
    context = getattr(error, "ctx", None)
    hint = f"Try `{context.command_path} --help`." if context else ""
    detail = {"error": "usage", "message": error.format_message(), "hint": hint}
    click.echo(json.dumps(detail, ensure_ascii=False), err=True)
