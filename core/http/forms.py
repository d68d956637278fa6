"""HTML forms to Structs and back: every error at once, and nothing of what was typed is lost."""

import enum
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, Generic, Literal, TypeVar, get_args, get_origin
from uuid import UUID

import msgspec
from litestar.connection import ASGIConnection
from msgspec import Struct, UnsetType, structs

from core.clock import local_time
from core.errors import Invalid
from core.http.convert import UnknownFields, convert, is_struct, parts_of, unwrap
from core.http.decode import form_of
from core.http.form_body import Form
from core.http.messages import unknown_field
from core.i18n import gettext as _

__all__ = ["FormState", "fill_form", "read_form", "read_request_form"]

T = TypeVar("T", bound=Struct)

_LISTS = (list, tuple, set, frozenset, Sequence, AbstractSet)
_TRUE = frozenset({"on", "1", "true", "yes"})
_FALSE = frozenset({"", "off", "0", "false", "no"})
_INDEX = re.compile(r"0|[1-9][0-9]{0,3}")
_DEEPEST = 10
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_WHOLE = re.compile(r"[+-]?[0-9]{1,400}")
_DECIMAL_COMMA = re.compile(r"\s*-?\d+,\d+\s*")


@dataclass(frozen=True, slots=True)
class FormState(Generic[T]):
    """What a form shows: what was typed, what is wrong with it, and the Struct if nothing is.

    `values` and `errors` are keyed by input names ("title", "tags", "ext.acf.level", "rows.0.name");
    a value is a string, or a list of strings where the field takes several.
    """

    values: dict[str, str | list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    data: T | None = None

    @property
    def ok(self) -> bool:
        """Whether there is a Struct."""
        return self.data is not None

    def value(self, name: str, default: str = "") -> str:
        """Return what to put into the input `name`."""
        found = self.values.get(name, default)
        return found if isinstance(found, str) else (found[-1] if found else default)

    def chosen(self, name: str) -> list[str]:
        """Return what is selected or checked in the field `name`."""
        found = self.values.get(name, [])
        return [found] if isinstance(found, str) else found

    def error(self, name: str) -> str:
        """Return what is wrong with `name` or, for lists, with one of its entries; "" if nothing is."""
        if name in self.errors:
            return self.errors[name]
        return next((text for key, text in self.errors.items() if key.startswith(f"{name}.")), "")

    def require(self) -> T:
        """Return the Struct.

        Raises:
            Invalid: There are errors.
        """
        if self.data is None:
            raise Invalid(self.errors)
        return self.data

    def failed(self, errors: Mapping[str, str]) -> "FormState[T]":
        """Return the same form with errors that an operation found."""
        return FormState(self.values, {**self.errors, **errors}, None)


def read_request_form(
    connection: ASGIConnection[Any, Any, Any, Any],
    model: type[T],
    *,
    zone: tzinfo = UTC,
    also: Sequence[str] = (),
) -> FormState[T]:
    """Read the form of a request, as `read_form` does."""
    return read_form(form_of(connection), model, zone=zone, also=also)


def read_form(form: Form, model: type[T], *, zone: tzinfo = UTC, also: Sequence[str] = ()) -> FormState[T]:
    """Read a form as a `model`.

    Inputs are named as the Struct's fields are encoded. A nested Struct's fields follow a dot
    (`ext.acf.level`), rows a number (`rows.0.name`); several values are sent as `tags` repeated or
    as `tags[]`. A checkbox that is not sent means False, an empty optional field None, an empty field
    with a default its default. Names that begin with an underscore (`_csrf`, `_action`) are not data.

    Args:
        form: The decoded form.
        model: The Struct; unknown fields are refused if it forbids them.
        zone: Time zone of the person's `datetime-local` inputs; the Struct gets UTC.
        also: Names of inputs that belong to other Structs or to nobody, such as buttons.

    Raises:
        UnknownFields: The form holds names that the model doesn't have. A person can't correct that.
    """
    reader = _Reader(form, zone)
    shaped = reader.struct(model, "")
    if model.__struct_config__.forbid_unknown_fields:
        _refuse_unknown(form, reader.taken, set(also))
    values = _typed(form, reader.several)
    errors: dict[str, str] = {}
    data: T | None = None
    try:
        data = convert(shaped, model, strict=False)
    except Invalid as invalid:
        errors = invalid.errors
    errors.update(reader.errors)
    return FormState(values, errors, None if errors else data)


def _refuse_unknown(form: Form, taken: set[str], also: set[str]) -> None:
    unknown = {}
    for name in form:
        bare = name.removesuffix("[]")
        if bare not in taken and bare not in also and not name.startswith("_"):
            unknown[bare] = unknown_field(bare)
    for name, _upload in form.files:
        if name not in also and name not in taken and not name.startswith("_"):
            unknown[name] = unknown_field(name)
    if unknown:
        raise UnknownFields(unknown)


def _typed(form: Form, several: set[str]) -> dict[str, str | list[str]]:
    values: dict[str, str | list[str]] = {}
    for name in form:
        bare = name.removesuffix("[]")
        values[bare] = form.all(bare) if bare in several or bare != name else form.get(name)
    return values


class _Reader:
    """Brings the flat names of a form into the shape of a Struct, texts still mostly texts."""

    def __init__(self, form: Form, zone: tzinfo) -> None:
        self.form = form
        self.zone = zone
        self.taken: set[str] = set()
        self.several: set[str] = set()
        self.errors: dict[str, str] = {}
        self.children = _children(name.removesuffix("[]") for name in form)

    def struct(self, model: type[Struct], prefix: str) -> dict[str, Any]:
        shaped: dict[str, Any] = {}
        for declared in structs.fields(model):
            name = f"{prefix}{declared.encode_name}"
            found = self.field(declared.type, name)
            if found is not msgspec.UNSET:
                shaped[declared.encode_name] = found
        return shaped

    def field(self, annotation: Any, name: str) -> Any:
        """Return the value for one field, UNSET to leave it to its default."""
        choices = parts_of(annotation)
        inner, _metas = unwrap(choices[0])
        optional = _may_be_none(annotation)
        origin, args = get_origin(inner), get_args(inner)
        if is_struct(inner):
            if optional and name not in self.children:
                return msgspec.UNSET
            return self.struct(inner, f"{name}.")
        if origin in (dict, Mapping) and len(args) == 2:
            return self._mapping(args[1], name)
        if inner in _LISTS or origin in _LISTS:
            return self._list(args[0] if args else str, name)
        self.taken.add(name)
        if inner is bool and not optional:
            return self._scalar(annotation, self.form.get(name), name)
        if name not in self.form:
            return msgspec.UNSET
        text = self.form.get(name)
        if text.strip() == "" and not (inner is str and not optional):
            if optional:
                return None
            # an empty number or date is not a wrong one: it is missing, or its default
            return msgspec.UNSET
        return self._scalar(annotation, text, name)

    def _mapping(self, kind: Any, name: str) -> Any:
        if name not in self.children:
            return msgspec.UNSET
        found = {key: self.field(kind, f"{name}.{key}") for key in self.children[name]}
        return {key: value for key, value in found.items() if value is not msgspec.UNSET}

    def _list(self, kind: Any, name: str) -> Any:
        inner, _metas = unwrap(parts_of(kind)[0])
        if is_struct(inner):
            rows = [key for key in self.children.get(name, ()) if _INDEX.fullmatch(key)]
            return [self.struct(inner, f"{name}.{index}.") for index in sorted(rows, key=int)]
        self.taken.add(name)
        self.several.add(name)
        texts = [text for text in self.form.all(name) if text != ""]
        return [self._scalar(kind, text, f"{name}.{index}") for index, text in enumerate(texts)]

    def _scalar(self, annotation: Any, text: str, name: str) -> Any:
        kind, _metas = unwrap(parts_of(annotation)[0])
        text = text.replace("\r\n", "\n")
        if kind is str:
            return text.strip() if _one_line(annotation) else text
        text = text.strip()
        if kind is int and _WHOLE.fullmatch(text) and not _LOWEST <= int(text) <= _HIGHEST:
            self.errors[name] = _("Enter a smaller whole number.")
        if kind is bool:
            return True if text.lower() in _TRUE else False if text.lower() in _FALSE else text
        if kind is float:
            return self._number(text, name)
        if kind is datetime:
            return self._moment(text, name)
        if kind is time:
            return _clock(text)
        if get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, enum.Enum)):
            return _choice(kind, text)
        return text

    def _number(self, text: str, name: str) -> Any:
        """Return the text of a number, its decimal comma as a point; `nan` and `inf` are errors."""
        text = text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text
        try:
            finite = math.isfinite(float(text))
        except ValueError:
            return text
        if not finite:
            self.errors[name] = _("Enter a number.")
        return text

    def _moment(self, text: str, name: str) -> Any:
        """Return the UTC time of a `datetime-local` input; an hour that a clock change skips is an error."""
        try:
            local = datetime.fromisoformat(text)
            if local.tzinfo is not None:
                return local.astimezone(UTC)
            moment = local.replace(tzinfo=self.zone).astimezone(UTC)
            if moment.astimezone(self.zone).replace(tzinfo=None) != local:
                self.errors[name] = _("This time doesn't exist on that day, because the clocks change.")
        except (ValueError, OverflowError):
            return text
        return moment


def _clock(text: str) -> Any:
    """Return the time of a `time` input, which comes without seconds."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        return text


def _children(names: Iterable[str]) -> dict[str, dict[str, None]]:
    """Return, for each dotted beginning of a name, what follows it, in the form's order."""
    found: dict[str, dict[str, None]] = {}
    for name in names:
        parts = name.split(".", _DEEPEST)
        for depth in range(1, len(parts)):
            found.setdefault(".".join(parts[:depth]), {})[parts[depth]] = None
    return found


def _may_be_none(annotation: Any) -> bool:
    bare, _metas = unwrap(annotation)
    return any(part is type(None) for part in get_args(bare))


def _one_line(annotation: Any) -> bool:
    """Tell whether a field is a `Line`, `Name` or `Slug`, where space around the text means nothing."""
    metas = [*unwrap(annotation)[1], *unwrap(parts_of(annotation)[0])[1]]
    return any((meta.extra or {}).get("text") in ("line", "name", "slug") for meta in metas)


def _choice(kind: Any, text: str) -> Any:
    """Return the value of an enum or Literal that reads as `text`, else `text` itself, to be refused."""
    values = get_args(kind) if get_origin(kind) is Literal else [member.value for member in kind]
    return next((value for value in values if str(value) == text), text)


def fill_form(data: T, *, zone: tzinfo = UTC) -> FormState[T]:
    """Return the form that shows an existing `data`, the inverse of `read_form`."""
    values: dict[str, str | list[str]] = {}
    for name, value in _flat(data, ""):
        if isinstance(value, list | tuple | set | frozenset):
            values[name] = [_shown(entry, zone) for entry in value]
        else:
            values[name] = _shown(value, zone)
    return FormState(values, {}, data)


def _flat(data: object, prefix: str) -> Iterator[tuple[str, Any]]:
    if isinstance(data, Struct):
        pairs: list[tuple[str, Any]] = [
            (declared.encode_name, value)
            for declared in structs.fields(data)
            # an absent group of inputs has no input of its own name
            if (value := getattr(data, declared.name)) is not None
            or not is_struct(unwrap(parts_of(declared.type)[0])[0])
        ]
    elif isinstance(data, Mapping):
        pairs = [(str(key), value) for key, value in data.items()]
    else:
        pairs = (
            [(str(index), value) for index, value in enumerate(data)]
            if isinstance(data, list | tuple)
            else []
        )
    for name, value in pairs:
        rows = isinstance(value, list | tuple) and any(isinstance(entry, Struct) for entry in value)
        if isinstance(value, Struct | Mapping) or rows:
            yield from _flat(value, f"{prefix}{name}.")
        elif not isinstance(value, UnsetType):
            yield f"{prefix}{name}", value


def _shown(value: Any, zone: tzinfo) -> str:
    """Return the text that an input of the value's type holds; "" for None and False."""
    match value:
        case None | False:
            return ""
        case True:
            return "on"
        case enum.Enum():
            return str(value.value)
        case datetime():
            local = local_time(value, zone) if value.tzinfo is not None else value
            return local.replace(tzinfo=None).isoformat(timespec="minutes")
        case date() | time():
            return value.isoformat()
        case UUID() | int() | float() | str():
            return str(value)
        case _:
            return str(value)
