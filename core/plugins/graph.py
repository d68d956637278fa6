"""Which plugin needs which: order of loading, and what goes together when one is switched."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from core.errors import StartError
from core.hooks import did_you_mean
from core.plugins.manifest import Plugin

__all__ = ["closure", "dependents", "load_order"]


def load_order(plugins: Mapping[str, Plugin], missing_is_known: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the plugins' names, each after those it requires, else by name.

    Args:
        plugins: Manifests by name.
        missing_is_known: Names that are installed but failed: requiring them is no mistake.

    Raises:
        StartError: A plugin requires one that is not installed, or of a lower level, or they go in a circle.
    """
    excused = frozenset(missing_is_known)
    for name, plugin in plugins.items():
        for required in plugin.requires:
            if required not in plugins:
                if required in excused:
                    continue
                raise StartError(
                    f"The plugin “{name}” requires “{required}”, which is not installed.",
                    hint=did_you_mean(required, plugins) or f"Install it, or uninstall “{name}”.",
                )
            if plugin.level == "installation" and plugins[required].level == "site":
                raise StartError(
                    f"The plugin “{name}” is for all sites, but requires “{required}”, which sites choose.",
                    hint="Give both the same level.",
                )
    sorter = TopologicalSorter(
        {name: sorted(set(plugin.requires) & set(plugins)) for name, plugin in sorted(plugins.items())}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " → ".join(f"“{name}”" for name in reversed(error.args[1]))
        raise StartError(
            f"Plugins require each other in a circle: {circle}.", hint="One of them must let go."
        ) from error
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += ready
        sorter.done(*ready)
    return tuple(order)


def closure(plugins: Mapping[str, Plugin], names: Iterable[str]) -> frozenset[str]:
    """Return `names` and everything they require, directly or not."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += plugins[name].requires
    return frozenset(found)


def dependents(plugins: Mapping[str, Plugin], name: str) -> frozenset[str]:
    """Return everything that requires `name`, directly or not, without itself."""
    return frozenset(other for other in plugins if other != name and name in closure(plugins, (other,)))
