"""Which plugins are installed: their manifests, found by entry point. Cheap: no plugin's code is read."""

import sys
import traceback
from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Final

import msgspec

from core.errors import StartError
from core.plugins.manifest import Plugin, check_manifest

__all__ = ["GROUP", "Discovery", "Found", "LoadFailure", "discover", "failure_of"]

GROUP: Final = "vitral.plugins"
_OURS: Final = "vitral"


class LoadFailure(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that is installed and could not be loaded."""

    name: str
    distribution: str
    error: str
    """Type and message of the exception, or what it required in vain."""
    traceback: str = ""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that is installed."""

    plugin: Plugin
    package: str
    distribution: str
    """The distribution that brought it, "" for one given as an object."""
    first_party: bool


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """What was found."""

    found: tuple[Found, ...]
    """By name."""
    failures: tuple[LoadFailure, ...]
    """Manifests that could not be imported."""
    left_out: tuple[str, ...]
    """Plugins of others that safe mode did not load."""


def failure_of(name: str, distribution: str, error: BaseException) -> LoadFailure:
    """Return what to report about an exception that a plugin's import raised."""
    return LoadFailure(
        name=name,
        distribution=distribution,
        error=f"{type(error).__name__}: {error}",
        traceback="".join(traceback.format_exception(error)),
    )


def discover(
    extra: Sequence[Plugin] = (), *, safe: bool = False, points: Iterable[EntryPoint] | None = None
) -> Discovery:
    """Find the installed plugins.

    Args:
        extra: Plugins given as objects, beside those found (tests, development).
        safe: Leave out what is not ours.
        points: Entry points to look at; those of the environment unless given.

    Raises:
        StartError: Two plugins have one name or one command, or a manifest says something impossible.
    """
    found: dict[str, Found] = {}
    failures: list[LoadFailure] = []
    left_out: list[str] = []
    for point in sorted(
        entry_points(group=GROUP) if points is None else points, key=lambda point: point.name
    ):
        distribution = point.dist.name if point.dist is not None else ""
        if safe and distribution != _OURS:
            left_out.append(point.name)
            continue
        try:
            plugin = point.load()
        except (Exception, SystemExit) as error:  # whatever a module of others does must not stop the sites
            failures.append(failure_of(point.name, distribution, error))
            continue
        if not isinstance(plugin, Plugin) or plugin.name != point.name:
            raise StartError(
                f"The entry point {point.name!r} of {distribution or 'nobody'} is no plugin of that name.",
                hint=f"{point.value} must be Plugin(name={point.name!r}, ...).",
            )
        package = plugin.package or point.module.rpartition(".")[0]
        _add(
            found,
            Found(
                plugin=plugin, package=package, distribution=distribution, first_party=distribution == _OURS
            ),
        )
    for plugin in extra:
        first_party = plugin.package.startswith("plugins.")
        if safe and not first_party:
            left_out.append(plugin.name)
            continue
        _add(found, Found(plugin=plugin, package=plugin.package, distribution="", first_party=first_party))
    return Discovery(
        found=tuple(found[name] for name in sorted(found)), failures=tuple(failures), left_out=tuple(left_out)
    )


def _add(found: dict[str, Found], fresh: Found) -> None:
    check_manifest(fresh.plugin)
    name = fresh.plugin.name
    if name in found:
        origins = [entry.distribution or entry.package or "an object" for entry in (found[name], fresh)]
        raise StartError(
            f"Two plugins are named “{name}”: one of {origins[0]} and one of {origins[1]}.",
            hint=f"Uninstall one of them from {sys.prefix}.",
        )
    for command in fresh.plugin.commands:
        for other in found.values():
            if command.name in [c.name for c in other.plugin.commands]:
                raise StartError(
                    f"Two plugins bring the command {command.name!r}: “{other.plugin.name}” and “{name}”.",
                    hint="Uninstall one of them.",
                )
    found[name] = fresh
