"""`vitral config`: settings and where each came from."""

import re

import click

from core.cli.output import emit, json_option, table
from core.settings import load_settings

__all__ = ["config_command"]

_SECRET = ("url",)
_IN_QUERY = re.compile(r"(?<=[?&])(password=)[^&#]*", re.I)


def _shown(name: str, value: object) -> str:
    text = str(value)
    if name.endswith(_SECRET):
        text = _IN_QUERY.sub(r"\1***", text)
    if name.endswith(_SECRET) and "@" in text:  # a password may stand between : and @
        scheme, _, rest = text.partition("://")
        user, _, host = rest.rpartition("@")
        return f"{scheme}://{user.split(':')[0]}:***@{host}"
    return text


@click.group("config")
def config_command() -> None:
    """Show settings and where each came from."""


@config_command.command("show")
@json_option
def show(as_json: bool) -> None:
    """Show every setting, its value and its origin. Passwords are masked."""
    loaded = load_settings()
    rows = [
        {"name": name, "value": _shown(name, getattr(loaded.settings, name)), "origin": loaded.origin[name]}
        for name in loaded.settings.__struct_fields__
    ]
    emit(rows, as_json, lambda: table(("setting", "value", "origin"), [tuple(row.values()) for row in rows]))
