"""The manifest: the one object that makes a package a plugin. Importing it must stay cheap.

Every command reads all manifests, `vitral --help` too, so this module imports nothing heavy and a
`plugin.py` should not either: commands and hook modules are named, not imported.
"""

import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final, Literal

import msgspec

from core.errors import StartError
from core.structs import wrong_field

__all__ = ["CORE_COMMANDS", "Command", "Plugin", "PluginLevel", "check_manifest"]

PluginLevel = Literal["site", "installation"]


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A command that a plugin brings. It exists wherever the plugin is installed."""

    name: str
    """`vitral <name>`; carries the plugin's name."""
    target: str
    """The click command as "module:attribute", imported when it is called."""
    help: str
    """One line for `vitral --help`."""
    offline: bool = False
    """It opens no database; asking for one is refused."""


class Plugin(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin says about itself. Tables, routes, hooks and capabilities are read off its code."""

    name: str
    """`[a-z][a-z0-9_]*`. Everything that the plugin brings carries it."""
    version: str
    title: str
    """An English message id."""
    description: str = ""
    """An English message id: what it does for a site, in a sentence or two."""
    requires: tuple[str, ...] = ()
    """Plugins that must be enabled with it."""
    hosts: tuple[str, ...] = ()
    """Hosts that it talks to: "api.example.org", "*.example.org", with ":port" unless it is 443."""
    commands: tuple[Command, ...] = ()
    level: PluginLevel = "site"
    """`site`: each site's admin decides. `installation`: an operator turns it on for all."""
    package: str = ""
    """The package its parts are in; the one that holds `plugin.py` unless given."""
    hookspecs: tuple[str | ModuleType, ...] = ()
    """Modules of hooks that it publishes, as dotted names."""
    parts: Mapping[str, Any] = {}
    """Parts as objects, by name ("hooks", "tables", ...), instead of modules. For tests."""


_NAME: Final = re.compile(r"[a-z](?:[a-z0-9]|_(?=[a-z0-9])){0,59}")
_VERSION: Final = re.compile(r"\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?(\+[a-z0-9.]+)?")
_HOST: Final = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")
_TARGET: Final = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
CORE_COMMANDS: Final = frozenset(
    {
        "config",
        "db",
        "demo",
        "doctor",
        "hooks",
        "import",
        "migrate",
        "plugin",
        "serve",
        "site",
        "theme",
        "user",
        "worker",
    }
)
"""Commands of the frame, which a plugin can't have a command named like."""
_RESERVED: Final = frozenset(
    [
        "admin",
        "api",
        "assets",
        "core",
        "hookspecs",
        "plugins",
        "site",
        "sites",
        "static",
        "themes",
        "vitral",
        "author",
        "category",
        "date",
        "feed",
        "media",
        "page",
        "tag",
    ]
)
"""Names of the frame's own, and first segments that it answers itself: a plugin's routes begin with its name."""


def check_manifest(plugin: Plugin) -> None:
    """Refuse a manifest that says something impossible.

    Raises:
        StartError: Names the plugin, the field and what belongs there.
    """
    lists = [plugin.requires, plugin.hosts]  # a text there has a sentence of its own below
    field = "" if any(isinstance(given, str) for given in lists) else _wrong_field(plugin)
    if field:
        raise StartError(f"The plugin “{plugin.name}” has a wrong {field}.", hint="See core.plugins.Plugin.")
    for wrong, what, hint in _complaints(plugin):
        if wrong:
            raise StartError(f"The plugin “{plugin.name}” {what}", hint=hint)


def _wrong_field(plugin: Plugin) -> str:
    return wrong_field(plugin) or next(filter(None, map(wrong_field, plugin.commands)), "")


def _complaints(plugin: Plugin) -> list[tuple[bool, str, str]]:
    name = plugin.name
    lists: tuple[object, ...] = (plugin.requires, plugin.hosts)  # a missing comma makes a text of them
    return [
        (
            not _NAME.fullmatch(name),
            "has no usable name.",
            "Use a to z, digits and single underscores, 60 at most.",
        ),
        (name in _RESERVED, "has a name that is taken by the frame itself.", "Rename it."),
        (
            not _VERSION.fullmatch(plugin.version),
            f"has the version {plugin.version!r}.",
            "Write it like 1.2.0.",
        ),
        (not 0 < len(plugin.title) <= 200, "has no title, or a very long one.", "Use 1 to 200 characters."),
        (name in plugin.requires, "requires itself.", "Take its name out of requires."),
        (
            any(isinstance(given, str) for given in lists),
            "gives a text where a list is due.",
            'Write requires=("name",) and hosts=("host",), with the comma.',
        ),
        *(
            (
                not _HOST.fullmatch(host),
                f"names the host {host!r}.",
                "Write it like api.example.org or *.example.org.",
            )
            for host in plugin.hosts
        ),
        *_complaints_of_commands(plugin),
    ]


def _complaints_of_commands(plugin: Plugin) -> list[tuple[bool, str, str]]:
    name = plugin.name
    commands = [command.name for command in plugin.commands]
    return [
        *(
            (
                not (command == name or command.startswith((f"{name}-", f"{name}_"))),
                f"brings the command {command!r}.",
                f"Its commands are {name!r} or begin with {name + '-'!r}; a group holds many.",
            )
            for command in commands
        ),
        *(
            (
                command in CORE_COMMANDS,
                f"brings the command {command!r}, which is one of the frame's.",
                f"Call it {name + '-'!r} and more.",
            )
            for command in commands
        ),
        *(
            (
                not _TARGET.fullmatch(command.target),
                f"gives its command {command.name!r} the target {command.target!r}.",
                "Write it like package.module:function.",
            )
            for command in plugin.commands
        ),
        (len(set(commands)) < len(commands), "brings two commands of one name.", "Rename one of them."),
    ]
