"""`vitral user`: people of a site, and the first administrator's link."""

import click

__all__ = ["user_command"]


@click.group("user")
def user_command() -> None:
    """People of a site, and the first administrator's link."""
