"""Published hooks: what a specification must look like before anybody may implement it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from core.contract.markers import PROJECT
from core.errors import StartError

__all__ = ["CORE", "Hook", "Verb", "read_specs", "verb_of"]

CORE: Final = "core"
"""The owner of what is ours."""

Verb = Literal["action", "filter", "collection"]
_PREFIXES: Final[Mapping[str, Verb]] = {"on_": "action", "filter_": "filter", "register_": "collection"}
_ITERABLES: Final = (Iterable, Sequence, list, tuple, set, frozenset, AbstractSet)


@dataclass(frozen=True, slots=True, eq=False)
class Hook:
    """A published hook. The specification function is its identity and the key of every call."""

    name: str
    verb: Verb
    owner: str
    """"core", or the plugin that publishes it."""
    module: str
    function: Callable[..., Any] = field(repr=False)
    parameters: tuple[str, ...]
    item: Any = None
    """What a collection's items are, as annotated."""

    @property
    def refusable(self) -> bool:
        """Whether this runs inside the unit of work, where an exception undoes everything (`-ing`)."""
        return self.verb == "action" and self.name.endswith("ing")


def verb_of(name: str) -> Verb | None:
    """Return the verb that a hook's name tells, None if it tells none."""
    for prefix, verb in _PREFIXES.items():
        if name.startswith(prefix) and len(name) > len(prefix):
            return verb
    return None


def read_specs(module: ModuleType, owner: str) -> Iterator[Hook]:
    """Yield the hooks that `module` publishes, each one checked.

    Args:
        module: A module of `@hookspec` functions.
        owner: "core", or the plugin that publishes them.

    Raises:
        StartError: A specification is not what the contract asks for, or there is none.
    """
    where = module.__name__
    found = False
    for name, function in vars(module).items():
        if not inspect.isfunction(function) or function.__module__ != where:
            continue
        if not hasattr(function, f"{PROJECT}_spec"):
            if verb_of(name) is not None:
                raise _wrong(name, where, "is not marked.", "Put @hookspec on it, or rename it.")
            continue
        found = True
        yield _read(name, function, where, owner)
    if not found:
        raise StartError(f"{where} publishes no hooks.", hint="Mark its functions with @hookspec.")


def _wrong(name: str, where: str, what: str, hint: str) -> StartError:
    return StartError(f"The hook {name} in {where} {what}", hint=hint)


def _read(name: str, function: Callable[..., Any], where: str, owner: str) -> Hook:
    verb = verb_of(name)
    if verb is None:
        raise _wrong(name, where, "has no verb.", "Begin its name with on_, filter_ or register_.")
    if owner != CORE and f"_{owner}_" not in f"_{name.partition('_')[2]}_":
        raise _wrong(
            name,
            where,
            f"does not carry the name of the plugin “{owner}”.",
            f"Call it {name.partition('_')[0]}_{owner}_{name.partition('_')[2]}, for example.",
        )
    if inspect.iscoroutinefunction(function):
        raise _wrong(name, where, "is async.", "Write `def`: implementations choose for themselves.")
    if not (function.__doc__ or "").strip():
        raise _wrong(
            name, where, "has no docstring.", "Say when it fires, what each argument is, what to return."
        )
    options: Mapping[str, Any] = getattr(function, f"{PROJECT}_spec")
    if options.get("firstresult") or options.get("historic"):
        raise _wrong(name, where, "asks for firstresult or historic.", "Only the three verbs exist.")
    parameters = _parameters(name, function, where)
    hints = _hints(name, function, where)
    item = None
    if verb == "action":
        if hints["return"] is not type(None):
            raise _wrong(
                name, where, "returns something.", "An action returns None; a filter_ returns a value."
            )
    elif verb == "filter":
        if not parameters:
            raise _wrong(name, where, "has no argument.", "A filter gets the value first.")
        if hints["return"] != hints[parameters[0]]:
            raise _wrong(
                name,
                where,
                f"returns another type than its first argument “{parameters[0]}” has.",
                "A filter returns what it was given, changed or not.",
            )
    else:
        if parameters:
            raise _wrong(name, where, "has arguments.", "A collection is gathered once at start, with none.")
        item = _item(name, where, hints["return"])
    return Hook(
        name=name, verb=verb, owner=owner, module=where, function=function, parameters=parameters, item=item
    )


def _parameters(name: str, function: Callable[..., Any], where: str) -> tuple[str, ...]:
    parameters = inspect.signature(function).parameters.values()
    for parameter in parameters:
        if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD or parameter.name.startswith("_"):
            raise _wrong(name, where, f"has the argument {parameter}.", "Use plain positional arguments.")
        if parameter.default is not parameter.empty:
            raise _wrong(
                name,
                where,
                f"has a default for “{parameter.name}”.",
                "The caller always passes every argument.",
            )
        if parameter.annotation is parameter.empty:
            raise _wrong(name, where, f"does not say what “{parameter.name}” is.", "Annotate every argument.")
    return tuple(parameter.name for parameter in parameters)


def _hints(name: str, function: Callable[..., Any], where: str) -> dict[str, Any]:
    try:
        hints = get_type_hints(function, include_extras=True)
    except NameError as error:
        raise _wrong(
            name, where, f"has an annotation that can't be read: {error}.", "Import its types at run time."
        ) from error
    if "return" not in hints:
        raise _wrong(name, where, "does not say what it returns.", "Annotate it; actions return None.")
    return hints


def _item(name: str, where: str, returned: Any) -> Any:
    """Return the type of a collection's items from `Iterable[T]`, `list[T]`, `tuple[T, ...]`."""
    args = [arg for arg in get_args(returned) if arg is not Ellipsis]
    if get_origin(returned) not in _ITERABLES or len(args) != 1:
        raise _wrong(name, where, "returns no list of things.", "Annotate it as Iterable[Something].")
    return args[0]
