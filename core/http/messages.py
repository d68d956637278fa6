"""What is wrong with a value, in plain words: no type names, no library's phrases."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import inspect

from core.http.fields import check_text, explain_kind
from core.i18n import gettext as _
from core.i18n import ngettext

__all__ = ["required", "say", "unknown_field"]


def required() -> str:
    """Return the sentence for a field that is missing or empty."""
    return _("This field is required.")


def unknown_field(name: str, near: str = "") -> str:
    """Return the sentence for a field that doesn't exist; `near` is the one probably meant."""
    if near:
        return _("There is no field “{name}” here. Did you mean “{near}”?").format(name=name, near=near)
    return _("There is no field “{name}” here.").format(name=name)


def say(annotation: Any, value: object) -> str:
    """Return why `value` doesn't fit the type `annotation`, as one sentence.

    Args:
        annotation: A type that msgspec understands, with its constraints.
        value: What was sent instead.
    """
    info = inspect.type_info(annotation)
    extra: dict[str, Any] = {}
    while isinstance(info, inspect.Metadata):
        extra = extra | (info.extra or {})
        info = info.type
    if isinstance(info, inspect.UnionType):
        info = next((part for part in info.types if not isinstance(part, inspect.NoneType)), info)
        while isinstance(info, inspect.Metadata):
            extra = extra | (info.extra or {})
            info = info.type
    found = _SENTENCES.get(type(info))
    return found(info, value, extra) if found is not None else _("This value doesn't fit here.")


def _string(info: Any, value: object, extra: dict[str, Any]) -> str:
    if not isinstance(value, str):
        return _("This must be text.")
    have = len(value)
    if info.max_length is not None and have > info.max_length:
        return _("Use at most {limit} characters; there are {have}.").format(limit=info.max_length, have=have)
    if info.min_length is not None and have < info.min_length:
        if have == 0:
            return required()
        return ngettext(
            "Use at least {limit} character.", "Use at least {limit} characters.", info.min_length
        ).format(limit=info.min_length)
    kind = extra.get("text")
    if kind is not None:
        return check_text(value, kind) or explain_kind(kind)
    return str(extra.get("error") or _("This doesn't have the form that is expected here."))


def _range(info: Any, value: object) -> str:
    low, high = info.ge, info.le
    if low is None and info.gt is not None:
        low = info.gt
    if high is None and info.lt is not None:
        high = info.lt
    if low is not None and high is not None:
        return _("Enter a number from {low} to {high}.").format(low=low, high=high)
    if low is not None and isinstance(value, int | float) and value <= low:
        if info.gt is not None:
            return _("Enter a number greater than {low}.").format(low=low)
        return _("Enter {low} or more.").format(low=low)
    if high is not None and isinstance(value, int | float) and value >= high:
        if info.lt is not None:
            return _("Enter a number less than {high}.").format(high=high)
        return _("Enter {high} or less.").format(high=high)
    return ""


def _integer(info: Any, value: object, extra: dict[str, Any]) -> str:
    if isinstance(value, str):
        try:
            value = int(value)
        except ValueError:
            return _("Enter a whole number.")
    if isinstance(value, bool) or not isinstance(value, int):
        return _("Enter a whole number.")
    return _range(info, value) or _("Enter a smaller whole number.")


def _number(info: Any, value: object, extra: dict[str, Any]) -> str:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return _("Enter a number.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _("Enter a number.")
    return _range(info, value) or _("Enter a number.")


def _choice(values: Iterable[object]) -> str:
    shown = ", ".join(str(value) for value in values)
    return _("Choose one of: {choices}.").format(choices=shown)


def _enum(info: Any, value: object, extra: dict[str, Any]) -> str:
    return _choice(member.value for member in info.cls)


def _literal(info: Any, value: object, extra: dict[str, Any]) -> str:
    return _choice(info.values)


def _collection(info: Any, value: object, extra: dict[str, Any]) -> str:
    if not isinstance(value, list | tuple | set | frozenset):
        return _("This must be a list.")
    low, high = getattr(info, "min_length", None), getattr(info, "max_length", None)
    if high is not None and len(value) > high:
        return ngettext("Choose at most {limit} entry.", "Choose at most {limit} entries.", high).format(
            limit=high
        )
    if low is not None and len(value) < low:
        return ngettext("Choose at least {limit} entry.", "Choose at least {limit} entries.", low).format(
            limit=low
        )
    return _("This list doesn't have the form that is expected here.")


def _fixed(sentence: Callable[[], str]) -> Callable[[Any, object, dict[str, Any]], str]:
    return lambda info, value, extra: sentence()


_SENTENCES: dict[type, Callable[[Any, object, dict[str, Any]], str]] = {
    inspect.StrType: _string,
    inspect.IntType: _integer,
    inspect.FloatType: _number,
    inspect.DecimalType: _fixed(lambda: _("Enter a number.")),
    inspect.BoolType: _fixed(lambda: _("This must be yes or no.")),
    inspect.EnumType: _enum,
    inspect.LiteralType: _literal,
    inspect.DateTimeType: _fixed(lambda: _("Enter a date and time, for example 2026-03-31T14:30.")),
    inspect.DateType: _fixed(lambda: _("Enter a date, for example 2026-03-31.")),
    inspect.TimeType: _fixed(lambda: _("Enter a time, for example 14:30.")),
    inspect.TimeDeltaType: _fixed(lambda: _("Enter a length of time, for example PT30M.")),
    inspect.UUIDType: _fixed(lambda: _("This is not an identifier of anything here.")),
    inspect.BytesType: _fixed(lambda: _("This must be base64 text.")),
    inspect.ListType: _collection,
    inspect.SetType: _collection,
    inspect.FrozenSetType: _collection,
    inspect.VarTupleType: _collection,
    inspect.TupleType: _collection,
    inspect.StructType: _fixed(lambda: _("This must be an object with named fields.")),
    inspect.DictType: _fixed(lambda: _("This must be an object with named fields.")),
    inspect.NoneType: _fixed(lambda: _("This must be empty.")),
}
