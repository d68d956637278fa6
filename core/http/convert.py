"""From decoded values to Structs, with every error found at once.

msgspec stops at its first error, which is right for speed and wrong for people. So the whole value
is converted first, and only when that fails is it walked field by field to say all that is wrong.
"""

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, UnsetType, ValidationError, structs

from core.errors import BadRequest, Invalid
from core.http.messages import required, say, unknown_field

__all__ = ["UnknownFields", "convert", "is_struct", "parts_of", "unwrap"]

T = TypeVar("T")

_MOST_ERRORS = 100
"""More than anybody reads; without a bound, a long list of wrong entries would buy a long computation."""

_NOTHING = (types.NoneType, UnsetType)
_LISTS = (list, tuple, set, frozenset, Sequence, AbstractSet)


class UnknownFields(BadRequest):
    """A body names fields that the route doesn't have. `errors` maps each to a sentence."""

    slug = "unknown-fields"

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


def unwrap(annotation: Any) -> tuple[Any, tuple[Meta, ...]]:
    """Split `Annotated[T, Meta(...), ...]` into T and its Metas; other types have none."""
    if get_origin(annotation) is Annotated:
        inner, *metas = get_args(annotation)
        return inner, tuple(meta for meta in metas if isinstance(meta, Meta))
    return annotation, ()


def parts_of(annotation: Any) -> tuple[Any, ...]:
    """Return what a value of `annotation` may be, without None and UNSET: one type, or a union's."""
    bare, _metas = unwrap(annotation)
    if get_origin(bare) in (Union, types.UnionType):
        return tuple(part for part in get_args(bare) if unwrap(part)[0] not in _NOTHING)
    return (annotation,)


def is_struct(annotation: Any) -> bool:
    """Tell whether `annotation` is a Struct class."""
    return isinstance(annotation, type) and issubclass(annotation, Struct)


def convert(value: object, model: type[T], *, strict: bool = True) -> T:
    """Return `value` as a `model`, or raise with everything that is wrong.

    Args:
        value: Decoded JSON, or the nested mapping that a form stands for.
        model: A Struct class, or any other type that msgspec converts to.
        strict: False lets strings stand for numbers, as in forms.

    Raises:
        UnknownFields: There are fields that `model` doesn't have.
        Invalid: Values are missing or don't fit. Keys are dotted paths such as "tags.0".
    """
    try:
        result = msgspec.convert(value, model, strict=strict)
    except ValidationError as error:
        unknown: dict[str, str] = {}
        errors = dict(islice(_problems(value, model, "", strict, unknown), _MOST_ERRORS))
        if unknown:
            raise UnknownFields(unknown) from None
        raise Invalid(errors or {"": say(model, value)}) from error
    if _plan(cast("Any", model)) is None:
        return result
    if errors := dict(islice(_complaints(result, model, ""), _MOST_ERRORS)):
        raise Invalid(errors)
    return result


def _join(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _fits(value: object, annotation: Any, strict: bool) -> bool:
    try:
        msgspec.convert(value, annotation, strict=strict)
    except ValidationError:
        return False
    return True


def _problems(
    value: object, annotation: Any, path: str, strict: bool, unknown: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield (path, sentence) for each part of `value` that doesn't fit; fill `unknown` on the way."""
    if _fits(value, annotation, strict):
        return
    choices = parts_of(annotation)
    inner, _metas = unwrap(choices[0])
    if len(choices) > 1:
        tagged = _tagged(value, choices)
        if tagged is None:
            yield path, say(annotation, value)
            return
        inner = tagged
    if is_struct(inner) and isinstance(value, Mapping):
        yield from _struct_problems(value, inner, path, strict, unknown)
        return
    origin, args = get_origin(inner), get_args(inner)
    found = False
    if origin in _LISTS and args and isinstance(value, list | tuple | set | frozenset):
        for index, item in enumerate(value):
            for problem in _problems(item, args[0], _join(path, index), strict, unknown):
                found = True
                yield problem
    elif origin in (dict, Mapping) and len(args) == 2 and isinstance(value, Mapping):
        for name, item in value.items():
            if not _fits(name, args[0], strict):
                found = True
                yield _join(path, name), say(args[0], name)
            for problem in _problems(item, args[1], _join(path, name), strict, unknown):
                found = True
                yield problem
    # a list may be wrong as a whole (its length) though each entry fits
    if not found and not unknown:
        yield path, say(annotation, value)


def _tagged(value: object, choices: Sequence[Any]) -> Any:
    """Return the Struct of a union that the tag in `value` names, else None."""
    if not isinstance(value, Mapping):
        return None
    for choice in choices:
        inner, _metas = unwrap(choice)
        if is_struct(inner):
            config = inner.__struct_config__
            if config.tag is not None and value.get(config.tag_field) == config.tag:
                return inner
    return None


def _struct_problems(
    value: Mapping[Any, Any], model: type[Struct], path: str, strict: bool, unknown: dict[str, str]
) -> Iterator[tuple[str, str]]:
    fields = structs.fields(model)
    config = model.__struct_config__
    known = {field.encode_name for field in fields}
    if config.tag_field is not None:
        known.add(config.tag_field)
    found = False
    for field in fields:
        where = _join(path, field.encode_name)
        if field.encode_name in value:
            for problem in _problems(value[field.encode_name], field.type, where, strict, unknown):
                found = True
                yield problem
        elif field.required:
            found = True
            yield where, required()
    if config.forbid_unknown_fields:
        for name in value:
            if name not in known and len(unknown) < _MOST_ERRORS:
                near = get_close_matches(str(name), known, n=1)
                unknown[_join(path, name)] = unknown_field(str(name), near[0] if near else "")
                found = True
    if not found:
        # each field fits, so it was the Struct's own __post_init__ that refused
        try:
            msgspec.convert(value, model, strict=strict)
        except ValidationError as error:
            yield path, str(error).split(" - at `$", 1)[0]


Check = Callable[[str], str | None]
Plan = tuple[tuple[Check, ...], tuple[Any, ...]]
"""What to ask of a string here, and the Structs, lists and mappings that may be here instead."""


@lru_cache(maxsize=2048)
def _plan(annotation: Any) -> Plan | None:
    """Return how to look for complaints in a value of `annotation`; None where no field has a check."""
    return _make_plan(annotation, frozenset())


def _make_plan(annotation: Any, seen: frozenset[Any]) -> Plan | None:
    checks: list[Check] = []
    inside: list[Any] = []
    outer = unwrap(annotation)[1]
    for choice in parts_of(annotation):
        inner, metas = unwrap(choice)
        checks += [
            meta.extra["check"]
            for meta in (metas if choice is annotation else (*metas, *outer))
            if meta.extra and "check" in meta.extra
        ]
        args = [part for part in get_args(inner) if part is not Ellipsis]
        if is_struct(inner):
            if inner in seen or any(
                _make_plan(field.type, seen | {inner}) for field in structs.fields(inner)
            ):
                inside.append(inner)
        elif any(_make_plan(part, seen) for part in args):
            inside.append((dict, *args) if get_origin(inner) in (dict, Mapping) else (list, args[0]))
    return (tuple(checks), tuple(inside)) if checks or inside else None


@lru_cache(maxsize=2048)
def _checked_fields(model: type[Struct]) -> tuple[tuple[str, str, Any], ...]:
    return tuple(
        (field.name, field.encode_name, field.type)
        for field in structs.fields(model)
        if _plan(field.type) is not None
    )


def _complaints(value: object, annotation: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield (path, sentence) for values that fit their type but not their field's own check."""
    plan = _plan(annotation)
    if plan is None or value is None:
        return
    checks, inside = plan
    if isinstance(value, str):
        for check in checks:
            if complaint := check(value):
                yield path, complaint
        return
    for part in inside:
        if isinstance(part, type):
            if isinstance(value, part):
                for name, shown, kind in _checked_fields(part):
                    yield from _complaints(getattr(value, name), kind, _join(path, shown))
        elif part[0] is list and isinstance(value, list | tuple | set | frozenset):
            for index, item in enumerate(value):
                yield from _complaints(item, part[1], _join(path, index))
        elif part[0] is dict and isinstance(value, Mapping):
            for name, item in value.items():
                yield from _complaints(name, part[1], _join(path, name))
                yield from _complaints(item, part[2], _join(path, name))
